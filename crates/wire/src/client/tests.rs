use super::*;
use api::{Call, Field, ec2, ecs, elbv2};

fn failure(operation: &'static Operation, status: u16, body: &str) -> Failure {
    let mut headers = HeaderMap::new();
    headers.insert(REQUEST_ID, HeaderValue::from_static("from-header"));
    let status = StatusCode::from_u16(status).unwrap();
    let protocol = operation.service.model().protocol();
    decode(protocol, operation, status, &headers, body.as_bytes()).unwrap_err()
}

#[track_caller]
fn check(operation: &'static Operation, status: u16, body: &str, code: &str, message: &str) {
    let Failure::Refused(refused) = failure(operation, status, body) else { panic!("unreadable") };
    assert_eq!((refused.code.as_str(), refused.message.as_str()), (code, message));
    assert_eq!((refused.status, refused.request_id.as_deref()), (status, Some("from-header")));
}

#[test]
fn refusals_are_read_in_every_protocol() {
    check(
        ecs::ListServices::OPERATION,
        400,
        r#"{"__type":"ClusterNotFoundException","message":"Cluster not found."}"#,
        "ClusterNotFoundException",
        "Cluster not found.",
    );
    check(
        elbv2::DescribeTags::OPERATION,
        400,
        "<ErrorResponse><Error><Code>LoadBalancerNotFound</Code><Message>no</Message></Error></ErrorResponse>",
        "LoadBalancerNotFound",
        "no",
    );
    check(
        ec2::DescribeVpcs::OPERATION,
        400,
        "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no</Message></Error></Errors></Response>",
        "InvalidVpcID.NotFound",
        "no",
    );
}

#[test]
fn a_proxy_that_answers_is_quoted_by_its_status() {
    let html = "<html><body>Bad gateway</body></html>";
    check(ecs::ListServices::OPERATION, 502, html, "502", "Bad Gateway");
    check(elbv2::DescribeTags::OPERATION, 503, "", "503", "Service Unavailable");
}

#[test]
fn the_id_in_the_body_serves_when_no_header_has_one() {
    let body = "<Response><Errors><Error><Code>X</Code></Error></Errors><RequestID>r</RequestID></Response>";
    let status = StatusCode::BAD_REQUEST;
    let (operation, headers) = (ec2::DescribeVpcs::OPERATION, HeaderMap::new());
    let failure = decode(Protocol::Ec2, operation, status, &headers, body.as_bytes()).unwrap_err();
    let Failure::Refused(refused) = failure else { panic!("unreadable") };
    assert_eq!(refused.request_id.as_deref(), Some("r"));
    assert_eq!(refused.to_string(), "X (HTTP 400): ");
}

#[test]
fn querys_code_goes_before_the_name_of_a_shape() {
    let body = r#"{"__type":"com.amazonaws.cloudwatch#InvalidFormatFault","message":"no"}"#;
    let mut headers = HeaderMap::new();
    let operation = api::cloudwatch::SetAlarmState::OPERATION;
    let code = |headers: &HeaderMap| {
        let status = StatusCode::BAD_REQUEST;
        let read = decode(Protocol::Json10, operation, status, headers, body.as_bytes());
        let Err(Failure::Refused(refused)) = read else { panic!("{read:?}") };
        refused.code
    };
    assert_eq!(code(&headers), "InvalidFormatFault");
    headers.insert("x-amzn-query-error", HeaderValue::from_static("InvalidFormat;Sender"));
    assert_eq!(code(&headers), "InvalidFormat");
}

#[test]
fn a_request_in_cbor_goes_to_a_path_of_its_own() {
    let operation = api::cloudwatch::SetAlarmState::OPERATION;
    let input = Value::Structure(vec![Value::Absent; operation.input.members.len()]);
    let request = encode(Protocol::Cbor, operation, &input);
    let whole = http::Request::from(request);
    let path = "/service/GraniteServiceVersion20100801/operation/SetAlarmState";
    assert_eq!((whole.uri().path(), whole.body().as_slice()), (path, &[0xa0][..]));
}

#[test]
fn success_that_makes_no_sense_is_unreadable() {
    for (operation, body) in [
        (ecs::ListServices::OPERATION, "<html>"),
        (ecs::ListServices::OPERATION, r#"{"serviceArns":1}"#),
        (elbv2::DescribeTags::OPERATION, "{}"),
        (ec2::DescribeVpcs::OPERATION, "<a>"),
    ] {
        let failure = failure(operation, 200, body);
        assert!(matches!(failure, Failure::Unreadable(_)), "{body}: {failure}");
    }
}

#[test]
fn neither_request_nor_answer_shows_its_body() {
    let input = api::ssm::PutParameterRequest {
        name: "n".into(),
        value: "hunter2".into(),
        ..Default::default()
    };
    let operation = api::ssm::PutParameter::OPERATION;
    let request = encode(Protocol::Json11, operation, &input.into_value());
    assert!(String::from_utf8_lossy(&request.body).contains("hunter2"));
    assert!(!format!("{request:?}").contains("hunter2"));
    let whole = http::Request::from(request);
    assert_eq!((whole.method(), whole.uri().path()), (&http::Method::POST, "/"));
}
