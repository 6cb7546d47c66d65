use super::*;

fn written(service: Service, fault: &Fault) -> (u16, String) {
    let answer = write(Dialect::of(service), fault, "id");
    (answer.status.as_u16(), String::from_utf8(answer.body).unwrap())
}

#[test]
fn a_fault_has_a_type_a_message_and_details() {
    let fault = Fault::refuse("ConflictException", "in use")
        .with_detail("resourceIds", vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(
        written(Service::Ecs, &fault),
        (
            400,
            r#"{"__type":"ConflictException","message":"in use","resourceIds":["a","b"]}"#
                .to_owned()
        )
    );
    assert_eq!(written(Service::Ecs, &Fault::internal()).0, 500);
}

#[test]
fn the_message_is_called_as_the_service_calls_it() {
    let message = |service, code| written(service, &Fault::refuse(code, "x")).1;
    assert_eq!(
        message(Service::SecretsManager, "ResourceNotFoundException"),
        r#"{"__type":"ResourceNotFoundException","Message":"x"}"#
    );
    assert_eq!(
        message(Service::Ecs, "SerializationException"),
        r#"{"__type":"SerializationException","Message":"x"}"#
    );
}

#[test]
fn an_empty_message_is_left_out() {
    let fault = Fault::refuse("UnknownOperationException", "");
    assert_eq!(written(Service::Logs, &fault).1, r#"{"__type":"UnknownOperationException"}"#);
}

#[test]
fn refusals_are_read_in_all_their_forms() {
    let check = |body: &str, expected: Option<(&str, &str)>| {
        let reading = read(body.as_bytes());
        let got = reading.as_ref().map(|reading| (reading.code.as_str(), reading.message.as_str()));
        assert_eq!(got, expected, "{body}");
    };
    check(r#"{"__type":"A","message":"b"}"#, Some(("A", "b")));
    check(r#"{"__type":"com.amazon.coral.service#A","Message":"b","x":[1]}"#, Some(("A", "b")));
    check(r#"{"__type":"A:http://internal.amazon.com/coral/"}"#, Some(("A", "")));
    check(r#"{"__type":"A","message":null}"#, Some(("A", "")));
    check(r#"{"__type":"A","Message":null,"message":"b"}"#, Some(("A", "b")));
    check("<html>", None);
    check("{}", None);
}
