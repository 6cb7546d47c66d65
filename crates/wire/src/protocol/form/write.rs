//! A value to a form, along its shape.

use crate::hex;
use crate::protocol::naming::Naming;
use api::shape::{List, Map};
use api::{Shape, Structure, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Writes a form that begins with the given parameters and goes on with a structure's members.
pub(crate) fn write(
    naming: Naming,
    shape: &'static Structure,
    value: &Value,
    head: &[(&str, &str)],
) -> String {
    let mut writer = Writer { naming, name: String::new(), form: String::new() };
    for (name, text) in head {
        writer.under(name, |writer| writer.parameter(text));
    }
    writer.value(Shape::Structure(shape), value);
    writer.form
}

struct Writer {
    naming: Naming,
    name: String,
    form: String,
}

impl Writer {
    fn value(&mut self, shape: Shape, value: &Value) {
        match (shape, value) {
            (Shape::Structure(shape), Value::Structure(fields)) => self.structure(shape, fields),
            (Shape::List(shape), Value::List(elements)) => self.list(shape, elements),
            (Shape::Map(shape), Value::Map(entries)) => self.map(shape, entries),
            (_, value) => {
                if let Some(text) = scalar_text(value) {
                    self.parameter(&text);
                }
            }
        }
    }

    fn structure(&mut self, shape: &'static Structure, fields: &[Value]) {
        for (member, value) in shape.members.iter().zip(fields) {
            let name = self.naming.in_form(member);
            self.under(&name, |writer| writer.value(member.shape, value));
        }
    }

    /// Query says of an empty list that it is empty; EC2 says nothing.
    fn list(&mut self, shape: &'static List, elements: &[Value]) {
        let word = self.naming.before_index(shape);
        match word {
            Some(_) if elements.is_empty() => self.parameter(""),
            Some(word) => self.under(word, |writer| writer.elements(shape.element, elements)),
            None => self.elements(shape.element, elements),
        }
    }

    fn elements(&mut self, shape: Shape, elements: &[Value]) {
        for (at, value) in elements.iter().enumerate() {
            self.under(&(at + 1).to_string(), |writer| writer.value(shape, value));
        }
    }

    fn map(&mut self, shape: &'static Map, entries: &[(String, Value)]) {
        for (at, (key, value)) in entries.iter().enumerate() {
            let index = at + 1;
            self.under(&format!("entry.{index}.key"), |writer| writer.parameter(key));
            self.under(&format!("entry.{index}.value"), |writer| writer.value(shape.value, value));
        }
    }

    fn under(&mut self, part: &str, write: impl FnOnce(&mut Self)) {
        let before = self.name.len();
        if before > 0 {
            self.name.push('.');
        }
        self.name.push_str(part);
        write(self);
        self.name.truncate(before);
    }

    fn parameter(&mut self, text: &str) {
        if !self.form.is_empty() {
            self.form.push('&');
        }
        push_encoded(&mut self.form, self.name.as_bytes());
        self.form.push('=');
        push_encoded(&mut self.form, text.as_bytes());
    }
}

/// A scalar's text in forms and in XML; nothing for what is absent or no scalar.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Double(number) => double_text(*number),
        Value::String(text) => text.clone(),
        Value::Secret(secret) => secret.reveal().to_owned(),
        Value::Blob(bytes) => STANDARD.encode(bytes),
        Value::SecretBlob(secret) => STANDARD.encode(secret.reveal()),
        Value::Timestamp(at) => at.to_string(),
        Value::Absent
        | Value::List(_)
        | Value::Map(_)
        | Value::Structure(_)
        | Value::Document(_) => return None,
    })
}

/// Rust's words for the numbers that are none are `inf` and `NaN`; AWS's are `Infinity` and `NaN`.
fn double_text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    number.to_string()
}

/// Appends bytes, percent-encoded but for the letters, digits and `-._~`.
pub(crate) fn push_encoded(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            out.push(char::from(*byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode(&[*byte]).to_ascii_uppercase());
        }
    }
}
