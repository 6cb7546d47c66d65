use super::*;
use crate::Dialect;
use api::{Call, Field, ecs, logs, secretsmanager, ssm};

fn read<C: Call>(body: &str) -> Result<C::Input, Refusal> {
    let value = request(C::OPERATION, body.as_bytes())?;
    Ok(C::Input::from_value(value).unwrap())
}

#[track_caller]
fn check_refusal<C: Call>(body: &str, expected: Option<&str>) {
    let refusal = read::<C>(body).err().unwrap();
    let fault = refusal.fault(Dialect::of(C::OPERATION.service));
    let expected = (400, "SerializationException", expected.unwrap_or(""));
    assert_eq!((fault.status, fault.code, fault.message.as_str()), expected, "{body}");
}

#[test]
fn members_find_their_places_in_any_order() {
    let body = r#"{"tags":[{"value":"b","key":"a"},{"key":"c"}],"resourceArn":"arn"}"#;
    let record = read::<ecs::TagResource>(body).unwrap();
    assert_eq!(record.resource_arn, "arn");
    assert_eq!(record.tags[0].value.as_deref(), Some("b"));
    assert_eq!(record.tags[1], ecs::Tag { key: Some("c".into()), value: None });
}

#[test]
fn what_the_shape_does_not_have_is_skipped_whatever_it_is() {
    let body = r#"{"x":[[{"y":[1,null,"z"]}]],"cluster":"shop","z":1e99}"#;
    assert_eq!(read::<ecs::ListServices>(body).unwrap().cluster.as_deref(), Some("shop"));
}

#[test]
fn null_is_absent_everywhere() {
    let body = r#"{"cluster":null,"maxResults":null}"#;
    assert_eq!(read::<ecs::ListServices>(body).unwrap(), ecs::ListServicesRequest::default());
    let body = r#"{"services":["a",null,"b"],"cluster":null}"#;
    assert_eq!(read::<ecs::DescribeServices>(body).unwrap().services, ["a", "b"]);
    let body = r#"{"logGroupName":"g","tags":{"a":null,"b":"c"}}"#;
    assert_eq!(read::<logs::CreateLogGroup>(body).unwrap().tags.unwrap().len(), 1);
}

#[test]
fn the_last_of_two_members_counts() {
    let body = r#"{"cluster":"a","cluster":"b"}"#;
    assert_eq!(read::<ecs::ListServices>(body).unwrap().cluster.as_deref(), Some("b"));
}

