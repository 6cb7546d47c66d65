use super::*;
use api::ssm::{LabelParameterVersion, LabelParameterVersionRequest, Tag};
use model::Span;

fn refused(input: PutParameterRequest) -> String {
    let mut region = region();
    put(&mut region, new("/there", "value"));
    region.fault::<PutParameter>(input)
}

#[test]
fn versions_count_from_one_and_keep_what_is_not_said_again() {
    let mut region = region();
    let first = PutParameterRequest {
        description: Some("why".to_owned()),
        allowed_pattern: Some("[a-z]+".to_owned()),
        ..new("/a", "one")
    };
    assert_eq!(put(&mut region, first), 1);
    assert_eq!(put(&mut region, overwrite("/a", "two")), 2);
    assert_eq!(value(&mut region, "/a"), "two");
    let newest = region.world.parameter("/a", region.now).unwrap().newest().clone();
    assert_eq!(newest.description.as_deref(), Some("why"));
    assert_eq!((newest.tier.as_str(), newest.data_type.as_str()), ("Standard", "text"));
    assert_eq!(newest.by, "arn:aws:iam::000000000000:root");
    assert_eq!(
        region.fault::<PutParameter>(overwrite("/a", "3")),
        "ParameterPatternMismatchException: Parameter value, cannot be validated against \
            allowedPattern: [a-z]+"
    );
    // An empty pattern takes the old one away, and the type may change.
    let free = PutParameterRequest { allowed_pattern: Some(String::new()), ..overwrite("/a", "3") };
    assert_eq!(put(&mut region, free), 3);
    let secure =
        PutParameterRequest { r#type: Some("SecureString".to_owned()), ..overwrite("/a", "4") };
    assert_eq!(put(&mut region, secure), 4);
    assert_eq!(get(&mut region, "/a").r#type.as_deref(), Some("SecureString"));
}

#[test]
fn names_are_held_to_the_rules() {
    let path = "ValidationException: Parameter name: can't be prefixed with \"ssm\" \
        (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash \
        symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 \
        symbols .-_";
    let prefix = "ValidationException: Parameter name: can't be prefixed with \"aws\" or \"ssm\" \
        (case-insensitive).";
    let levels = |count: usize| "/l".repeat(count);
    for (name, expected) in [
        ("a/b", "ValidationException: Parameter name must be a fully qualified name"),
        ("/a//b", path),
        ("/a/", path),
        ("/", path),
        ("a b", path),
        ("a:1", path),
        ("ümlaut", path),
        ("AWSome", prefix),
        ("/ssm", prefix),
        ("/ssm/x", path),
        ("/aws/x", "AccessDeniedException: No access to reserved parameter name: /aws/x."),
    ] {
        assert_eq!(refused(new(name, "x")), expected, "{name}");
    }
    assert!(refused(new(&levels(16), "x")).starts_with(
        "HierarchyLevelLimitExceededException: A hierarchy can have a maximum of 15 levels."
    ));
    assert!(
        refused(new(&format!("/{}", "n".repeat(970)), "x"))
            .starts_with("ValidationException: The parameter's ARN is longer")
    );
    let mut region = region();
    for name in [levels(15).as_str(), "a", "/a.b-c_D/9", " spaces "] {
        put(&mut region, new(name, "x"));
    }
    assert_eq!(value(&mut region, "spaces"), "x");
}

#[test]
fn a_name_without_hierarchy_is_the_same_with_a_slash() {
    let mut region = region();
    put(&mut region, new("one", "1"));
    put(&mut region, new("/two", "2"));
    for name in ["/one", "two"] {
        let fault = region.fault::<PutParameter>(new(name, "x"));
        assert!(fault.starts_with("ParameterAlreadyExists: "), "{fault}");
        assert_eq!(put(&mut region, overwrite(name, "x")), 2);
    }
    assert_eq!(region.world.parameters.len(), 2);
}

#[test]
fn values_are_held_to_their_tier() {
    let tier = |tier: &str, length: usize| PutParameterRequest {
        tier: Some(tier.to_owned()),
        ..new("/t", &"é".repeat(length))
    };
    for (input, expected) in [
        (new("/t", &"é".repeat(4096)), Ok("Standard")),
        (tier("Advanced", 8192), Ok("Advanced")),
        (tier("Intelligent-Tiering", 4096), Ok("Standard")),
        (tier("Intelligent-Tiering", 4097), Ok("Advanced")),
        (
            new("/t", &"x".repeat(4097)),
            Err("Standard tier parameters support a maximum parameter value of 4096 characters. \
                    To create a larger parameter value, upgrade the parameter to use the \
                    advanced-parameter tier. For more information, see \
                    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"),
        ),
        (
            tier("Advanced", 8193),
            Err("Advanced tier parameters support a maximum parameter value of 8192 characters."),
        ),
    ] {
        let told = region().call::<PutParameter>(input);
        let told = told.map(|answer| answer.tier.unwrap()).map_err(|fault| fault.message);
        assert_eq!(told.as_deref().map_err(String::as_str), expected);
    }
    let mut region = region();
    put(&mut region, tier("Advanced", 5000));
    assert_eq!(region.ok::<PutParameter>(overwrite("/t", "x")).tier.as_deref(), Some("Advanced"));
    let down = PutParameterRequest { tier: Some("Standard".to_owned()), ..overwrite("/t", "x") };
    let fault = region.fault::<PutParameter>(down);
    assert!(
        fault.starts_with(
            "ValidationException: This parameter uses the advanced-parameter \
        tier. You can't downgrade"
        ),
        "{fault}"
    );
}

#[test]
fn values_are_held_to_their_data_type() {
    let typed = |data_type: &str, value: &str| PutParameterRequest {
        data_type: Some(data_type.to_owned()),
        ..new("/d", value)
    };
    for (data_type, good, bad) in [
        ("aws:ec2:image", "ami-0123456789abcdef0", "ami-xyz"),
        ("aws:account:id", "123456789012", "12345"),
        ("aws:region", "us-gov-east-1", "nowhere"),
        ("boolean", "true", "yes"),
        ("integer", "-443", "4.5"),
        ("float", "4.5e3", "inf"),
        ("ipv4-address", "10.0.0.1", "10.0.0.256"),
        ("ipv6-address", "::1", "10.0.0.1"),
        ("json", "{\"a\": [1]}", "{a}"),
    ] {
        let mut region = region();
        let fault = region.fault::<PutParameter>(typed(data_type, bad));
        assert_eq!(
            fault,
            format!(
                "ValidationException: The parameter value is not valid for the data type \
                    {data_type}."
            )
        );
        put(&mut region, typed(data_type, good));
        assert_eq!(get(&mut region, "/d").data_type.as_deref(), Some(data_type));
    }
    assert_eq!(
        refused(typed("Text", "x")),
        "ValidationException: The following data type is not supported: Text (Data type names are \
            all lowercase.)"
    );
    assert_eq!(
        refused(typed("hostname", "x")),
        "ValidationException: The local region does not implement the data type hostname."
    );
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let some = |text: &str| Some(text.to_owned());
    let tags = Some(vec![Tag { key: "k".to_owned(), value: String::new() }]);
    for (input, expected) in [
        (
            new("/there", "x"),
            "ParameterAlreadyExists: The parameter already exists. To overwrite this value, set \
                the overwrite option in the request to true.",
        ),
        (
            overwrite("/new", "x"),
            "ValidationException: A parameter type is required when you create a parameter.",
        ),
        (
            new("/new", ""),
            "ValidationException: 1 validation error detected: Value '' at 'value' failed to \
                satisfy constraint: Member must have length greater than or equal to 1.",
        ),
        (
            new("/new", "a {{ssm:b}}"),
            "ValidationException: Parameter value can't nest another parameter. Do not use \
                \"{{}}\" in the value.",
        ),
        (
            PutParameterRequest { tags, ..overwrite("/there", "x") },
            "ValidationException: Invalid request: tags and overwrite can't be used together. To \
                create a parameter with tags, please remove overwrite flag. To update tags for an \
                existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        ),
        (
            PutParameterRequest { allowed_pattern: some("[a-"), ..new("/new", "x") },
            "InvalidAllowedPatternException: The request doesn't meet the regular expression \
                requirement.",
        ),
        (
            PutParameterRequest { allowed_pattern: some("(?=x)x"), ..new("/new", "x") },
            "InvalidAllowedPatternException: The local region does not implement look-around, \
                back-references and atomic groups in allowed patterns.",
        ),
    ] {
        assert_eq!(refused(input), expected);
    }
}

#[test]
fn a_refusal_never_tells_the_value() {
    let mut region = region();
    let input = PutParameterRequest {
        allowed_pattern: Some("[0-9]+".to_owned()),
        ..secure("/s", "hunter2")
    };
    let fault = region.call::<PutParameter>(input.clone()).unwrap_err();
    assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
    let typed = PutParameterRequest {
        allowed_pattern: None,
        data_type: Some("integer".to_owned()),
        ..input
    };
    let fault = region.call::<PutParameter>(typed).unwrap_err();
    assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
}

#[test]
fn a_hundred_versions_are_kept_unless_the_oldest_has_a_label() {
    let mut region = region();
    put(&mut region, new("/v", "1"));
    for number in 2..=102 {
        put(&mut region, overwrite("/v", &number.to_string()));
    }
    let versions = &region.world.parameter("/v", region.now).unwrap().versions;
    assert_eq!((versions.len(), versions[0].version), (100, 3));
    region.ok::<LabelParameterVersion>(LabelParameterVersionRequest {
        name: "/v".to_owned(),
        parameter_version: Some(3),
        labels: vec!["keep".to_owned()],
    });
    let fault = region.fault::<PutParameter>(overwrite("/v", "x"));
    assert_eq!(
        fault,
        "ParameterMaxVersionLimitExceeded: You attempted to create a new version of /v by calling \
            the PutParameter API with the overwrite flag. Version 3, the oldest version, can't be \
            deleted because it has a label associated with it. Move the label to another version \
            of the parameter, and try again."
    );
}

#[test]
fn policies_are_held_to_the_rules() {
    let policy = |kind: &str, attributes: &str| {
        format!("{{\"Type\":\"{kind}\",\"Version\":\"1.0\",\"Attributes\":{attributes}}}")
    };
    let expiration = policy("Expiration", "{\"Timestamp\":\"2030-01-01T00:00:00.000Z\"}");
    let past = policy("Expiration", "{\"Timestamp\":\"2020-01-01T00:00:00.000Z\"}");
    let notify = policy("ExpirationNotification", "{\"Before\":\"15\",\"Unit\":\"Days\"}");
    let weeks = policy("NoChangeNotification", "{\"After\":\"1\",\"Unit\":\"Weeks\"}");
    for (policies, expected) in [
        (format!("[{expiration},{notify}]"), None),
        ("[{}]".to_owned(), None),
        (format!("[{expiration},{expiration}]"), Some("IncompatiblePolicyException")),
        (format!("[{}]", [notify.as_str(); 11].join(",")), Some("PoliciesLimitExceededException")),
        (format!("[{past}]"), Some("InvalidPolicyAttributeException")),
        (format!("[{weeks}]"), Some("InvalidPolicyAttributeException")),
        (format!("[{}]", policy("Other", "{}")), Some("InvalidPolicyTypeException")),
        (expiration.replace("1.0", "2.0"), Some("InvalidPolicyAttributeException")),
        ("no".to_owned(), Some("InvalidPolicyAttributeException")),
    ] {
        let input = PutParameterRequest {
            tier: Some("Advanced".to_owned()),
            policies: Some(policies.clone()),
            ..new("/p", "x")
        };
        let code = region().call::<PutParameter>(input).err().map(|fault| fault.code);
        assert_eq!(code, expected, "{policies}");
    }
    let standard = PutParameterRequest { policies: Some(format!("[{notify}]")), ..new("/p", "x") };
    assert!(refused(standard).starts_with(
        "ValidationException: Standard tier parameters don't support parameter policies."
    ));
}

#[test]
fn a_parameter_goes_when_it_expires() {
    let mut region = region();
    let expiry = region.now + Span::minutes(60);
    let policies = format!(
        "[{{\"Type\":\"Expiration\",\"Version\":\"1.0\",\"Attributes\":{{\"Timestamp\":\"{expiry}\"}}}}]"
    );
    put(
        &mut region,
        PutParameterRequest {
            tier: Some("Intelligent-Tiering".to_owned()),
            policies: Some(policies),
            ..new("/e", "1")
        },
    );
    assert_eq!(put(&mut region, overwrite("/e", "2")), 2);
    region.pass(Span::minutes(59));
    assert_eq!(value(&mut region, "/e"), "2");
    region.pass(Span::minutes(1));
    assert_eq!(
        region.fault::<GetParameter>(ask("/e")),
        "ParameterNotFound: Parameter /e not found."
    );
    assert_eq!(put(&mut region, new("/e", "anew")), 1);
}
