//! Answers that lack what the model requires.
//!
//! Servers differ from their models, and models from the years: AWS's own SDKs take such an answer, with
//! an empty value in the member's place (Smithy's client error correction). So does this.

use crate::shape::{Shape, Structure};
use crate::value::{Document, Value};
use model::secret::SecretBytes;
use model::{Secret, Timestamp};

/// The answer with an empty value in place of each required member that is absent.
#[must_use]
pub fn corrected(value: Value, shape: Shape) -> Value {
    match (value, shape) {
        (Value::Structure(fields), Shape::Structure(structure)) => structured(fields, structure),
        (Value::List(values), Shape::List(list)) => {
            Value::List(values.into_iter().map(|value| corrected(value, list.element)).collect())
        }
        (Value::Map(pairs), Shape::Map(map)) => {
            let pairs = pairs.into_iter();
            Value::Map(pairs.map(|(key, value)| (key, corrected(value, map.value))).collect())
        }
        (value, _) => value,
    }
}

fn structured(fields: Vec<Value>, structure: &'static Structure) -> Value {
    let members = structure.members.iter();
    let fields = fields.into_iter().zip(members).map(|(value, member)| match value {
        Value::Absent if member.required => empty(member.shape),
        value => corrected(value, member.shape),
    });
    Value::Structure(fields.collect())
}

fn empty(shape: Shape) -> Value {
    match shape {
        Shape::Structure(structure) => {
            structured(vec![Value::Absent; structure.members.len()], structure)
        }
        Shape::List(_) => Value::List(Vec::new()),
        Shape::Map(_) => Value::Map(Vec::new()),
        Shape::String(text) if text.sensitive => Value::Secret(Secret::from("")),
        Shape::String(_) => Value::String(String::new()),
        Shape::Blob(blob) if blob.sensitive => Value::SecretBlob(SecretBytes::from(Vec::new())),
        Shape::Blob(_) => Value::Blob(Vec::new()),
        Shape::Boolean => Value::Boolean(false),
        Shape::Integer(_) | Shape::Long(_) => Value::Integer(0),
        Shape::Float | Shape::Double => Value::Double(0.0),
        Shape::Timestamp => Value::Timestamp(Timestamp::from_seconds(0)),
        Shape::Document => Value::Document(Document::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field as _;
    use crate::autoscaling::{DescribeScalableTargetsResponse, ScalableTarget};
    use crate::value::Record as _;

    #[test]
    fn a_required_member_that_an_answer_lacks_is_empty() {
        let held = ScalableTarget { resource_id: "service/a/b".into(), ..Default::default() };
        let Value::Structure(mut fields) = held.into_value() else { panic!("a structure") };
        let at = |name: &str| {
            let mut members = ScalableTarget::SHAPE.members.iter();
            members.position(|member| member.name == name).unwrap()
        };
        fields[at("RoleARN")] = Value::Absent;
        fields[at("CreationTime")] = Value::Absent;
        let answer =
            Value::Structure(vec![Value::List(vec![Value::Structure(fields)]), Value::Absent]);
        assert!(DescribeScalableTargetsResponse::from_value(answer.clone()).is_err());
        let shape = Shape::Structure(DescribeScalableTargetsResponse::SHAPE);
        let taken = DescribeScalableTargetsResponse::from_value(corrected(answer, shape)).unwrap();
        let [target] = taken.scalable_targets.unwrap().try_into().unwrap();
        assert_eq!((target.resource_id.as_str(), target.role_arn.as_str()), ("service/a/b", ""));
        assert_eq!(taken.next_token, None);
    }
}
