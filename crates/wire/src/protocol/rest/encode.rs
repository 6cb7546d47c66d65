//! An output to head and body, an input to a request.

use super::{MEDIA_TYPE, route, text};
use crate::Answer;
use crate::client::Request;
use crate::protocol::form::{push_encoded, scalar_text};
use crate::protocol::naming::Naming;
use crate::protocol::{status, xml};
use api::{Member, Operation, Place, Service, Shape, Structure, Value};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method};

/// The header that carries the id of a request to S3, which all other services call otherwise.
pub(crate) const S3_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Writes an output.
pub(crate) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Answer {
    let route = operation.service.model().route(operation.name);
    let (number, root) = route.map_or((200, ""), |route| (route.status, route.answered));
    let (media_type, body) = body(operation, (operation.output, output), root);
    let mut answer = Answer::empty(status(number), request_id);
    if operation.service == Service::S3 {
        answer = answer.with_header(S3_REQUEST_ID, request_id);
    }
    answer.headers.extend(media_type.map(|it| (CONTENT_TYPE, HeaderValue::from_static(it))));
    put_headers(&mut answer.headers, operation.output, output);
    answer.body = body;
    answer
}

/// Writes an input.
pub(crate) fn request(operation: &Operation, input: &Value) -> Request {
    let shape = operation.input;
    let route = operation.service.model().route(operation.name);
    let (method, pattern, query, asked) = route.map_or(("POST", "/", [].as_slice(), ""), |route| {
        (route.method, route.path, route.query, route.asked)
    });
    let mut path = route::fill(pattern, |label| {
        let held =
            find(shape, input, |member| member.place == Place::Label && wire_name(member) == label);
        held.and_then(|value| text::write(Place::Label, value)).unwrap_or_default()
    });
    let parameters = parameters(shape, input, query);
    if !parameters.is_empty() {
        path = format!("{path}?{parameters}");
    }
    let (media_type, body) = body(operation, (shape, input), asked);
    let method = method.parse::<Method>().unwrap_or(Method::POST);
    let mut request = Request::bare(method, path, body);
    request.headers.extend(media_type.map(|it| (CONTENT_TYPE, HeaderValue::from_static(it))));
    put_headers(&mut request.headers, shape, input);
    request
}

/// The query string: what the route asks for, and the members that stand there.
fn parameters(shape: &'static Structure, input: &Value, literals: &[&str]) -> String {
    let members = fields(shape, input).filter(|(member, _)| member.place == Place::Query);
    let given = members.filter_map(|(member, value)| {
        let text = text::write(Place::Query, value)?;
        Some((wire_name(member), text))
    });
    let given: Vec<(&str, String)> = given.collect();
    let demanded = literals.iter().filter(|part| !given.iter().any(|(name, _)| name == *part));
    let mut parts: Vec<String> = demanded.map(|part| (*part).to_owned()).collect();
    parts.extend(given.into_iter().map(|(name, text)| {
        let mut part = format!("{name}=");
        push_encoded(&mut part, text.as_bytes());
        part
    }));
    parts.join("&")
}

/// The body, and its media type where there is one.
fn body(
    operation: &Operation,
    (shape, value): (&'static Structure, &Value),
    root: &str,
) -> (Option<&'static str>, Vec<u8>) {
    let is_payload = |member: &'static Member| matches!(member.place, Place::Payload | Place::Root);
    let namespace = operation.service.model().xml_namespace;
    if let Some(payload) = shape.members.iter().find(|member| is_payload(member)) {
        let held = find(shape, value, is_payload).unwrap_or(&Value::Absent);
        return match (payload.shape, held) {
            (_, Value::Absent) => (None, Vec::new()),
            (Shape::Structure(inner), held) => {
                let name = payload.location.unwrap_or(inner.name);
                (Some(MEDIA_TYPE), document(name, namespace, |writer| writer.members(inner, held)))
            }
            (_, held) if payload.place == Place::Root => {
                let text = scalar_text(held).unwrap_or_default();
                let written = |writer: &mut xml::Writer| writer.text(&text);
                (Some(MEDIA_TYPE), document(root, namespace, written))
            }
            // What they are, a header of the message's own says.
            (_, Value::Blob(bytes)) => (None, bytes.clone()),
            (_, Value::SecretBlob(bytes)) => (None, bytes.reveal().to_vec()),
            (_, held) => (Some("text/plain"), scalar_text(held).unwrap_or_default().into_bytes()),
        };
    }
    let has_document = shape.members.iter().any(|member| member.place == Place::Body);
    if !has_document {
        return (None, Vec::new());
    }
    (Some(MEDIA_TYPE), document(root, namespace, |writer| writer.members(shape, value)))
}

fn document(root: &str, namespace: &str, inside: impl FnOnce(&mut xml::Writer)) -> Vec<u8> {
    let mut writer = xml::Writer::new(Naming::Rest);
    writer.declaration();
    writer.root(root, namespace, inside);
    writer.into_bytes()
}

fn put_headers(map: &mut HeaderMap, shape: &'static Structure, value: &Value) {
    for (member, value) in fields(shape, value) {
        let name = wire_name(member);
        match (member.place, value) {
            (Place::Header | Place::IsoHeader, value) => {
                put_header(map, name, text::write(member.place, value));
            }
            (Place::Headers, Value::Map(entries)) => {
                for (key, value) in entries {
                    put_header(map, &format!("{name}{key}"), scalar_text(value));
                }
            }
            _ => {}
        }
    }
}

/// Puts a header in. One that no header can carry is left out.
fn put_header(map: &mut HeaderMap, name: &str, text: Option<String>) {
    let Some(text) = text else { return };
    let name = HeaderName::from_bytes(name.as_bytes());
    let value = HeaderValue::from_bytes(text.as_bytes());
    if let (Ok(name), Ok(value)) = (name, value) {
        map.insert(name, value);
    }
}

fn find<'v>(
    shape: &'static Structure,
    value: &'v Value,
    fits: impl Fn(&'static Member) -> bool,
) -> Option<&'v Value> {
    fields(shape, value).find(|(member, _)| fits(member)).map(|(_, value)| value)
}

fn fields<'v>(
    shape: &'static Structure,
    value: &'v Value,
) -> impl Iterator<Item = (&'static Member, &'v Value)> {
    let fields = if let Value::Structure(fields) = value { fields.as_slice() } else { &[] };
    shape.members.iter().zip(fields)
}

fn wire_name(member: &'static Member) -> &'static str {
    member.location.unwrap_or(member.name)
}
