//! This room as a filter, for the comparison with botocore: a JSON request a line in, a JSON answer
//! a line out. `tests/compare_botocore.py` has the other end and says what for.

use api::{Document, Fault, Operation, Protocol, Service, Shape, Structure, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::io::{BufRead as _, Write as _};
use wire::{Answer, Dialect, Head};

#[path = "../tests/any/mod.rs"]
mod any;

/// What the other end asks.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
enum Ask {
    /// Which operations there are.
    List,
    /// What a request that botocore wrote says.
    Decode { method: String, uri: String, headers: Vec<(String, String)>, body: String },
    /// A request that this room writes.
    Request { service: String, protocol: String, operation: String, seed: u64 },
    /// An answer that this room writes.
    Answer { service: String, protocol: String, operation: String, seed: u64 },
    /// A refusal that this room writes.
    Refuse { service: String, protocol: String, message: String },
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = match serde_json::from_str(&line?)? {
            Ask::List => list(),
            Ask::Decode { method, uri, headers, body } => {
                let headers = headers
                    .iter()
                    .map(|(name, value)| Ok((name.parse()?, HeaderValue::from_str(value)?)))
                    .collect::<Result<HeaderMap, http::Error>>()?;
                let (method, uri) = (method.parse::<Method>()?, uri.parse()?);
                let head = Head { method: &method, uri: &uri, headers: &headers };
                decode(&head, &STANDARD.decode(body)?)
            }
            Ask::Request { service, protocol, operation, seed } => {
                let (operation, protocol) =
                    (find(&service, &operation), spoken(&service, &protocol));
                let input = any::Generator::new(seed, protocol).structure(operation.input);
                let request = wire::client::encode(protocol, operation, &input);
                json!({
                    "path": request.path,
                    "headers": pairs(&request.headers),
                    "body": STANDARD.encode(&request.body),
                    "value": shown(operation.input, &input),
                })
            }
            Ask::Answer { service, protocol, operation, seed } => {
                let (operation, protocol) =
                    (find(&service, &operation), spoken(&service, &protocol));
                let output = any::Generator::new(seed, protocol).structure(operation.output);
                let answer = wire::encode(protocol, operation, &output, "id");
                answered(&answer, &shown(operation.output, &output))
            }
            Ask::Refuse { service, protocol, message } => {
                let fault = Fault::refuse("SomeCode", message);
                let protocol = spoken(&service, &protocol);
                let dialect = Dialect { protocol, service: Some(service_of(&service)) };
                let answer = wire::refuse(dialect, &fault, "id");
                answered(&answer, &Json::Null)
            }
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn list() -> Json {
    Service::ALL
        .into_iter()
        .map(|service| {
            let model = service.model();
            let names: Vec<&str> =
                model.operations.iter().map(|operation| operation.name).collect();
            json!({ "service": name(service), "operations": names })
        })
        .collect()
}

fn decode(head: &Head<'_>, body: &[u8]) -> Json {
    let read = wire::target(head, body).and_then(wire::Target::operation).and_then(|operation| {
        let value = wire::decode(wire::dialect(head, body).protocol, operation, head, body)?;
        wire::validate(operation, &value)?;
        Ok((operation, value))
    });
    match read {
        Ok((operation, value)) => json!({
            "operation": operation.name,
            "value": shown(operation.input, &value),
        }),
        Err(refusal) => json!({ "refused": refusal.fault(wire::dialect(head, body)).to_string() }),
    }
}

fn answered(answer: &Answer, value: &Json) -> Json {
    let (status, body) = (answer.status.as_u16(), STANDARD.encode(&answer.body));
    json!({ "status": status, "headers": pairs(&answer.headers), "body": body, "value": value })
}

fn pairs(headers: &HeaderMap) -> Json {
    headers
        .iter()
        .map(|(name, value)| json!([name.as_str(), value.to_str().unwrap_or("")]))
        .collect()
}

fn name(service: Service) -> String {
    format!("{service:?}").to_lowercase()
}

fn service_of(text: &str) -> Service {
    let found = Service::ALL.into_iter().find(|service| name(*service) == text);
    found.expect("the service is one that was listed")
}

fn find(service: &str, operation: &str) -> &'static Operation {
    let found = service_of(service).model().operation(operation);
    found.expect("the operation is one that was listed")
}

/// The protocol of a service that botocore calls so.
fn spoken(service: &str, name: &str) -> Protocol {
    let protocols = service_of(service).model().protocols;
    let called = |protocol: &Protocol| match protocol {
        Protocol::Json11 | Protocol::Json10 => name == "json",
        Protocol::Query => name == "query",
        Protocol::Ec2 => name == "ec2",
        Protocol::Cbor => name == "smithy-rpc-v2-cbor",
        Protocol::RestXml => name == "rest-xml",
    };
    let found = protocols.iter().copied().find(called);
    found.expect("the protocol is one that the service's model lists")
}

/// A value in JSON, with its members by AWS's names and what JSON does not have in objects with one
/// key of our own.
fn shown(shape: &'static Structure, value: &Value) -> Json {
    show(Shape::Structure(shape), value)
}

fn show(shape: Shape, value: &Value) -> Json {
    match (shape, value) {
        (Shape::Structure(shape), Value::Structure(fields)) => {
            let members = shape.members.iter().zip(fields);
            members
                .filter(|(_, value)| **value != Value::Absent)
                .map(|(member, value)| (member.name.to_owned(), show(member.shape, value)))
                .collect()
        }
        (Shape::List(list), Value::List(elements)) => {
            elements.iter().map(|element| show(list.element, element)).collect()
        }
        (Shape::Map(map), Value::Map(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), show(map.value, value))).collect()
        }
        (_, Value::Boolean(flag)) => json!(flag),
        (_, Value::Integer(number)) => json!(number),
        (_, Value::Double(number)) => json!(number),
        (_, Value::String(text)) => json!(text),
        (_, Value::Secret(secret)) => json!(secret.reveal()),
        (_, Value::Blob(bytes)) => json!({ "$blob": STANDARD.encode(bytes) }),
        (_, Value::SecretBlob(secret)) => json!({ "$blob": STANDARD.encode(secret.reveal()) }),
        (_, Value::Timestamp(at)) => json!({ "$millis": at.millis() }),
        (_, Value::Document(document)) => show_document(document),
        (_, Value::Absent | Value::List(_) | Value::Map(_) | Value::Structure(_)) => Json::Null,
    }
}

fn show_document(document: &Document) -> Json {
    match document {
        Document::Null => Json::Null,
        Document::Boolean(flag) => json!(flag),
        Document::Number(number) => json!(number),
        Document::String(text) => json!(text),
        Document::List(elements) => elements.iter().map(show_document).collect(),
        Document::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), show_document(value))).collect()
        }
    }
}