#[test]
fn numbers_are_cut_to_their_kind() {
    let max = |text: &str| {
        read::<ecs::ListServices>(&format!(r#"{{"maxResults":{text}}}"#))
            .unwrap()
            .max_results
            .unwrap()
    };
    assert_eq!(max("7"), 7);
    assert_eq!(max("-7"), -7);
    assert_eq!(max("1.9"), 1);
    assert_eq!(max("99999999999"), i32::MAX);
    assert_eq!(max("-99999999999"), i32::MIN);
    assert_eq!(max("1e300"), i32::MAX);
    let long = r#"{"logGroupName":"g","logStreamName":"s","startTime":18446744073709551615}"#;
    assert_eq!(read::<logs::GetLogEvents>(long).unwrap().start_time, Some(i64::MAX));
}

#[test]
fn sensitive_texts_and_bytes_become_secrets() {
    let body = r#"{"SecretId":"s","SecretString":"hunter2","SecretBinary":"aHVudGVyMg=="}"#;
    let record = read::<secretsmanager::PutSecretValue>(body).unwrap();
    assert_eq!(record.secret_string.as_ref().unwrap().reveal(), "hunter2");
    assert_eq!(record.secret_binary.as_ref().unwrap().reveal(), b"hunter2");
    assert!(!format!("{record:?}").contains("hunter2"));
}

#[test]
fn a_body_that_is_no_object_is_refused_without_a_message() {
    for body in ["", "{", "null", "\"x\"", "1", "true", r#"{"a":1,}"#, "{} {}", "\u{feff}{}"] {
        check_refusal::<logs::DescribeLogGroups>(body, None);
    }
    let deep = format!(r#"{{"limit":{}}}"#, "[".repeat(100_000));
    check_refusal::<logs::DescribeLogGroups>(&deep, Some("Start of list found where not expected"));
    let deep = format!(r#"{{"unknown":{}}}"#, "[".repeat(100_000));
    check_refusal::<logs::DescribeLogGroups>(&deep, None);
}

#[test]
fn wrong_kinds_are_refused_in_the_words_of_the_service() {
    let check = |member: &str, value: &str, expected: &str| {
        check_refusal::<logs::PutLogEvents>(&format!(r#"{{"{member}":{value}}}"#), Some(expected));
    };
    check("logGroupName", "1", "NUMBER_VALUE can not be converted to a String");
    check("logGroupName", "1.5", "NUMBER_VALUE can not be converted to a String");
    check("logGroupName", "true", "TRUE_VALUE can not be converted to a String");
    check("logGroupName", "false", "FALSE_VALUE can not be converted to a String");
    check("logGroupName", "[]", "Start of list found where not expected");
    check("logGroupName", "{}", "Start of structure or map found where not expected.");
    check("logEvents", "1", "Expected list or null");
    check("logEvents", "{}", "Start of structure or map found where not expected.");
    check("logEvents", "[1]", "Expected null");
    check("logEvents", "[[]]", "Start of list found where not expected");
    check("logEvents", r#"[{"timestamp":"1"}]"#, "STRING_VALUE can not be converted to a Long");
    check("entity", "\"x\"", "Expected null");
    check("entity", r#"{"attributes":1}"#, "Expected map or null");
    check_refusal::<logs::DescribeLogGroups>(
        r#"{"limit":"1"}"#,
        Some("STRING_VALUE can not be converted to an Integer"),
    );
    check_refusal::<logs::DescribeLogGroups>("[]", Some("Start of list found where not expected"));
}

#[test]
fn wrong_kinds_are_refused_in_the_words_of_ecs() {
    let check = |body: &str, expected: &str| {
        check_refusal::<ecs::RegisterTaskDefinition>(body, Some(expected));
    };
    check(
        r#"{"containerDefinitions":[{"cpu":"256"}]}"#,
        "STRING_VALUE cannot be converted to Integer",
    );
    check(
        "[]",
        "Unrecognized collection type class com.amazonaws.madison.frontend.RegisterTaskDefinitionRequest",
    );
    check(r#"{"cpu":256}"#, "NUMBER_VALUE cannot be converted to String");
    check(r#"{"cpu":0.25}"#, "DECIMAL_VALUE cannot be converted to String");
    check(r#"{"cpu":["256"]}"#, "Unrecognized collection type class java.lang.String");
    check(r#"{"cpu":{}}"#, "Start of structure or map found where not expected");
    check(r#"{"containerDefinitions":"x"}"#, "Unexpected field type");
    check(r#"{"containerDefinitions":["x"]}"#, "Unexpected value type in payload");
    check(r#"{"enableFaultInjection":"true"}"#, "Unexpected token received from parser");
}

#[test]
fn a_blob_that_is_no_base64_is_refused_without_being_shown() {
    let body = r#"{"SecretBinary":"hunter2!"}"#;
    let expected = "STRING_VALUE can not be converted to a Blob";
    check_refusal::<secretsmanager::PutSecretValue>(body, Some(expected));
}

#[test]
fn timestamps_come_as_numbers_or_texts() {
    let at = |text: &str| {
        let body = format!(r#"{{"Parameters":[{{"LastModifiedDate":{text}}}]}}"#);
        let value = answer(ssm::GetParameters::OPERATION, body.as_bytes()).unwrap();
        let output = <ssm::GetParameters as Call>::Output::from_value(value).unwrap();
        output.parameters.unwrap()[0].last_modified_date.unwrap().to_string()
    };
    assert_eq!(at("1795159860"), "2026-11-20T07:31:00.000Z");
    assert_eq!(at("1795159860.123"), "2026-11-20T07:31:00.123Z");
    assert_eq!(at("1.795159860123E9"), "2026-11-20T07:31:00.123Z");
    assert_eq!(at(r#""2026-11-20T07:31:00Z""#), "2026-11-20T07:31:00.000Z");
}

#[test]
fn an_empty_answer_is_an_output_without_members() {
    assert_eq!(answer(logs::CreateLogGroup::OPERATION, b""), Ok(Value::Structure(Vec::new())));
}
