//! A record's digest, to know it again.

use api::{Record, Shape, Structure, Value};
use aws_lc_rs::digest::{SHA256, digest};
use std::fmt::Write as _;

/// A digest of what a record says, as 32 hexadecimal digits. Members that are absent do not count,
/// so a newer model with more members gives the same digest.
pub(crate) fn of<R: Record + Clone>(record: &R) -> String {
    let mut text = String::new();
    write_structure(&mut text, &record.clone().into_value(), R::SHAPE);
    hex(&text)
}

/// A digest of texts, as 32 hexadecimal digits.
pub(crate) fn of_texts(texts: &[&str]) -> String {
    let mut text = String::new();
    texts.iter().for_each(|inner| write_text(&mut text, inner));
    hex(&text)
}

fn hex(text: &str) -> String {
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref().iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a String can't fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

fn write_structure(text: &mut String, value: &Value, structure: &Structure) {
    let Value::Structure(fields) = value else { return };
    text.push('{');
    for (member, field) in structure.members.iter().zip(fields) {
        if *field != Value::Absent {
            text.push_str(member.name);
            write_value(text, field, member.shape);
        }
    }
    text.push('}');
}

/// Each value is written with its kind's own marks and, for text, its length, so that no two
/// different values are written the same way.
fn write_value(text: &mut String, value: &Value, shape: Shape) {
    match (value, shape) {
        (Value::Structure(_), Shape::Structure(structure)) => {
            write_structure(text, value, structure);
        }
        (Value::List(elements), Shape::List(list)) => {
            text.push('[');
            for element in elements {
                write_value(text, element, list.element);
            }
            text.push(']');
        }
        (Value::Map(entries), Shape::Map(map)) => {
            text.push('(');
            for (key, value) in entries {
                write_text(text, key);
                write_value(text, value, map.value);
            }
            text.push(')');
        }
        (Value::String(inner), _) => write_text(text, inner),
        (Value::Secret(secret), _) => write_text(text, secret.reveal()),
        (other, _) => {
            let _written = write!(text, "<{other:?}>");
        }
    }
}

fn write_text(text: &mut String, inner: &str) {
    let _written = write!(text, "{}:{inner}", inner.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::{KeyValuePair, RegisterTaskDefinitionRequest as Request};

    fn request(family: &str) -> Request {
        Request { family: family.to_owned(), ..Default::default() }
    }

    #[test]
    fn equal_records_have_equal_digests_and_others_others() {
        assert_eq!(of(&request("web")), of(&request("web")));
        assert_ne!(of(&request("web")), of(&request("wed")));
        assert_eq!(of(&request("web")).len(), 32);
    }

    #[test]
    fn texts_do_not_run_into_each_other() {
        let pair = |name: &str, value: &str| KeyValuePair {
            name: Some(name.to_owned()),
            value: Some(value.to_owned()),
        };
        assert_ne!(of(&pair("a", "bc")), of(&pair("ab", "c")));
    }
}
