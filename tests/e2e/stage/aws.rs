//! AWS's API as JSON, whatever the protocol: inputs and outputs are written with the names of AWS's
//! model, and travel through the product's own client.

use api::{Operation, Service, Shape, Value};
use apply::CallError;
use model::Timestamp;
use serde_json::{Map, Value as Json};

/// What an endpoint said no with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// Makes a call; none when the endpoint can't be reached.
///
/// # Panics
/// When the input does not fit the model.
pub(crate) async fn call(
    client: &apply::Client,
    service: Service,
    name: &str,
    input: &Json,
) -> Option<Result<Json, Refused>> {
    let operation = operation(service, name);
    let input = to_value(Shape::Structure(operation.input), input, name);
    match client.send(operation, &input).await {
        Ok(output) => Some(Ok(to_json(Shape::Structure(operation.output), &output))),
        Err(CallError::Refused { code, message, .. }) => Some(Err(Refused { code, message })),
        Err(CallError::Unreachable { .. }) => None,
        Err(other) => panic!("{name}: {other:?}"),
    }
}

fn operation(service: Service, name: &str) -> &'static Operation {
    let mut all = service.model().operations.iter();
    all.find(|operation| operation.name == name)
        .unwrap_or_else(|| panic!("{service:?} has no operation {name}"))
}

/// A JSON value along a shape; `path` is its place in the input.
fn to_value(shape: Shape, json: &Json, path: &str) -> Value {
    match (shape, json) {
        (_, Json::Null) => Value::Absent,
        (Shape::Structure(shape), Json::Object(given)) => {
            for name in given.keys() {
                assert!(shape.member(name).is_some(), "{path}: {} has no {name}", shape.name);
            }
            let members = shape.members.iter().map(|member| match given.get(member.name) {
                Some(json) => to_value(member.shape, json, &format!("{path}.{}", member.name)),
                None => Value::Absent,
            });
            Value::Structure(members.collect())
        }
        (Shape::List(list), Json::Array(items)) => {
            Value::List(items.iter().map(|item| to_value(list.element, item, path)).collect())
        }
        (Shape::Map(map), Json::Object(given)) => {
            let entry = |(key, json): (&String, &Json)| {
                (key.clone(), to_value(map.value, json, &format!("{path}.{key}")))
            };
            Value::Map(given.iter().map(entry).collect())
        }
        (Shape::String(text), Json::String(given)) if text.sensitive => {
            Value::Secret(given.clone().into())
        }
        (Shape::String(_), Json::String(given)) => Value::String(given.clone()),
        (Shape::Boolean, Json::Bool(given)) => Value::Boolean(*given),
        (Shape::Integer(_) | Shape::Long(_), Json::Number(given)) => {
            Value::Integer(given.as_i64().unwrap())
        }
        (Shape::Float | Shape::Double, Json::Number(given)) => {
            Value::Double(given.as_f64().unwrap())
        }
        (Shape::Timestamp, Json::Number(given)) => {
            Value::Timestamp(Timestamp::from_millis(given.as_i64().unwrap()))
        }
        (shape, json) => panic!("{path}: {json} is no {shape:?}"),
    }
}

/// A value along a shape as JSON. Points in time are milliseconds; what is absent is left out.
fn to_json(shape: Shape, value: &Value) -> Json {
    match (shape, value) {
        (Shape::Structure(shape), Value::Structure(fields)) => {
            let members = shape.members.iter().zip(fields);
            let given = members.filter(|(_, value)| **value != Value::Absent);
            given
                .map(|(member, value)| (member.name.to_owned(), to_json(member.shape, value)))
                .collect::<Map<_, _>>()
                .into()
        }
        (Shape::List(list), Value::List(items)) => {
            items.iter().map(|item| to_json(list.element, item)).collect()
        }
        (Shape::Map(map), Value::Map(entries)) => entries
            .iter()
            .map(|(key, value)| (key.clone(), to_json(map.value, value)))
            .collect::<Map<_, _>>()
            .into(),
        (_, Value::String(text)) => text.clone().into(),
        (_, Value::Secret(text)) => text.reveal().into(),
        (_, Value::Boolean(flag)) => (*flag).into(),
        (_, Value::Integer(number)) => (*number).into(),
        (_, Value::Double(number)) => (*number).into(),
        (_, Value::Timestamp(at)) => at.millis().into(),
        (_, Value::Absent) => Json::Null,
        (shape, value) => panic!("no JSON for {value:?} of {shape:?}"),
    }
}
