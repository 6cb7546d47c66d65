//! CloudFormation's functions, as they are written in JSON.

use serde_json::{Value, json};

/// A resource's own reference, or a parameter's value.
pub(super) fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

/// An attribute of a resource.
pub(super) fn attribute(id: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [id, name] })
}

/// A text in which `${…}` stands for references and attributes.
pub(super) fn sub(text: impl Into<String>) -> Value {
    json!({ "Fn::Sub": text.into() })
}

/// Texts with commas between them.
pub(super) fn joined(values: &[Value]) -> Value {
    json!({ "Fn::Join": [",", values] })
}
