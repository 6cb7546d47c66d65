//! A request's head and body to an input, an answer's to an output.

use super::{route, text};
use crate::Refusal;
use crate::client::Unreadable;
use crate::head::Head;
use crate::protocol::form;
use crate::protocol::naming::Naming;
use crate::protocol::xml::Reader;
use crate::refusal::RestTrouble;
use api::{Member, Operation, Place, Shape, Structure, Value};
use http::HeaderMap;

/// Reads a request's input.
pub(crate) fn request(
    operation: &Operation,
    head: &Head<'_>,
    body: &[u8],
) -> Result<Value, Refusal> {
    let model = operation.service.model();
    let path = route::path(operation.service, head);
    let route = model.route(operation.name);
    let labels = route.and_then(|route| route::labels(route.path, &path)).unwrap_or_default();
    let given = |member: &'static Member| {
        let name = wire_name(member);
        let text = match member.place {
            Place::Label => {
                labels.iter().find(|(label, _)| label == name).map(|(_, text)| text.clone())
            }
            Place::Query => form::first(head.query(), name).map(|text| text.into_owned()),
            Place::Header | Place::IsoHeader => header(head.headers, name),
            _ => None,
        };
        let read = |text: String| {
            let wrong = || RestTrouble::Kind { name: name.to_owned(), text: text.clone() };
            text::read(member.shape, &text).ok_or_else(wrong)
        };
        match member.place {
            Place::Headers => Ok(headers(head.headers, name)),
            _ => text.map_or(Ok(Value::Absent), read),
        }
    };
    let shape = operation.input;
    let fields = shape.members.iter().map(given).collect::<Result<Vec<_>, _>>()?;
    with_body(shape, fields, body).map_err(|why| RestTrouble::Document(why.to_string()).into())
}

/// Reads an answer's output.
pub(crate) fn answer(
    operation: &Operation,
    headers_of: &HeaderMap,
    body: &[u8],
) -> Result<Value, Unreadable> {
    let given = |member: &'static Member| {
        let name = wire_name(member);
        match member.place {
            Place::Header | Place::IsoHeader => {
                let Some(text) = header(headers_of, name) else { return Ok(Value::Absent) };
                let wrong = || Unreadable::new(format!("its header {name} is something else"));
                text::read(member.shape, &text).ok_or_else(wrong)
            }
            Place::Headers => Ok(headers(headers_of, name)),
            _ => Ok(Value::Absent),
        }
    };
    let shape = operation.output;
    let fields = shape.members.iter().map(given).collect::<Result<Vec<_>, _>>()?;
    with_body(shape, fields, body)
}

/// Adds what the body says. An empty one says nothing.
fn with_body(
    shape: &'static Structure,
    mut fields: Vec<Value>,
    body: &[u8],
) -> Result<Value, Unreadable> {
    if body.is_empty() {
        return Ok(Value::Structure(fields));
    }
    let members = &mut shape.members.iter().enumerate();
    if let Some((at, member)) =
        members.find(|(_, member)| matches!(member.place, Place::Payload | Place::Root))
    {
        fields[at] = whole(member, body)?;
        return Ok(Value::Structure(fields));
    }
    if !shape.members.iter().any(|member| member.place == Place::Body) {
        return Ok(Value::Structure(fields));
    }
    let mut reader = Reader::new(Naming::Rest, body);
    reader.enter()?;
    if let Value::Structure(read) = reader.structure(shape)? {
        let in_body = shape.members.iter().zip(read).enumerate();
        for (at, (_, value)) in in_body.filter(|(_, (member, _))| member.place == Place::Body) {
            fields[at] = value;
        }
    }
    Ok(Value::Structure(fields))
}

/// Reads the member that is the body.
fn whole(member: &'static Member, body: &[u8]) -> Result<Value, Unreadable> {
    match (member.shape, member.place) {
        (Shape::Structure(shape), _) => {
            let mut reader = Reader::new(Naming::Rest, body);
            reader.enter()?;
            reader.structure(shape)
        }
        (_, Place::Root) => {
            let mut reader = Reader::new(Naming::Rest, body);
            reader.enter()?;
            Ok(Value::String(reader.text()?))
        }
        (Shape::Blob(shape), _) if shape.sensitive => Ok(Value::SecretBlob(body.to_vec().into())),
        (Shape::Blob(_), _) => Ok(Value::Blob(body.to_vec())),
        _ => {
            let text = std::str::from_utf8(body).map_err(|_| Unreadable::new("it is no text"))?;
            Ok(Value::String(text.to_owned()))
        }
    }
}

/// The entries of a map whose keys are the ends of headers' names; absent when there are none.
fn headers(map: &HeaderMap, prefix: &str) -> Value {
    let mut entries = Vec::new();
    for name in map.keys() {
        let key = name.as_str().get(prefix.len()..).filter(|_| {
            name.as_str().get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        });
        if let Some((key, text)) = key.zip(header(map, name.as_str())) {
            entries.push((key.to_owned(), Value::String(text)));
        }
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    if entries.is_empty() { Value::Absent } else { Value::Map(entries) }
}

/// A header's text. Values that are no ASCII are taken for UTF-8, as S3 does.
fn header(map: &HeaderMap, name: &str) -> Option<String> {
    String::from_utf8(map.get(name)?.as_bytes().to_vec()).ok()
}

fn wire_name(member: &'static Member) -> &'static str {
    member.location.unwrap_or(member.name)
}
