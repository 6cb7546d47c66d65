//! Properties as an operation's input: JSON along a shape.
//!
//! CloudFormation names properties as the service's API names members, but for their first letters,
//! and takes a number or a truth value as text and the other way round. What the shape does not have
//! is refused, so no property is ignored in silence.

use api::{Document, Shape, Structure, Value};
use model::Timestamp;
use serde_json::{Map, Value as Json};

/// The input that properties are.
///
/// # Errors
/// Says which property is none, or is of the wrong kind.
pub(crate) fn structure(
    shape: &'static Structure,
    given: &Map<String, Json>,
    path: &str,
) -> Result<Value, String> {
    for name in given.keys() {
        if !shape.members.iter().any(|member| member.name.eq_ignore_ascii_case(name)) {
            return Err(format!("#{path}: extraneous key [{name}] is not permitted"));
        }
    }
    let members = shape.members.iter().map(|member| {
        let found = given.iter().find(|(name, _)| member.name.eq_ignore_ascii_case(name));
        match found {
            Some((name, held)) => value(member.shape, held, &format!("{path}/{name}")),
            None if member.required => {
                Err(format!("#{path}: required key [{}] not found", title(member.name)))
            }
            None => Ok(Value::Absent),
        }
    });
    Ok(Value::Structure(members.collect::<Result<_, _>>()?))
}

/// A member's name as CloudFormation writes it.
fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn value(shape: Shape, given: &Json, path: &str) -> Result<Value, String> {
    let wrong = |wanted: &str| format!("#{path}: expected type: {wanted}, found: {}", kind(given));
    match shape {
        Shape::Structure(shape) => match given {
            Json::Object(members) => structure(shape, members, path),
            _ => Err(wrong("JSONObject")),
        },
        Shape::List(list) => match given {
            Json::Array(items) => {
                let items = items.iter().enumerate();
                let items =
                    items.map(|(at, item)| value(list.element, item, &format!("{path}/{at}")));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            // CloudFormation takes one for a list of one.
            one => Ok(Value::List(vec![value(list.element, one, path)?])),
        },
        Shape::Map(map) => match given {
            Json::Object(members) => {
                let entry = |(key, held): (&String, &Json)| {
                    Ok((key.clone(), value(map.value, held, &format!("{path}/{key}"))?))
                };
                Ok(Value::Map(members.iter().map(entry).collect::<Result<_, String>>()?))
            }
            _ => Err(wrong("JSONObject")),
        },
        Shape::String(text) => {
            let held = text_of(given).ok_or_else(|| wrong("String"))?;
            Ok(if text.sensitive { Value::Secret(held.into()) } else { Value::String(held) })
        }
        Shape::Boolean => match given {
            Json::Bool(flag) => Ok(Value::Boolean(*flag)),
            Json::String(text) if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
            Json::String(text) if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
            _ => Err(wrong("Boolean")),
        },
        Shape::Integer(_) | Shape::Long(_) => {
            let number = text_of(given).and_then(|text| whole(&text));
            number.map(Value::Integer).ok_or_else(|| wrong("Integer"))
        }
        Shape::Float | Shape::Double => {
            let number = text_of(given).and_then(|text| text.parse().ok());
            number.map(Value::Double).ok_or_else(|| wrong("Number"))
        }
        Shape::Timestamp => {
            let seconds = text_of(given).and_then(|text| text.parse().ok());
            let at = seconds.map(Timestamp::from_seconds).ok_or_else(|| wrong("Integer"))?;
            Ok(Value::Timestamp(at))
        }
        // What is bytes in the API is text in a template, as it stands.
        Shape::Blob(blob) => {
            let bytes = given.as_str().ok_or_else(|| wrong("String"))?.as_bytes().to_vec();
            Ok(if blob.sensitive { Value::SecretBlob(bytes.into()) } else { Value::Blob(bytes) })
        }
        Shape::Document => Ok(Value::Document(document(given))),
    }
}

/// A number without a fraction, `30` or `30.0`.
fn whole(text: &str) -> Option<i64> {
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

/// A scalar as text.
pub(crate) fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "Null",
        Json::Bool(_) => "Boolean",
        Json::Number(_) => "Number",
        Json::String(_) => "String",
        Json::Array(_) => "JSONArray",
        Json::Object(_) => "JSONObject",
    }
}

fn document(value: &Json) -> Document {
    match value {
        Json::Null => Document::Null,
        Json::Bool(flag) => Document::Boolean(*flag),
        Json::Number(number) => Document::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Document::String(text.clone()),
        Json::Array(items) => Document::List(items.iter().map(document).collect()),
        Json::Object(members) => {
            Document::Map(members.iter().map(|(key, held)| (key.clone(), document(held))).collect())
        }
    }
}
