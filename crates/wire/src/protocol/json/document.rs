//! Free JSON, which a document shape keeps as it came.

use api::{Document, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Reads whatever comes. Null is absent, as it is everywhere.
pub(crate) fn read<'de, D: Deserializer<'de>>(input: D) -> Result<Value, D::Error> {
    AnyDocument.deserialize(input).map(|document| match document {
        Document::Null => Value::Absent,
        document => Value::Document(document),
    })
}

/// A document as it is written.
pub(crate) struct Written<'a>(pub(crate) &'a Document);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Document::Null => out.serialize_unit(),
            Document::Boolean(flag) => out.serialize_bool(*flag),
            Document::Number(number) => write_number(*number, out),
            Document::String(text) => out.serialize_str(text),
            Document::List(elements) => out.collect_seq(elements.iter().map(Written)),
            Document::Map(entries) => {
                out.collect_map(entries.iter().map(|(key, value)| (key, Written(value))))
            }
        }
    }
}

/// Writes a whole number without `.0`, as it came. A float holds every whole number up to 2⁵³.
fn write_number<S: Serializer>(number: f64, out: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "the number is whole and in range")]
        return out.serialize_i64(number as i64);
    }
    out.serialize_f64(number)
}

/// The reader of free JSON.
struct AnyDocument;

impl<'de> DeserializeSeed<'de> for AnyDocument {
    type Value = Document;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Document, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyDocument {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Document, E> {
        Ok(Document::Boolean(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "a document's numbers are floats")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Document, E> {
        Ok(Document::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a document's numbers are floats")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Document, E> {
        Ok(Document::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Document, E> {
        Ok(Document::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Document, E> {
        Ok(Document::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element_seed(Self)? {
            elements.push(element);
        }
        Ok(Document::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key()? {
            entries.insert(key, map.next_value_seed(Self)?);
        }
        Ok(Document::Map(entries))
    }
}
