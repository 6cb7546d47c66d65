//! A tree of names to a value, along a shape.
//!
//! Names that the shape does not have are ignored, as STS was seen to do. Numbers that are missing
//! from a list's indexes leave no gap.

use super::parse::Node;
use crate::protocol::naming::Naming;
use crate::refusal::{FormTrouble, Wanted};
use crate::time;
use api::shape::{List, Map};
use api::{Shape, Structure, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Secret;

/// Reads a structure from the parameters under a node.
pub(crate) fn read(
    naming: Naming,
    shape: &'static Structure,
    node: &Node<'_>,
) -> Result<Value, FormTrouble> {
    Walk { naming, name: String::new() }.structure(shape, node)
}

/// The walk, with the name of the parameter where it is.
struct Walk {
    naming: Naming,
    name: String,
}

impl Walk {
    fn value(&mut self, shape: Shape, node: &Node<'_>) -> Result<Value, FormTrouble> {
        match shape {
            Shape::Structure(shape) => self.structure(shape, node),
            Shape::List(shape) => self.list(shape, node),
            Shape::Map(shape) => self.map(shape, node),
            scalar => {
                let text = node.value.as_deref().unwrap_or_default();
                read_scalar(scalar, text).ok_or_else(|| self.wrong(scalar, text))
            }
        }
    }

    /// Reads what lies under a part of the name.
    fn under(&mut self, part: &str, shape: Shape, node: &Node<'_>) -> Result<Value, FormTrouble> {
        let before = self.name.len();
        if before > 0 {
            self.name.push('.');
        }
        self.name.push_str(part);
        let value = self.value(shape, node);
        // After trouble the name is no longer needed.
        self.name.truncate(before);
        value
    }

    fn structure(
        &mut self,
        shape: &'static Structure,
        node: &Node<'_>,
    ) -> Result<Value, FormTrouble> {
        let fields = shape.members.iter().map(|member| {
            let name = self.naming.in_form(member);
            match node.children.get(&name) {
                Some(child) => self.under(&name, member.shape, child),
                None => Ok(Value::Absent),
            }
        });
        fields.collect::<Result<_, _>>().map(Value::Structure)
    }

    fn list(&mut self, shape: &'static List, node: &Node<'_>) -> Result<Value, FormTrouble> {
        let word = self.naming.before_index(shape);
        let Some(items) = self.items(word, node)? else {
            return Ok(Value::List(Vec::new()));
        };
        let elements = indexed(items)?.into_iter().map(|(index, child)| match word {
            Some(word) => self.under(&format!("{word}.{index}"), shape.element, child),
            None => self.under(index, shape.element, child),
        });
        elements.collect::<Result<_, _>>().map(Value::List)
    }

    /// Maps are written the same in both dialects: `Name.entry.1.key` and `.value`.
    fn map(&mut self, shape: &'static Map, node: &Node<'_>) -> Result<Value, FormTrouble> {
        let Some(items) = self.items(Some("entry"), node)? else {
            return Ok(Value::Map(Vec::new()));
        };
        let mut entries = Vec::new();
        for (index, child) in indexed(items)? {
            let key = child.children.get("key").and_then(|key| key.value.as_deref());
            let value = match child.children.get("value") {
                Some(value) => self.under(&format!("entry.{index}.value"), shape.value, value)?,
                None => Value::Absent,
            };
            if let (Some(key), false) = (key, value == Value::Absent) {
                entries.push((key.to_owned(), value));
            }
        }
        Ok(Value::Map(entries))
    }

    /// The node that holds a list's or map's items, past the word before the indexes. A parameter
    /// with a name and nothing more is an empty list.
    fn items<'n, 'f>(
        &self,
        word: Option<&str>,
        node: &'n Node<'f>,
    ) -> Result<Option<&'n Node<'f>>, FormTrouble> {
        if node.children.is_empty() {
            return Ok(None);
        }
        match word {
            None => Ok(Some(node)),
            Some(word) => match node.children.get(word) {
                Some(items) => Ok(Some(items)),
                None => Err(FormTrouble::Flat { name: self.name.clone() }),
            },
        }
    }

    fn wrong(&self, shape: Shape, text: &str) -> FormTrouble {
        // Numbers, flags and dates are no secrets; texts never come here, and blobs may be.
        let shown = !matches!(shape, Shape::Blob(_) | Shape::Document);
        FormTrouble::Kind {
            name: self.name.clone(),
            text: shown.then(|| text.to_owned()),
            wanted: Wanted::from(shape),
        }
    }
}

/// The items in the order of their indexes.
fn indexed<'n, 'f>(items: &'n Node<'f>) -> Result<Vec<(&'n str, &'n Node<'f>)>, FormTrouble> {
    let mut indexed = Vec::with_capacity(items.children.len());
    for (token, child) in &items.children {
        let digits = token.bytes().all(|byte| byte.is_ascii_digit()) && !token.starts_with('0');
        let index = if digits { token.parse::<u32>().ok() } else { None };
        let index = index.ok_or_else(|| FormTrouble::Index { token: token.to_string() })?;
        indexed.push((index, token.as_ref(), child));
    }
    indexed.sort_by_key(|(index, ..)| *index);
    Ok(indexed.into_iter().map(|(_, token, child)| (token, child)).collect())
}

/// Reads a scalar; nothing if the text is not of its kind. XML's rules are the same.
pub(crate) fn read_scalar(shape: Shape, text: &str) -> Option<Value> {
    Some(match shape {
        Shape::String(shape) if shape.sensitive => Value::Secret(Secret::from(text)),
        Shape::String(_) => Value::String(text.to_owned()),
        Shape::Blob(shape) => {
            let bytes = STANDARD.decode(text).ok()?;
            if shape.sensitive { Value::SecretBlob(bytes.into()) } else { Value::Blob(bytes) }
        }
        Shape::Boolean => Value::Boolean(match text {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        }),
        Shape::Integer(_) => Value::Integer(text.parse::<i32>().ok()?.into()),
        Shape::Long(_) => Value::Integer(text.parse().ok()?),
        Shape::Float | Shape::Double => Value::Double(text.parse().ok()?),
        Shape::Timestamp => Value::Timestamp(time::parse_iso8601(text)?),
        Shape::Document | Shape::Structure(_) | Shape::List(_) | Shape::Map(_) => return None,
    })
}
