use super::*;
use api::secretsmanager::{
    DescribeSecret, DescribeSecretRequest, DescribeSecretResponse, ReplicaRegionType, Tag,
    UpdateSecret, UpdateSecretRequest,
};
use model::Span;

fn describe(region: &mut Region) -> DescribeSecretResponse {
    region.ok::<DescribeSecret>(DescribeSecretRequest { secret_id: "s".to_owned() })
}

fn update(description: Option<&str>, value: Option<&str>, id: &str) -> UpdateSecretRequest {
    UpdateSecretRequest {
        secret_id: "s".to_owned(),
        client_request_token: Some(token(id)),
        description: description.map(str::to_owned),
        secret_string: value.map(Into::into),
        ..Default::default()
    }
}

#[test]
fn a_secret_is_made_and_described_as_aws_does() {
    let mut region = region();
    let answer = region.ok::<CreateSecret>(CreateSecretRequest {
        description: Some("why".to_owned()),
        tags: Some(vec![Tag { key: Some("k".to_owned()), value: Some("v".to_owned()) }]),
        ..create("s", "one", "v1")
    });
    let arn = answer.arn.clone().unwrap();
    let suffix = arn.strip_prefix("arn:aws:secretsmanager:eu-west-1:000000000000:secret:s-");
    assert!(suffix.is_some_and(|suffix| suffix.len() == 6), "{arn}");
    assert_eq!((answer.name.as_deref(), answer.version_id), (Some("s"), Some(token("v1"))));
    let expected = DescribeSecretResponse {
        arn: Some(arn),
        name: Some("s".to_owned()),
        description: Some("why".to_owned()),
        last_changed_date: Some(region.now),
        created_date: Some(region.now),
        tags: Some(vec![Tag { key: Some("k".to_owned()), value: Some("v".to_owned()) }]),
        version_ids_to_stages: Some([(token("v1"), vec!["AWSCURRENT".to_owned()])].into()),
        ..Default::default()
    };
    assert_eq!(describe(&mut region), expected);
}

#[test]
fn a_secret_can_be_made_without_a_value() {
    let mut region = region();
    let empty = CreateSecretRequest { name: "s".to_owned(), ..Default::default() };
    assert_eq!(region.ok::<CreateSecret>(empty).version_id, None);
    let described = describe(&mut region);
    assert_eq!((described.version_ids_to_stages, described.tags), (None, None));
    assert_eq!(
        region.fault::<GetSecretValue>(ask("s")),
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for \
            staging label: AWSCURRENT"
    );
    put_value(&mut region, "v1", Some(&["MINE"]));
    assert_labels(&region, &[("v1", &["AWSCURRENT", "MINE"])]);
}

#[test]
fn a_repeated_request_changes_nothing_and_another_of_the_name_is_refused() {
    let mut region = with_secret();
    let before = region.world.generation;
    let again = region.ok::<CreateSecret>(create("s", "one", "v1"));
    assert_eq!(again.version_id, Some(token("v1")));
    assert_eq!(region.world.secrets.len(), 1);
    assert!(region.world.generation >= before);
    let exists =
        "ResourceExistsException: The operation failed because the secret s already exists.";
    let used = "is already in use for a version of secret arn:aws:secretsmanager:";
    assert_eq!(region.fault::<CreateSecret>(create("s", "one", "v2")), exists);
    let other = region.fault::<CreateSecret>(create("s", "two", "v1"));
    assert!(
        other.starts_with("ResourceExistsException: You can't use ClientRequestToken ---")
            && other.contains(used),
        "{other}"
    );
    let empty = CreateSecretRequest { name: "s".to_owned(), ..Default::default() };
    assert_eq!(region.fault::<CreateSecret>(empty), exists);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = with_secret();
    let long = "é".repeat(32_769);
    let replicas = Some(vec![ReplicaRegionType::default()]);
    let tags = Some(vec![Tag { key: Some("aws:x".to_owned()), value: None }]);
    for (input, expected) in [
        (
            create("Inv Name", "x", "v"),
            "ValidationException: Invalid name. Must be a valid name containing alphanumeric \
                characters, or any of the following: -/_+=.@!",
        ),
        (
            CreateSecretRequest { client_request_token: None, ..create("n", "x", "v") },
            "InvalidRequestException: You must provide a ClientRequestToken value. We recommend a \
                UUID-type value.",
        ),
        (
            CreateSecretRequest { secret_binary: Some(vec![1].into()), ..create("n", "x", "v") },
            "InvalidParameterException: You can't specify both a binary secret value and a string \
                secret value in the same secret.",
        ),
        (
            create("n", &long, "v"),
            "InvalidParameterException: The secret value is longer than 65536 bytes.",
        ),
        (
            CreateSecretRequest { add_replica_regions: replicas, ..create("n", "x", "v") },
            "InvalidParameterException: The local region does not implement replication \
                (AddReplicaRegions) of secrets.",
        ),
        (
            CreateSecretRequest { r#type: Some("partner".to_owned()), ..create("n", "x", "v") },
            "InvalidParameterException: The local region does not implement external types (Type) \
                of secrets.",
        ),
        (
            CreateSecretRequest {
                cross_account_primary_arn: Some("arn".to_owned()),
                ..create("n", "x", "v")
            },
            "InvalidParameterException: The local region does not implement cross-account \
                replication (CrossAccountPrimaryARN) of secrets.",
        ),
        (
            CreateSecretRequest { tags, ..create("n", "x", "v") },
            "InvalidParameterException: tag key `aws:x` is reserved: it begins with `aws:`",
        ),
    ] {
        assert_eq!(region.fault::<CreateSecret>(input), expected);
    }
}

#[test]
fn an_update_changes_what_it_names() {
    let mut region = with_secret();
    region.pass(Span::seconds(60));
    let told = region.ok::<UpdateSecret>(update(Some("why"), None, "v2"));
    assert_eq!((told.name.as_deref(), told.version_id), (Some("s"), None));
    let told = region.ok::<UpdateSecret>(update(None, Some("two"), "v2"));
    assert_eq!(told.version_id, Some(token("v2")));
    assert_eq!(value(&mut region, "s"), "two");
    let described = describe(&mut region);
    assert_eq!(described.description.as_deref(), Some("why"));
    assert_eq!(described.last_changed_date, Some(region.now));
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT"])]);
    let key =
        UpdateSecretRequest { kms_key_id: Some("key".to_owned()), ..update(Some(""), None, "v3") };
    region.ok::<UpdateSecret>(key);
    let described = describe(&mut region);
    assert_eq!((described.kms_key_id.as_deref(), described.description), (Some("key"), None));
}

#[test]
fn an_update_takes_no_token_twice() {
    let mut region = with_secret();
    let fault = region.fault::<UpdateSecret>(update(None, Some("one"), "v1"));
    assert!(
        fault.starts_with("ResourceExistsException: You can't use ClientRequestToken"),
        "{fault}"
    );
    let nowhere = UpdateSecretRequest { secret_id: "n".to_owned(), ..update(None, Some("x"), "v") };
    assert_eq!(region.fault::<UpdateSecret>(nowhere), MISSING);
    let typed =
        UpdateSecretRequest { r#type: Some("partner".to_owned()), ..update(None, None, "v") };
    assert!(region.fault::<UpdateSecret>(typed).contains("does not implement external types"));
}
