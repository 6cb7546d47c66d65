use super::*;
use api::ssm::{
    DeleteParameter, DeleteParameterRequest, DeleteParameters, DeleteParametersRequest,
    GetParameterHistory, GetParameterHistoryRequest, GetParameters, GetParametersRequest,
};
use world::SecretItem;
use world::secret::{SecretContent, SecretVersion};

fn sealed(region: &mut Region, name: &str) -> String {
    let ask = GetParameterRequest { with_decryption: None, ..ask(name) };
    region.ok::<GetParameter>(ask).parameter.unwrap().value.unwrap().reveal().to_owned()
}

#[test]
fn a_parameter_is_shown_as_aws_shows_it() {
    let mut region = region();
    put(&mut region, new("/shop/url", "http"));
    let expected = Parameter {
        name: Some("/shop/url".to_owned()),
        r#type: Some("String".to_owned()),
        value: Some("http".into()),
        version: Some(1),
        last_modified_date: Some(region.now),
        arn: Some("arn:aws:ssm:eu-west-1:000000000000:parameter/shop/url".to_owned()),
        data_type: Some("text".to_owned()),
        ..Default::default()
    };
    assert_eq!(get(&mut region, "/shop/url"), expected);
    assert_eq!(get(&mut region, "arn:aws:ssm:eu-west-1:000000000000:parameter/shop/url"), expected);
}

#[test]
fn a_version_is_named_by_number_or_label() {
    let mut region = region();
    put(&mut region, new("v", "one"));
    put(&mut region, overwrite("v", "two"));
    let label = api::ssm::LabelParameterVersionRequest {
        name: "v".to_owned(),
        parameter_version: Some(1),
        labels: vec!["old".to_owned()],
    };
    region.ok::<api::ssm::LabelParameterVersion>(label);
    let arn = "arn:aws:ssm:eu-west-1:000000000000:parameter/v";
    for (name, expected) in [
        ("v", "two"),
        ("v:1", "one"),
        ("v:2", "two"),
        ("v:old", "one"),
        (arn, "two"),
        (&format!("{arn}:old"), "one"),
    ] {
        assert_eq!(value(&mut region, name), expected, "{name}");
    }
    let selected = get(&mut region, "/v:old");
    assert_eq!(
        (selected.name.as_deref(), selected.selector.as_deref()),
        (Some("/v"), Some(":old"))
    );
    let version = "ParameterVersionNotFound: Systems Manager could not find version 3 of v. \
        Verify the version and try again.";
    let syntax = "ValidationException: Invalid parameter name. Please use correct syntax for \
        referencing a version/label  <name>:<version/label>";
    for (name, expected) in [
        ("v:3", version),
        ("v:", syntax),
        ("v:1:2", syntax),
        ("w", "ParameterNotFound: Parameter w not found."),
        (
            "/aws/service/ecs/x",
            "ParameterNotFound: The local region has no public parameters (/aws/service/…).",
        ),
    ] {
        assert_eq!(region.fault::<GetParameter>(ask(name)), expected);
    }
    let fault = region.fault::<GetParameter>(ask("a/b/c"));
    assert!(fault.starts_with("ValidationException: Parameter name: can't be prefixed"), "{fault}");
}

#[test]
fn a_secure_string_is_sealed_unless_decryption_is_asked_for() {
    let mut region = region();
    put(&mut region, secure("/s", "hunter2"));
    let first = sealed(&mut region, "/s");
    assert_eq!(value(&mut region, "/s"), "hunter2");
    assert_eq!(sealed(&mut region, "/s"), first, "the same version looks the same");
    put(&mut region, overwrite("/s", "hunter2"));
    assert_ne!(sealed(&mut region, "/s"), first, "another version looks different");
    // The seal is made of name and version, so it says nothing of the value.
    let mut other = Region::of(crate::ssm::table());
    put(&mut other, secure("/s", "correct horse"));
    assert_eq!(sealed(&mut other, "/s"), first);
    assert!(first.starts_with("AQICAHh") && first.len() == 128 && !first.contains("hunter2"));
    put(&mut region, new("/plain", "open"));
    assert_eq!(sealed(&mut region, "/plain"), "open");
}

#[test]
fn many_are_answered_in_order_and_what_is_not_there_is_told() {
    let mut region = region();
    for name in ["/b", "/a", "c"] {
        put(&mut region, new(name, name));
    }
    let names = ["c", "/b", "/a", "/nothing", "/b:9", "/b", "/aws/reference/secretsmanager/x"];
    let ask = GetParametersRequest {
        names: names.map(str::to_owned).to_vec(),
        with_decryption: Some(true),
    };
    let answer = region.ok::<GetParameters>(ask);
    let found: Vec<_> = answer.parameters.unwrap().into_iter().flat_map(|p| p.name).collect();
    assert_eq!(found, ["/a", "/b", "c"]);
    assert_eq!(
        answer.invalid_parameters.unwrap(),
        ["/aws/reference/secretsmanager/x", "/b:9", "/nothing"]
    );
}

