use super::*;
use api::{Call, Document, Field, ecs, logs, secretsmanager, ssm};
use std::collections::BTreeMap;

fn written<C: Call>(output: C::Output) -> String {
    let answer = answer(Protocol::Json11, C::OPERATION, &output.into_value(), "id");
    String::from_utf8(answer.body).unwrap()
}

#[test]
fn absent_members_are_left_out_and_empty_ones_are_not() {
    let output = ecs::DescribeServicesResponse { services: Some(Vec::new()), failures: None };
    assert_eq!(written::<ecs::DescribeServices>(output), r#"{"services":[]}"#);
}

#[test]
fn timestamps_have_up_to_three_decimals() {
    let at = |millis| {
        let parameter = ssm::Parameter {
            last_modified_date: Some(Timestamp::from_millis(millis)),
            ..Default::default()
        };
        written::<ssm::GetParameter>(ssm::GetParameterResult { parameter: Some(parameter) })
    };
    assert_eq!(at(1_795_159_860_000), r#"{"Parameter":{"LastModifiedDate":1795159860}}"#);
    assert_eq!(at(1_795_159_860_500), r#"{"Parameter":{"LastModifiedDate":1795159860.5}}"#);
    assert_eq!(at(1_795_159_860_123), r#"{"Parameter":{"LastModifiedDate":1795159860.123}}"#);
}

#[test]
fn secrets_leave_only_here() {
    let output = secretsmanager::GetSecretValueResponse {
        secret_string: Some("p\"w".into()),
        secret_binary: Some(vec![0, 255].into()),
        ..Default::default()
    };
    assert_eq!(
        written::<secretsmanager::GetSecretValue>(output),
        r#"{"SecretBinary":"AP8=","SecretString":"p\"w"}"#
    );
}

#[test]
fn an_operation_without_an_output_is_answered_without_a_body() {
    let (operation, nothing) = (logs::CreateLogGroup::OPERATION, Value::Structure(Vec::new()));
    let answer = answer(Protocol::Json11, operation, &nothing, "id");
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    assert_eq!(answer.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(answer.headers["x-amzn-requestid"], "id");
}

#[test]
fn numbers_that_json_lacks_are_words() {
    let shape = Shape::Double;
    let text =
        |number| serde_json::to_string(&Shaped { shape, value: &Value::Double(number) }).unwrap();
    assert_eq!(text(0.1), "0.1");
    assert_eq!(text(f64::NAN), "\"NaN\"");
    assert_eq!(text(f64::INFINITY), "\"Infinity\"");
    assert_eq!(text(f64::NEG_INFINITY), "\"-Infinity\"");
}

#[test]
fn documents_go_out_as_they_came() {
    let map = BTreeMap::from([
        ("a".to_owned(), Document::List(vec![Document::Number(1.0), Document::Number(0.5)])),
        ("b".to_owned(), Document::Null),
        ("c".to_owned(), Document::Boolean(true)),
    ]);
    let value = Value::Document(Document::Map(map));
    let text = serde_json::to_string(&Shaped { shape: Shape::Document, value: &value }).unwrap();
    assert_eq!(text, r#"{"a":[1,0.5],"b":null,"c":true}"#);
}

#[test]
fn a_request_names_its_operation() {
    let input = ecs::ListServicesRequest { cluster: Some("shop".into()), ..Default::default() };
    let operation = ecs::ListServices::OPERATION;
    let request = request(Protocol::Json11, operation, &input.into_value());
    let target = "AmazonEC2ContainerServiceV20141113.ListServices";
    assert_eq!(request.headers["x-amz-target"], target);
    assert_eq!(request.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(request.body, br#"{"cluster":"shop"}"#);
}
