use super::*;
use api::{Protocol, Service};

fn written(service: Option<Service>, fault: &Fault) -> String {
    let dialect = Dialect { protocol: Protocol::Query, service };
    String::from_utf8(write(dialect, fault, "id").body).unwrap()
}

#[test]
fn a_fault_is_an_error_response_in_the_namespace_of_its_service() {
    let fault = Fault::refuse("TargetGroupNotFound", "One or more target groups not found");
    assert_eq!(
        written(Some(Service::Elbv2), &fault),
        "<ErrorResponse xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/\">\n  \
         <Error>\n    <Type>Sender</Type>\n    <Code>TargetGroupNotFound</Code>\n    \
         <Message>One or more target groups not found</Message>\n  </Error>\n  \
         <RequestId>id</RequestId>\n</ErrorResponse>\n"
    );
}

#[test]
fn the_service_is_the_receiver_of_its_own_faults() {
    assert!(written(Some(Service::Iam), &Fault::internal()).contains("<Type>Receiver</Type>"));
}

#[test]
fn refusals_at_the_door_have_a_namespace_of_their_own() {
    let fault = Fault::refuse("InvalidAction", "Could not find operation Fly for version 1");
    for service in [None, Some(Service::Sts)] {
        let text = written(service, &fault);
        assert!(text.starts_with(&format!("<ErrorResponse xmlns=\"{AWS_FAULT}\">")), "{text}");
    }
}

#[test]
fn an_empty_message_has_no_element() {
    assert!(!written(Some(Service::Sts), &Fault::refuse("MalformedInput", "")).contains("Message"));
}

#[test]
fn what_is_written_can_be_read() {
    let fault = Fault::refuse("X", "a<b").with_detail("Names", vec!["n".to_owned()]);
    let text = written(Some(Service::Sts), &fault);
    assert!(text.contains("<Names>\n      <member>n</member>\n    </Names>"), "{text}");
    let reading = read(text.as_bytes()).unwrap();
    assert_eq!((reading.code.as_str(), reading.message.as_str()), ("X", "a<b"));
    assert_eq!(reading.request_id.as_deref(), Some("id"));
    assert!(read(b"<html/>").is_none());
}
