//! JSON to values: one walk over the tokens, guided by the shape, with nothing in between.
//!
//! Null is absent; a null element or map value is dropped. Members that the shape does not have are
//! skipped.

use super::document;
use crate::Refusal;
use crate::client::Unreadable;
use crate::refusal::{Found, JsonTrouble, Place, Wanted};
use crate::time;
use api::shape::{List, Map};
use api::{Operation, Shape, Structure, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Secret, Timestamp};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// Reads a request's input.
pub(crate) fn request(operation: &Operation, body: &[u8]) -> Result<Value, Refusal> {
    Ok(structure(operation.input, body)?)
}

/// Reads an answer's output. AWS sends no body where the output has no members.
pub(crate) fn answer(operation: &Operation, body: &[u8]) -> Result<Value, Unreadable> {
    let body = if body.is_empty() { b"{}" } else { body };
    structure(operation.output, body).map_err(|trouble| Unreadable::new(format!("{trouble:?}")))
}

fn structure(shape: &'static Structure, body: &[u8]) -> Result<Value, JsonTrouble> {
    let trouble = Cell::new(None);
    let walk = Walk { shape: Shape::Structure(shape), place: Place::Body, trouble: &trouble };
    let mut input = serde_json::Deserializer::from_slice(body);
    let read = walk.deserialize(&mut input).and_then(|value| input.end().map(|()| value));
    match (read, trouble.get()) {
        (Ok(value @ Value::Structure(_)), _) => Ok(value),
        (Err(_), Some(trouble)) => Err(trouble),
        (Ok(_) | Err(_), _) => Err(JsonTrouble::NotAnObject),
    }
}

/// One step of the walk: the shape of what comes next. serde's errors are text, so the trouble
/// travels in a cell beside them.
#[derive(Clone, Copy)]
struct Walk<'t> {
    shape: Shape,
    place: Place,
    trouble: &'t Cell<Option<JsonTrouble>>,
}

impl Walk<'_> {
    /// The same walk, one level further in.
    fn into(self, shape: Shape, place: Place) -> Self {
        Self { shape, place, ..self }
    }

    /// Ends the walk: what stands here is of the wrong kind.
    fn wrong<E: Error>(self, found: Found) -> Result<Value, E> {
        let scalar_body = self.place == Place::Body && found != Found::List;
        let wanted = Wanted::from(self.shape);
        let trouble = JsonTrouble::Kind { found, wanted, place: self.place };
        self.trouble.set(Some(if scalar_body { JsonTrouble::NotAnObject } else { trouble }));
        Err(E::custom("wrong kind"))
    }

    fn structure<'de, A: MapAccess<'de>>(
        self,
        shape: &'static Structure,
        mut map: A,
    ) -> Result<Value, A::Error> {
        let mut fields = vec![Value::Absent; shape.members.len()];
        while let Some(member) = map.next_key_seed(MemberName(shape))? {
            match member {
                Some((at, shape)) => {
                    fields[at] = map.next_value_seed(self.into(shape, Place::Member))?;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Value::Structure(fields))
    }

    fn map<'de, A: MapAccess<'de>>(self, shape: &Map, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            let value = map.next_value_seed(self.into(shape.value, Place::Element))?;
            if value != Value::Absent {
                entries.push((key, value));
            }
        }
        Ok(Value::Map(entries))
    }

    fn list<'de, A: SeqAccess<'de>>(self, shape: &List, mut seq: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        let walk = self.into(shape.element, Place::Element);
        while let Some(value) = seq.next_element_seed(walk)? {
            if value != Value::Absent {
                elements.push(value);
            }
        }
        Ok(Value::List(elements))
    }

    fn text<E: Error>(self, text: &str) -> Result<Value, E> {
        let value = match self.shape {
            Shape::String(shape) if shape.sensitive => Some(Value::Secret(Secret::from(text))),
            Shape::String(_) => Some(Value::String(text.to_owned())),
            Shape::Blob(shape) => STANDARD.decode(text).ok().map(|bytes| {
                if shape.sensitive { Value::SecretBlob(bytes.into()) } else { Value::Blob(bytes) }
            }),
            Shape::Timestamp => time::parse_iso8601(text).map(Value::Timestamp),
            // JSON has no such numbers; AWS writes them as words.
            Shape::Float | Shape::Double => not_finite(text).map(Value::Double),
            _ => None,
        };
        value.map_or_else(|| self.wrong(Found::String), Ok)
    }
}

/// What AWS calls the numbers that JSON does not have.
fn not_finite(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        match self.shape {
            Shape::Document => document::read(input),
            _ => input.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", Wanted::from(self.shape))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        match self.shape {
            Shape::Boolean => Ok(Value::Boolean(flag)),
            _ => self.wrong(if flag { Found::True } else { Found::False }),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        match self.shape {
            // AWS was seen to read a number beyond the 32 bits as the nearest within.
            Shape::Integer(_) => Ok(Value::Integer(number.clamp(i32::MIN.into(), i32::MAX.into()))),
            Shape::Long(_) => Ok(Value::Integer(number)),
            #[expect(clippy::cast_precision_loss, reason = "the shape asks for a float")]
            Shape::Float | Shape::Double => Ok(Value::Double(number as f64)),
            Shape::Timestamp => {
                Ok(Value::Timestamp(Timestamp::from_millis(number.saturating_mul(1000))))
            }
            _ => self.wrong(Found::Number),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        match self.shape {
            // AWS was seen to cut the fraction off.
            #[expect(clippy::cast_possible_truncation, reason = "the fraction is cut off")]
            Shape::Integer(_) | Shape::Long(_) => self.visit_i64(number as i64),
            Shape::Float | Shape::Double => Ok(Value::Double(number)),
            Shape::Timestamp => Ok(Value::Timestamp(time::from_epoch_seconds(number))),
            _ => self.wrong(Found::Decimal),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Value, A::Error> {
        match self.shape {
            Shape::List(shape) => self.list(shape, seq),
            _ => self.wrong(Found::List),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        match self.shape {
            Shape::Structure(shape) => self.structure(shape, map),
            Shape::Map(shape) => self.map(shape, map),
            _ => self.wrong(Found::Map),
        }
    }
}

/// A member's name: its position and shape, or nothing for a name that the shape does not have.
struct MemberName(&'static Structure);

impl<'de> DeserializeSeed<'de> for MemberName {
    type Value = Option<(usize, Shape)>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberName {
    type Value = Option<(usize, Shape)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.member(name).map(|(at, member)| (at, member.shape)))
    }
}

#[cfg(test)]
mod tests;
