//! Scalars in paths, queries and headers.

use crate::protocol::form::{read_scalar, scalar_text};
use crate::time;
use api::{Place, Shape, Value};

/// A scalar's text at a place; lists of scalars are written as one, with commas.
pub(super) fn write(place: Place, value: &Value) -> Option<String> {
    match value {
        Value::Timestamp(at) if place == Place::Header => Some(time::to_http(*at)),
        Value::List(elements) => {
            let texts: Option<Vec<String>> =
                elements.iter().map(|element| write(place, element)).collect();
            texts.map(|texts| texts.join(","))
        }
        value => scalar_text(value),
    }
}

/// Reads a scalar, or a list of scalars, at a place; nothing if the text is not of its kind.
pub(super) fn read(shape: Shape, text: &str) -> Option<Value> {
    match shape {
        Shape::Timestamp => {
            let at = time::parse_http(text).or_else(|| time::parse_iso8601(text));
            at.map(Value::Timestamp)
        }
        Shape::List(list) => {
            let parts = text.split(',').map(|part| read(list.element, part.trim()));
            parts.collect::<Option<_>>().map(Value::List)
        }
        scalar => read_scalar(scalar, text),
    }
}
