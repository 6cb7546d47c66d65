use super::*;
use model::{Timestamp, secret::SecretBytes};
use testkit::build;
use world::parameter::{ParameterKind, ParameterVersion};
use world::secret::SecretVersion;
use world::{Draft, Parameter, Tags};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:000000000000:secret";

fn version(value: SecretContent, stages: &[&str]) -> SecretVersion {
    SecretVersion {
        value,
        created_at: Timestamp::default(),
        accessed_at: None,
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
    }
}

fn item(name: &str, versions: Vec<(&str, SecretVersion)>) -> SecretItem {
    SecretItem {
        name: name.into(),
        suffix: "AbCdEf".to_owned(),
        description: None,
        kms_key: None,
        created_at: Timestamp::default(),
        changed_at: Timestamp::default(),
        accessed_at: None,
        deletion_at: None,
        deleted_at: None,
        versions: versions.into_iter().map(|(id, held)| (id.to_owned(), held)).collect(),
        policy: None,
        tags: Tags::new(),
    }
}

fn parameter_row(name: &str, values: &[&str]) -> Parameter {
    let version = |(at, value): (usize, &&str)| ParameterVersion {
        version: i64::try_from(at).unwrap() + 1,
        value: (*value).into(),
        kind: ParameterKind::SecureString,
        at: Timestamp::default(),
        by: String::new(),
        description: None,
        allowed_pattern: None,
        tier: "Standard".to_owned(),
        data_type: "text".to_owned(),
        key_id: None,
        policies: None,
        expires_at: None,
        labels: Vec::new(),
    };
    let versions = values.iter().enumerate().map(version).collect();
    Parameter { name: name.into(), versions, tags: Tags::new() }
}

fn world() -> World {
    let text = |text: &str| SecretContent::Text(text.into());
    let json = r#"{"password":"hunter2","port":5432,"more":{"a":[1]}}"#;
    let mut draft = Draft::of(&build::world());
    draft.put(parameter_row("/shop/db", &["old", "new"]));
    draft.put(parameter_row("plain", &["word"]));
    draft.put(item(
        "shop/db",
        vec![
            ("v1", version(text(r#"{"password":"before"}"#), &["AWSPREVIOUS"])),
            ("v2", version(text(json), &["AWSCURRENT"])),
        ],
    ));
    draft.put(item("word", vec![("v1", version(text("hunter2"), &["AWSCURRENT"]))]));
    let bytes = SecretContent::Bytes(SecretBytes::from(vec![1, 2]));
    draft.put(item("bytes", vec![("v1", version(bytes, &["AWSCURRENT"]))]));
    let gone = item("gone", vec![("v1", version(text("x"), &["AWSCURRENT"]))]);
    draft.put(SecretItem { deletion_at: Some(Timestamp::from_seconds(1)), ..gone });
    draft.commit().world
}

/// The value that a `valueFrom` stands for, or the end of what is said of it.
fn check(from: &str, expected: Result<&str, &str>) {
    let value = value(from, &world());
    match (value, expected) {
        (Ok(value), Ok(expected)) => assert_eq!(value.reveal(), expected, "{from}"),
        (Err(why), Err(expected)) => assert!(why.ends_with(expected), "{from}: {why}"),
        (value, expected) => panic!("{from}: {value:?}, expected {expected:?}"),
    }
}

#[test]
fn every_form_of_reference_is_read() {
    let ssm = "arn:aws:ssm:eu-west-1:000000000000:parameter";
    check("/shop/db", Ok("new"));
    check("plain", Ok("word"));
    check(&format!("{ssm}/shop/db"), Ok("new"));
    check(&format!("{ssm}/plain"), Ok("word"));
    check(&format!("{ARN}:word-AbCdEf"), Ok("hunter2"));
    check(&format!("{ARN}:word"), Ok("hunter2"));
    check(&format!("{ARN}:shop/db-AbCdEf:password::"), Ok("hunter2"));
    check(&format!("{ARN}:shop/db-AbCdEf:port::"), Ok("5432"));
    check(&format!("{ARN}:shop/db-AbCdEf:more::"), Ok(r#"{"a":[1]}"#));
    check(&format!("{ARN}:shop/db-AbCdEf:password:AWSPREVIOUS:"), Ok("before"));
    check(&format!("{ARN}:shop/db-AbCdEf:password::v1"), Ok("before"));
    check(&format!("{ARN}:shop/db-AbCdEf::AWSPREVIOUS:"), Ok(r#"{"password":"before"}"#));
    check(&format!("{ARN}:shop/db-AbCdEf:::v1"), Ok(r#"{"password":"before"}"#));
}

#[test]
fn what_is_missing_is_told_in_the_words_of_aws() {
    check("/nowhere", Err("time(s): invalid ssm parameters: /nowhere"));
    let elsewhere = "arn:aws:ssm:us-east-1:000000000000:parameter/plain";
    check(elsewhere, Err(&format!("invalid ssm parameters: {elsewhere}")));
    let missing = "Secrets Manager can't find the specified secret.";
    check(&format!("{ARN}:nowhere-AbCdEf"), Err(missing));
    check(&format!("{ARN}:word-Zzzzzz"), Err(missing));
    check(&format!("{ARN}:shop/db-AbCdEf:user::"), Err("did not contain json key user"));
    check(&format!("{ARN}:shop/db-AbCdEf::AWSPENDING:"), Err("for staging label: AWSPENDING"));
    check(&format!("{ARN}:shop/db-AbCdEf:::v9"), Err("for VersionId: v9"));
    check(&format!("{ARN}:bytes-AbCdEf"), Err("the secret's value is binary, not a string"));
    check(&format!("{ARN}:gone-AbCdEf"), Err("because it was marked for deletion."));
}

#[test]
fn a_refusal_shows_nothing_of_the_value() {
    let why = value(&format!("{ARN}:word-AbCdEf:key::"), &world()).unwrap_err();
    assert!(why.ends_with("is not a JSON object"), "{why}");
    assert!(!why.contains("hunter2") && !why.contains("'h'"), "{why}");
}

#[test]
fn the_text_of_a_missing_secret_is_that_of_aws() {
    let arn = format!("{ARN}:nowhere-AbCdEf");
    let expected = format!(
        "ResourceNotFoundException: The task can't retrieve the secret with ARN '{arn}' from AWS \
         Secrets Manager. Check whether the secret exists in the specified Region. \
         ResourceNotFoundException: Fetching secret data from AWS Secrets Manager in region \
         eu-west-1: secret {arn}: ResourceNotFoundException: Secrets Manager can't find the \
         specified secret."
    );
    assert_eq!(value(&format!("{arn}:key::"), &world()), Err(expected));
}
