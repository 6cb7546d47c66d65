//! An AWS record kept as it was given.

use api::{Record, Shape, Structure, Value};
use model::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;

/// A record that is kept whole because AWS echoes it whole (a task definition, above all).
///
/// It is saved by its members' names, so that a newer model, with more members, reads older rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored<R>(pub R);

impl<R> Deref for Stored<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.0
    }
}

impl<R: Record + Clone> Stored<R> {
    /// The record's length in bytes as JSON, which is how AWS measures a task definition.
    ///
    /// # Panics
    /// Never: a record has string keys only.
    #[must_use]
    pub fn saved_len(&self) -> usize {
        serde_json::to_vec(self).expect("a record has a JSON form").len()
    }
}

impl<R: Record + Clone> Serialize for Stored<R> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let value = self.0.clone().into_value();
        Saved { value: &value, shape: Shape::Structure(R::SHAPE) }.serialize(out)
    }
}

impl<'de, R: Record> Deserialize<'de> for Stored<R> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let saved = serde_json::Value::deserialize(input)?;
        let value = load(saved, Shape::Structure(R::SHAPE)).map_err(D::Error::custom)?;
        R::from_value(value).map(Self).map_err(D::Error::custom)
    }
}

/// The saved form: JSON by member name, absent members left out, times in milliseconds. It is
/// written as the value is walked: a task definition is written twice for each registration.
struct Saved<'a> {
    value: &'a Value,
    shape: Shape,
}

impl Serialize for Saved<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let saved = |value, shape| Saved { value, shape };
        match (self.value, self.shape) {
            (Value::Structure(fields), Shape::Structure(structure)) => {
                let members = structure.members.iter().zip(fields);
                let present = members.filter(|(_, field)| **field != Value::Absent);
                out.collect_map(present.map(|(m, field)| (m.name, saved(field, m.shape))))
            }
            (Value::List(elements), Shape::List(list)) => {
                out.collect_seq(elements.iter().map(|element| saved(element, list.element)))
            }
            (Value::Map(entries), Shape::Map(map)) => {
                out.collect_map(entries.iter().map(|(key, value)| (key, saved(value, map.value))))
            }
            (Value::Boolean(flag), _) => out.serialize_bool(*flag),
            (Value::Integer(number), _) => out.serialize_i64(*number),
            (Value::Double(number), _) => out.serialize_f64(*number),
            (Value::String(text), _) => out.serialize_str(text),
            (Value::Secret(secret), _) => out.serialize_str(secret.reveal()),
            (Value::Blob(bytes), _) => out.collect_seq(bytes),
            (Value::SecretBlob(bytes), _) => out.collect_seq(bytes.reveal()),
            (Value::Timestamp(at), _) => out.serialize_i64(at.millis()),
            (Value::Document(document), _) => SavedDocument(document).serialize(out),
            // A value that does not fit its shape can't come out of a record of that shape.
            (Value::Absent | Value::Structure(_) | Value::List(_) | Value::Map(_), _) => {
                out.serialize_unit()
            }
        }
    }
}

/// The saved form of a document.
struct SavedDocument<'a>(&'a api::Document);

impl Serialize for SavedDocument<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        use api::Document;
        match self.0 {
            Document::Null => out.serialize_unit(),
            Document::Boolean(flag) => out.serialize_bool(*flag),
            Document::Number(number) => out.serialize_f64(*number),
            Document::String(text) => out.serialize_str(text),
            Document::List(elements) => out.collect_seq(elements.iter().map(SavedDocument)),
            Document::Map(entries) => {
                out.collect_map(entries.iter().map(|(key, value)| (key, SavedDocument(value))))
            }
        }
    }
}

