//! CBOR to values: one walk over the items, guided by the shape.
//!
//! Null is absent; a null element or map value is dropped. Members that the shape does not have are
//! passed over.

use super::item::{Count, Item, Malformed, Reader};
use crate::Refusal;
use crate::client::Unreadable;
use crate::refusal::{CborTrouble, Wanted};
use crate::time;
use api::shape::{List, Map};
use api::{Operation, Shape, Structure, Value};
use model::{Secret, Timestamp};

/// Reads a request's input.
pub(crate) fn request(operation: &Operation, body: &[u8]) -> Result<Value, Refusal> {
    Ok(structure(operation.input, body)?)
}

/// Reads an answer's output.
pub(crate) fn answer(operation: &Operation, body: &[u8]) -> Result<Value, Unreadable> {
    structure(operation.output, body).map_err(|trouble| Unreadable::new(trouble.to_string()))
}

/// Where there are no members there may be no body.
fn structure(shape: &'static Structure, body: &[u8]) -> Result<Value, CborTrouble> {
    if body.is_empty() {
        return Ok(Value::Structure(vec![Value::Absent; shape.members.len()]));
    }
    let mut reader = Reader::new(body);
    let value = value(&mut reader, Shape::Structure(shape))?;
    match value {
        Value::Structure(_) if reader.is_at_end() => Ok(value),
        _ => Err(CborTrouble::Malformed),
    }
}

fn value(reader: &mut Reader<'_>, shape: Shape) -> Result<Value, CborTrouble> {
    match (shape, reader.item()?) {
        (_, Item::Null) => Ok(Value::Absent),
        (Shape::Structure(shape), Item::Map(count)) => {
            reader.inside(|reader| members(reader, shape, count))
        }
        (Shape::List(shape), Item::List(count)) => {
            reader.inside(|reader| elements(reader, shape, count))
        }
        (Shape::Map(shape), Item::Map(count)) => {
            reader.inside(|reader| entries(reader, shape, count))
        }
        (shape, item) => {
            scalar(shape, item).ok_or(CborTrouble::Kind { wanted: Wanted::from(shape) })
        }
    }
}

fn members(
    reader: &mut Reader<'_>,
    shape: &'static Structure,
    mut count: Count,
) -> Result<Value, CborTrouble> {
    let mut fields = vec![Value::Absent; shape.members.len()];
    while reader.more(&mut count)? {
        let Item::Text(name) = reader.item()? else { return Err(CborTrouble::Malformed) };
        match shape.member(&name) {
            Some((at, member)) => fields[at] = value(reader, member.shape)?,
            None => reader.skip()?,
        }
    }
    Ok(Value::Structure(fields))
}

fn elements(
    reader: &mut Reader<'_>,
    shape: &'static List,
    mut count: Count,
) -> Result<Value, CborTrouble> {
    let mut elements = Vec::new();
    while reader.more(&mut count)? {
        let element = value(reader, shape.element)?;
        if element != Value::Absent {
            elements.push(element);
        }
    }
    Ok(Value::List(elements))
}

fn entries(
    reader: &mut Reader<'_>,
    shape: &'static Map,
    mut count: Count,
) -> Result<Value, CborTrouble> {
    let mut entries = Vec::new();
    while reader.more(&mut count)? {
        let Item::Text(key) = reader.item()? else { return Err(CborTrouble::Malformed) };
        let value = value(reader, shape.value)?;
        if value != Value::Absent {
            entries.push((key.into_owned(), value));
        }
    }
    Ok(Value::Map(entries))
}

/// A scalar; nothing if the item is not of the shape's kind. Numbers beyond a shape's bits are read
/// as the nearest within, as JSON's are.
fn scalar(shape: Shape, item: Item<'_>) -> Option<Value> {
    Some(match (shape, item) {
        (Shape::String(shape), Item::Text(text)) if shape.sensitive => {
            Value::Secret(Secret::from(text.as_ref()))
        }
        (Shape::String(_), Item::Text(text)) => Value::String(text.into_owned()),
        (Shape::Blob(shape), Item::Bytes(bytes)) if shape.sensitive => {
            Value::SecretBlob(bytes.into_owned().into())
        }
        (Shape::Blob(_), Item::Bytes(bytes)) => Value::Blob(bytes.into_owned()),
        (Shape::Boolean, Item::Boolean(flag)) => Value::Boolean(flag),
        (Shape::Integer(_), Item::Integer(number)) => {
            Value::Integer(clamped(number, i32::MIN.into(), i32::MAX.into()))
        }
        (Shape::Long(_), Item::Integer(number)) => {
            Value::Integer(clamped(number, i64::MIN, i64::MAX))
        }
        (Shape::Float | Shape::Double, Item::Float(number)) => Value::Double(number),
        #[expect(clippy::cast_precision_loss, reason = "the shape asks for a float")]
        (Shape::Float | Shape::Double, Item::Integer(number)) => Value::Double(number as f64),
        (Shape::Timestamp, Item::Integer(seconds)) => {
            let seconds = clamped(seconds, i64::MIN / 1000, i64::MAX / 1000);
            Value::Timestamp(Timestamp::from_seconds(seconds))
        }
        (Shape::Timestamp, Item::Float(seconds)) => {
            Value::Timestamp(time::from_epoch_seconds(seconds))
        }
        // No service that speaks CBOR has documents.
        _ => return None,
    })
}

fn clamped(number: i128, least: i64, most: i64) -> i64 {
    let within = number.clamp(least.into(), most.into());
    i64::try_from(within).unwrap_or(most)
}

impl From<Malformed> for CborTrouble {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

#[cfg(test)]
mod tests;