#[test]
fn the_history_has_every_version_and_comes_in_pages() {
    let mut region = region();
    put(&mut region, secure("/h", "1"));
    for number in 2..=5 {
        put(&mut region, overwrite("/h", &number.to_string()));
    }
    let ask = |max_results, next_token| GetParameterHistoryRequest {
        name: "/h".to_owned(),
        with_decryption: Some(true),
        max_results,
        next_token,
    };
    let first = region.ok::<GetParameterHistory>(ask(Some(3), None));
    let rest = region.ok::<GetParameterHistory>(ask(None, first.next_token));
    let versions: Vec<_> =
        [first.parameters, rest.parameters].into_iter().flatten().flatten().collect();
    let values: Vec<_> =
        versions.iter().map(|version| version.value.as_ref().unwrap().reveal()).collect();
    assert_eq!(values, ["1", "2", "3", "4", "5"]);
    let last = &versions[4];
    assert_eq!(
        (last.key_id.as_deref(), last.tier.as_deref()),
        (Some("alias/aws/ssm"), Some("Standard"))
    );
    assert_eq!((last.labels.as_deref(), last.policies.as_deref()), (Some(&[][..]), Some(&[][..])));
    let sealed = GetParameterHistoryRequest { with_decryption: None, ..ask(None, None) };
    let sealed = region.ok::<GetParameterHistory>(sealed).parameters.unwrap();
    assert!(sealed.iter().all(|version| version.value.as_ref().unwrap().len() == 128));
    let missing = GetParameterHistoryRequest { name: "/n".to_owned(), ..ask(None, None) };
    assert_eq!(
        region.fault::<GetParameterHistory>(missing),
        "ParameterNotFound: Parameter /n not found."
    );
    let token = ask(None, Some("x".to_owned()));
    assert_eq!(
        region.fault::<GetParameterHistory>(token),
        "InvalidNextToken: The specified token isn't valid."
    );
}

#[test]
fn what_is_deleted_is_gone() {
    let mut region = region();
    for name in ["/a", "b", "/c"] {
        put(&mut region, new(name, "x"));
    }
    let delete = |name: &str| DeleteParameterRequest { name: name.to_owned() };
    region.ok::<DeleteParameter>(delete("/a"));
    assert_eq!(
        region.fault::<DeleteParameter>(delete("/a")),
        "ParameterNotFound: Parameter /a not found."
    );
    let names = ["/b", "/nothing", "/c"].map(str::to_owned).to_vec();
    let answer = region.ok::<DeleteParameters>(DeleteParametersRequest { names });
    assert_eq!(answer.deleted_parameters.unwrap(), ["/b", "/c"]);
    assert_eq!(answer.invalid_parameters.unwrap(), ["/nothing"]);
    assert!(region.world.parameters.is_empty());
}

#[test]
fn a_secret_can_be_read_as_a_parameter() {
    let mut region = region();
    let version = SecretVersion {
        value: SecretContent::Text("hunter2".into()),
        created_at: region.now,
        accessed_at: None,
        stages: vec!["AWSCURRENT".to_owned()],
    };
    region.put(SecretItem {
        name: "db/password".into(),
        suffix: "AbCdEf".to_owned(),
        description: None,
        kms_key: None,
        created_at: region.now,
        changed_at: region.now,
        accessed_at: None,
        deletion_at: None,
        deleted_at: None,
        versions: [("v1".to_owned(), version)].into(),
        policy: None,
        tags: Default::default(),
    });
    let name = "/aws/reference/secretsmanager/db/password";
    let parameter = get(&mut region, name);
    assert_eq!((parameter.name.as_deref(), parameter.version), (Some(name), Some(0)));
    assert_eq!(parameter.value, Some("hunter2".into()));
    assert!(parameter.source_result.is_some_and(|source| !source.contains("hunter2")));
    let closed = GetParameterRequest { with_decryption: None, ..ask(name) };
    assert_eq!(
        region.fault::<GetParameter>(closed),
        "ValidationException: WithDecryption flag must be True for retrieving a Secret Manager \
            secret."
    );
    assert_eq!(
        region.fault::<GetParameter>(ask("/aws/reference/secretsmanager/nothing")),
        "ParameterNotFound: Secret aws/reference/secretsmanager/nothing not found."
    );
}
