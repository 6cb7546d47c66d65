//! Values to JSON. Members that are absent are left out.

use super::document::Written;
use super::media_type;
use crate::Answer;
use crate::client::Request;
use crate::protocol::compatible::QUERY_MODE;
use crate::target::X_AMZ_TARGET;
use api::{Operation, Protocol, Shape, Structure, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use model::Timestamp;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

/// Writes an output. AWS sends no body where the model has no output.
pub(crate) fn answer(
    protocol: Protocol,
    operation: &Operation,
    output: &Value,
    request_id: &str,
) -> Answer {
    let has_output = !operation.output.name.is_empty();
    let body = if has_output { bytes(operation.output, output) } else { Vec::new() };
    Answer::new(StatusCode::OK, media_type(protocol), request_id, body)
}

/// Writes an input.
pub(crate) fn request(protocol: Protocol, operation: &Operation, input: &Value) -> Request {
    let target = format!("{}.{}", operation.service.model().target_prefix, operation.name);
    let body = bytes(operation.input, input);
    let request = Request::new(media_type(protocol), body).with_header(X_AMZ_TARGET, &target);
    match protocol {
        Protocol::Json10 => request.with_header(QUERY_MODE, "true"),
        _ => request,
    }
}

fn bytes(shape: &'static Structure, value: &Value) -> Vec<u8> {
    let written = Shaped { shape: Shape::Structure(shape), value };
    // Writing into memory fails for maps with keys that are no strings, and there are none.
    serde_json::to_vec(&written).unwrap_or_default()
}

/// A value beside its shape, which has the members' names.
struct Shaped<'a> {
    shape: Shape,
    value: &'a Value,
}

impl Serialize for Shaped<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match (self.value, self.shape) {
            (Value::Structure(fields), Shape::Structure(shape)) => structure(shape, fields, out),
            (Value::List(elements), Shape::List(list)) => {
                let mut seq = out.serialize_seq(Some(elements.len()))?;
                for value in elements {
                    seq.serialize_element(&Shaped { shape: list.element, value })?;
                }
                seq.end()
            }
            (Value::Map(entries), Shape::Map(map)) => {
                let mut written = out.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    written.serialize_entry(key, &Shaped { shape: map.value, value })?;
                }
                written.end()
            }
            (value, _) => scalar(value, out),
        }
    }
}

fn structure<S: Serializer>(
    shape: &'static Structure,
    fields: &[Value],
    out: S,
) -> Result<S::Ok, S::Error> {
    let mut written = out.serialize_map(None)?;
    for (member, value) in shape.members.iter().zip(fields) {
        if *value != Value::Absent {
            written.serialize_entry(member.name, &Shaped { shape: member.shape, value })?;
        }
    }
    written.end()
}

fn scalar<S: Serializer>(value: &Value, out: S) -> Result<S::Ok, S::Error> {
    match value {
        Value::Boolean(flag) => out.serialize_bool(*flag),
        Value::Integer(number) => out.serialize_i64(*number),
        Value::Double(number) => double(*number, out),
        Value::String(text) => out.serialize_str(text),
        Value::Secret(secret) => out.serialize_str(secret.reveal()),
        Value::Blob(bytes) => out.serialize_str(&STANDARD.encode(bytes)),
        Value::SecretBlob(secret) => out.serialize_str(&STANDARD.encode(secret.reveal())),
        Value::Timestamp(at) => timestamp(*at, out),
        Value::Document(document) => Written(document).serialize(out),
        // A list, map or structure that its shape does not know never leaves a handler.
        Value::Absent | Value::List(_) | Value::Map(_) | Value::Structure(_) => {
            out.serialize_unit()
        }
    }
}

/// Writes epoch seconds with as many of three decimals as it takes.
fn timestamp<S: Serializer>(at: Timestamp, out: S) -> Result<S::Ok, S::Error> {
    if at.millis() % 1000 == 0 {
        return out.serialize_i64(at.seconds());
    }
    #[expect(clippy::cast_precision_loss, reason = "exact for the next 285,000 years")]
    out.serialize_f64(at.millis() as f64 / 1000.0)
}

/// Writes the numbers that JSON does not have as the words that AWS has for them.
fn double<S: Serializer>(number: f64, out: S) -> Result<S::Ok, S::Error> {
    if number.is_finite() {
        return out.serialize_f64(number);
    }
    out.serialize_str(if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    })
}

#[cfg(test)]
mod tests;
