use super::*;

fn refuse(text: &str, expected: &str) {
    let why = parse(text).unwrap_err();
    assert!(why.contains(expected), "{text}: {why}");
}

fn part(text: &str) -> SecretPart {
    match parse(text).unwrap() {
        SecretReference::Secret { part, .. } => part,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_parameter_is_named_by_its_path() {
    let name = "/shop/prod/database-url".to_owned();
    assert_eq!(parse("ssm:/shop/prod/database-url"), Ok(SecretReference::Parameter { name }));
    assert_eq!(parse("ssm:key"), Ok(SecretReference::Parameter { name: "key".to_owned() }));
    refuse("ssm:", "up to 1011");
    refuse("ssm:shop/key", "begins with `/`");
    refuse("ssm:/shop//key", "is empty");
    refuse("ssm:/aws/reference", "AWS's own");
    refuse(&format!("ssm:{}", "/x".repeat(16)), "15 levels");
}

#[test]
fn a_secret_may_be_followed_by_key_stage_and_version() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(part("secretsmanager:shop/jwt"), SecretPart::default());
    assert_eq!(part("secretsmanager:db:password").json_key, some("password"));
    assert_eq!(part("secretsmanager:db:password::").json_key, some("password"));
    assert_eq!(part("secretsmanager:db::AWSPREVIOUS").stage, some("AWSPREVIOUS"));
    assert_eq!(part("secretsmanager:db:k::v1").version, some("v1"));
    refuse("secretsmanager:db:k:AWSPREVIOUS:v1", "not by both");
    refuse("secretsmanager:db:k:::x", "more than");
    refuse("secretsmanager:", "up to 512");
}

#[test]
fn an_arn_has_to_name_a_parameter_or_a_secret() {
    for arn in [
        "arn:aws:ssm:eu-west-1:000000000000:parameter/shop/key",
        "arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-AbCdEf",
        "arn:aws-cn:secretsmanager:cn-north-1:000000000000:secret:db-AbCdEf:password::",
    ] {
        assert!(matches!(parse(arn), Ok(SecretReference::Arn(_))), "{arn}");
    }
    refuse("arn:aws:ssm:eu-west-1:ACCOUNT_ID:parameter/x", "twelve digits");
    refuse("arn:aws:ssm:REGION:000000000000:parameter/x", "region");
    refuse("arn:aws:ssm:eu-west-1:000000000000:document/x", "no parameter");
    refuse("arn:aws:s3:eu-west-1:000000000000:bucket", "neither");
    refuse("arn:aws:secretsmanager:eu-west-1:000000000000:db", "no secret");
    refuse("arn:aws", "not an ARN");
}

#[test]
fn a_secret_itself_is_refused_without_being_shown() {
    let why = parse("postgres://user:hunter2@db/shop").unwrap_err();
    assert!(!why.contains("hunter2"), "{why}");
}
