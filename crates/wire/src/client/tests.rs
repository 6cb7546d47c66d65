use super::*;
use api::{Call, Field, ec2, ecs, elbv2};

fn failure(operation: &'static Operation, status: u16, body: &str) -> Failure {
    let mut headers = HeaderMap::new();
    headers.insert(REQUEST_ID, HeaderValue::from_static("from-header"));
    let status = StatusCode::from_u16(status).unwrap();
    decode(operation, status, &headers, body.as_bytes()).unwrap_err()
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
    let failure = decode(ec2::DescribeVpcs::OPERATION, status, &HeaderMap::new(), body.as_bytes())
        .unwrap_err();
    let Failure::Refused(refused) = failure else { panic!("unreadable") };
    assert_eq!(refused.request_id.as_deref(), Some("r"));
    assert_eq!(refused.to_string(), "X (HTTP 400): ");
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
    let request = encode(api::ssm::PutParameter::OPERATION, &input.into_value());
    assert!(String::from_utf8_lossy(&request.body).contains("hunter2"));
    assert!(!format!("{request:?}").contains("hunter2"));
    let whole = http::Request::from(request);
    assert_eq!((whole.method(), whole.uri().path()), (&http::Method::POST, "/"));
}
