//! Lists that say how long they are. AWS refuses one that says it wrong.

use super::fault;
use api::{Fault, Record, Shape, Structure, Value};

/// Holds each `Quantity` of a record against the `Items` beside it.
///
/// # Errors
/// When one says something else.
pub(super) fn check<R: Record + Clone>(record: &R) -> Result<(), Fault> {
    if is_even(R::SHAPE, &record.clone().into_value()) { Ok(()) } else { Err(fault::uneven()) }
}

fn is_even(shape: &'static Structure, value: &Value) -> bool {
    let Value::Structure(fields) = value else { return true };
    let find = |name| {
        let mut members = shape.members.iter().zip(fields);
        members.find(|(member, _)| member.name == name).map(|(_, value)| value)
    };
    if let Some(Value::Integer(quantity)) = find("Quantity") {
        let held = if let Some(Value::List(items)) = find("Items") { items.len() } else { 0 };
        if usize::try_from(*quantity) != Ok(held) {
            return false;
        }
    }
    shape.members.iter().zip(fields).all(|(member, value)| match (member.shape, value) {
        (Shape::Structure(inner), value) => is_even(inner, value),
        (Shape::List(list), Value::List(elements)) => match list.element {
            Shape::Structure(inner) => elements.iter().all(|element| is_even(inner, element)),
            _ => true,
        },
        _ => true,
    })
}