/// The value of a saved form. A member that the shape no longer has is dropped.
fn load(saved: serde_json::Value, shape: Shape) -> Result<Value, String> {
    use serde_json::Value as Json;
    Ok(match (saved, shape) {
        (Json::Null, _) => Value::Absent,
        (Json::Object(saved), Shape::Structure(structure)) => load_structure(saved, structure)?,
        (Json::Array(saved), Shape::List(list)) => {
            let elements = saved.into_iter().map(|element| load(element, list.element));
            Value::List(elements.collect::<Result<_, _>>()?)
        }
        (Json::Object(saved), Shape::Map(map)) => {
            let entries = saved.into_iter().map(|(key, value)| Ok((key, load(value, map.value)?)));
            Value::Map(entries.collect::<Result<_, String>>()?)
        }
        (Json::Bool(flag), Shape::Boolean) => Value::Boolean(flag),
        (Json::Number(number), Shape::Integer(_) | Shape::Long(_)) => {
            Value::Integer(number.as_i64().ok_or("a saved integer is out of range")?)
        }
        (Json::Number(number), Shape::Float | Shape::Double) => {
            Value::Double(number.as_f64().ok_or("a saved number is out of range")?)
        }
        (Json::Number(number), Shape::Timestamp) => {
            let millis = number.as_i64().ok_or("a saved time is out of range")?;
            Value::Timestamp(Timestamp::from_millis(millis))
        }
        (Json::String(text), Shape::String(kind)) if kind.sensitive => Value::Secret(text.into()),
        (Json::String(text), Shape::String(_)) => Value::String(text),
        (saved @ Json::Array(_), Shape::Blob(blob)) => {
            let bytes: Vec<u8> = serde_json::from_value(saved).map_err(|e| e.to_string())?;
            if blob.sensitive { Value::SecretBlob(bytes.into()) } else { Value::Blob(bytes) }
        }
        (saved, Shape::Document) => Value::Document(load_document(saved)),
        (_, shape) => return Err(format!("a saved value does not fit its shape {shape:?}")),
    })
}

fn load_structure(
    mut saved: serde_json::Map<String, serde_json::Value>,
    structure: &Structure,
) -> Result<Value, String> {
    let fields = structure.members.iter().map(|member| {
        let field = saved.remove(member.name).unwrap_or_default();
        load(field, member.shape).map_err(|why| format!("{}: {why}", member.name))
    });
    Ok(Value::Structure(fields.collect::<Result<_, _>>()?))
}

fn load_document(saved: serde_json::Value) -> api::Document {
    use api::Document;
    use serde_json::Value as Json;
    match saved {
        Json::Null => Document::Null,
        Json::Bool(flag) => Document::Boolean(flag),
        Json::Number(number) => Document::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Document::String(text),
        Json::Array(elements) => Document::List(elements.into_iter().map(load_document).collect()),
        Json::Object(entries) => Document::Map(
            entries.into_iter().map(|(key, value)| (key, load_document(value))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::{ContainerDefinition, KeyValuePair, TaskDefinition};

    #[test]
    fn a_stored_record_comes_back_as_it_was() {
        let container = ContainerDefinition {
            name: Some("app".to_owned()),
            essential: Some(true),
            memory: Some(512),
            environment: Some(vec![KeyValuePair {
                name: Some("A".to_owned()),
                value: Some(String::new()),
            }]),
            docker_labels: Some([("k".to_owned(), "v".to_owned())].into()),
            ..Default::default()
        };
        let record = TaskDefinition {
            family: Some("web".to_owned()),
            container_definitions: Some(vec![container]),
            registered_at: Some(Timestamp::from_millis(1_234_567)),
            ..Default::default()
        };
        let saved = serde_json::to_string(&Stored(record.clone())).unwrap();
        let loaded: Stored<TaskDefinition> = serde_json::from_str(&saved).unwrap();
        assert_eq!(loaded.0, record);
    }

    #[test]
    fn a_member_that_the_shape_no_longer_has_is_dropped() {
        let saved = r#"{"family":"web","invented":1}"#;
        let loaded: Stored<TaskDefinition> = serde_json::from_str(saved).unwrap();
        assert_eq!(loaded.family.as_deref(), Some("web"));
    }
}
