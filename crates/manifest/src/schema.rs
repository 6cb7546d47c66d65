//! The JSON Schema of `neargate.yml`, for editors.
//!
//! It follows from the same declarations as the parser. What can be said of one value alone is in
//! it; what hangs on several values, or on an overlay, only the parser can judge: so no key but
//! `app` and `services` is required, and every key may be empty.

use crate::kind::{Field, Part as _, Presence, Record, Shape};
use crate::parts::root::Root;
use crate::yaml::{self, Content, Node, Style};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (2020-12) of the manifest.
#[must_use]
pub fn schema() -> Json {
    let mut definitions = Map::new();
    let filled = json!({
        "type": "string",
        "pattern": r"\$\{",
        "description": "A text with `${app}`, `${env}`, `${service}` or `${NAME:-default}`.",
    });
    definitions.insert("filled".to_owned(), filled);
    let mut root = object(Root::record(), &mut definitions);
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".to_owned(), json!("neargate.yml"));
    root.insert("required".to_owned(), json!(["app", "services"]));
    root.insert("patternProperties".to_owned(), json!({"^x-": true}));
    root.insert("$defs".to_owned(), Json::Object(definitions));
    Json::Object(root)
}

/// A record as an object; the records in its fields go to the definitions.
fn object(record: &'static Record, definitions: &mut Map<String, Json>) -> Map<String, Json> {
    let mut properties = Map::new();
    for field in &record.fields {
        properties.insert(field.name.to_owned(), property(field, definitions));
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("description".to_owned(), json!(record.doc));
    object.insert("properties".to_owned(), Json::Object(properties));
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

fn property(field: &Field, definitions: &mut Map<String, Json>) -> Json {
    let mut forms = forms(&field.shape, definitions);
    let (said, default) = match &field.presence {
        Presence::Required => (String::new(), None),
        Presence::Default { text, because, node } => {
            (format!(" Default: `{text}` ({because})."), Some(value(node)))
        }
        Presence::Optional { absent } => (format!(" If absent: {absent}."), None),
    };
    forms.push(json!({"type": "null"}));
    let description = format!("{}{said}", field.doc);
    let mut property = json!({"description": description, "anyOf": forms});
    if let Some(default) = default {
        property["default"] = default;
    }
    property
}

/// The forms that a value can have, each a schema.
fn forms(shape: &Shape, definitions: &mut Map<String, Json>) -> Vec<Json> {
    match shape {
        Shape::Value(value) => {
            let mut forms = match value.schema.get("anyOf") {
                Some(Json::Array(forms)) => forms.clone(),
                _ => vec![value.schema.clone()],
            };
            if value.fills {
                forms.push(json!({"$ref": "#/$defs/filled"}));
            }
            forms
        }
        Shape::List { item, least, most, or_one } => {
            let items = forms(item, definitions);
            let list = json!({
                "type": "array", "items": {"anyOf": items}, "minItems": least, "maxItems": most,
            });
            if *or_one { items.into_iter().chain([list]).collect() } else { vec![list] }
        }
        Shape::Map { keys, value } => {
            let mut values = forms(value, definitions);
            values.push(json!({"type": "null"}));
            vec![json!({
                "type": "object",
                "propertyNames": {"pattern": keys.pattern, "maxLength": keys.longest},
                "additionalProperties": {"anyOf": values},
            })]
        }
        Shape::Record(record) => record_forms(record(), definitions),
    }
}

fn record_forms(record: &'static Record, definitions: &mut Map<String, Json>) -> Vec<Json> {
    if !definitions.contains_key(record.name) {
        // Kept free first: no record holds itself, but that would end here if one did.
        definitions.insert(record.name.to_owned(), Json::Null);
        let object = Json::Object(object(record, definitions));
        definitions.insert(record.name.to_owned(), object);
    }
    let mut all = vec![json!({"$ref": format!("#/$defs/{}", record.name)})];
    if let Some(field) = record.short.and_then(|short| record.field(short)) {
        all.extend(forms(&field.shape, definitions));
    }
    all
}

/// A default as JSON.
fn value(node: &Node) -> Json {
    match &node.content {
        Content::Null | Content::Broken => Json::Null,
        Content::List(items) => items.iter().map(value).collect(),
        Content::Mapping(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect()
        }
        Content::Scalar(scalar) => {
            let bare = scalar.style == Style::Bare && yaml::is_other_than_text(&scalar.text);
            let parsed = bare.then(|| serde_json::from_str(&scalar.text).ok()).flatten();
            parsed.unwrap_or_else(|| json!(scalar.text))
        }
    }
}

#[cfg(test)]
mod tests;
