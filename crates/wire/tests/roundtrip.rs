//! Whatever one end writes, the other end reads: for every operation, in both directions.

mod any;

use any::Generator;
use api::{Operation, Protocol, Service, Value};
use http::{HeaderMap, Method, StatusCode, Uri};
use proptest::prelude::*;
use wire::{Dialect, Head, Target};

fn operations() -> impl Iterator<Item = &'static Operation> {
    Service::ALL.into_iter().flat_map(|service| service.model().operations).copied()
}

/// Every operation in every protocol that its service speaks.
fn calls() -> impl Iterator<Item = (Protocol, &'static Operation)> {
    operations().flat_map(|operation| {
        let protocols = operation.service.model().protocols.iter();
        protocols.map(move |protocol| (*protocol, operation))
    })
}

/// A value of a structure, for a protocol.
fn generate(protocol: Protocol, shape: &'static api::Structure, seed: u64) -> Value {
    Generator::new(seed, protocol).structure(shape)
}

/// Sends an input as the client writes it and answers what the server reads.
fn sent(protocol: Protocol, operation: &'static Operation, input: &Value) -> Value {
    let request = wire::client::encode(protocol, operation, input);
    let uri = request.path.parse::<Uri>().expect("a path is a URI");
    let mut headers = request.headers;
    if protocol == Protocol::RestXml {
        // Whom a request is for is said by its signature.
        let name = operation.service.model().signing_name;
        let claim =
            format!("AWS4-HMAC-SHA256 Credential=test/20261120/eu-west-1/{name}/aws4_request");
        headers.insert("authorization", claim.parse().expect("it is text"));
    }
    let head = Head { method: &request.method, uri: &uri, headers: &headers };
    let target = wire::target(&head, &request.body).expect("the request names its operation");
    let Target::Known(found) = target else { panic!("{} has no shapes", operation.name) };
    assert!(std::ptr::eq(found, operation), "{} was taken for {}", operation.name, found.name);
    let dialect = wire::dialect(&head, &request.body);
    assert_eq!(dialect, Dialect { protocol, service: Some(operation.service) });
    wire::decode(protocol, operation, &head, &request.body).expect("the server reads the request")
}

/// Answers an output as the server writes it and returns what the client reads.
fn answered(protocol: Protocol, operation: &'static Operation, output: &Value) -> Value {
    let answer = wire::encode(protocol, operation, output, "id");
    wire::client::decode(protocol, operation, answer.status, &answer.headers, &answer.body)
        .expect("the client reads the answer")
}

/// A seed whose numbers gave one key so often that a map stayed below its least length.
#[test]
fn generated_maps_have_the_keys_that_they_must_have() {
    for (protocol, operation) in calls() {
        let input = generate(protocol, operation.input, 11_285_305_913_281_598_032);
        assert_eq!(wire::validate(operation, &input), Ok(()), "{}", operation.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn inputs_arrive_as_they_were_sent(seed: u64) {
        for (protocol, operation) in calls() {
            let input = generate(protocol, operation.input, seed);
            prop_assert_eq!(&sent(protocol, operation, &input), &input, "{}", operation.name);
        }
    }

    #[test]
    fn outputs_arrive_as_they_were_answered(seed: u64) {
        for (protocol, operation) in calls() {
            let output = generate(protocol, operation.output, seed);
            let read = answered(protocol, operation, &output);
            prop_assert_eq!(&read, &output, "{}", operation.name);
        }
    }

    #[test]
    fn what_is_within_the_constraints_is_valid(seed: u64) {
        for (protocol, operation) in calls() {
            let input = generate(protocol, operation.input, seed);
            prop_assert_eq!(wire::validate(operation, &input), Ok(()), "{}", operation.name);
        }
    }

    #[test]
    fn no_bytes_make_the_server_panic(bytes: Vec<u8>, seed: u64, cut: usize) {
        let (uri, headers) = (Uri::from_static("/"), HeaderMap::new());
        let head = Head { method: &Method::POST, uri: &uri, headers: &headers };
        serve(&head, &bytes);
        for (protocol, operation) in calls() {
            read(protocol, operation, &head, &bytes);
            let input = generate(protocol, operation.input, seed);
            let whole = wire::client::encode(protocol, operation, &input).body;
            read(protocol, operation, &head, &damage(whole, &bytes, cut));
        }
    }

    #[test]
    fn no_bytes_make_the_client_panic(bytes: Vec<u8>, seed: u64, cut: usize, status in 200u16..600) {
        let status = StatusCode::from_u16(status).expect("the status is one of HTTP's");
        let headers = HeaderMap::new();
        for (protocol, operation) in calls() {
            drop(wire::client::decode(protocol, operation, status, &headers, &bytes));
            let output = generate(protocol, operation.output, seed);
            let whole = wire::encode(protocol, operation, &output, "id").body;
            let broken = damage(whole, &bytes, cut);
            drop(wire::client::decode(protocol, operation, status, &headers, &broken));
        }
    }

    #[test]
    fn no_head_makes_the_server_panic(
        authorization in "(AWS4-HMAC-SHA256 )?[ -~]{0,60}",
        credential in "[a/]{0,9}",
        query in "(X-Amz-[A-Z][a-z]{3,12}=[a-zA-Z0-9%/]{0,9}&?){0,6}",
        date in "[0-9TZ]{0,16}",
    ) {
        let Ok(uri) = format!("/?{query}").parse() else { return Ok(()) };
        let whole = format!("AWS4-HMAC-SHA256 Credential={credential}, {authorization}");
        for claimed in [Some(authorization), Some(whole), None] {
            let mut headers = HeaderMap::new();
            headers.insert("x-amz-date", date.parse().expect("digits are text"));
            if let Some(claimed) = claimed {
                headers.insert("authorization", claimed.parse().expect("ASCII is text"));
            }
            let head = Head { method: &Method::GET, uri: &uri, headers: &headers };
            serve(&head, b"");
            if let Ok(claim) = wire::sigv4::claim(&head) {
                drop(claim.check_signature(&head, b"", &"secret".into()));
            }
        }
    }
}

/// Finds what a request asks for and refuses what is not to be found.
fn serve(head: &Head<'_>, body: &[u8]) {
    let dialect = wire::dialect(head, body);
    if let Err(refusal) = wire::target(head, body).and_then(Target::operation) {
        drop(wire::refuse(dialect, &refusal.fault(dialect), "id"));
    }
}

/// Reads and checks an input and refuses what can't be read or is not valid.
fn read(protocol: Protocol, operation: &'static Operation, head: &Head<'_>, body: &[u8]) {
    let dialect = Dialect { protocol, service: Some(operation.service) };
    let read = wire::decode(protocol, operation, head, body);
    if let Err(refusal) = read.and_then(|value| wire::validate(operation, &value)) {
        drop(wire::refuse(dialect, &refusal.fault(dialect), &refusal.to_string()));
    }
}

/// Bytes with a part cut out and other bytes in its place.
fn damage(mut bytes: Vec<u8>, other: &[u8], cut: usize) -> Vec<u8> {
    let at = cut % (bytes.len() + 1);
    let rest = bytes.split_off(at);
    bytes.extend(other.iter().take(cut % 4));
    bytes.extend(rest.into_iter().skip(cut % 3));
    bytes
}
