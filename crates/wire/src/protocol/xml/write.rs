//! Values to XML, indented as AWS's answers are; REST-XML's are in one line.

use crate::protocol::form::scalar_text;
use crate::protocol::naming::Naming;
use api::shape::{List, Map};
use api::{Member, Place, Shape, Structure, Value};

/// Writes elements into a text.
pub(crate) struct Writer {
    naming: Naming,
    depth: usize,
    text: String,
}

impl Writer {
    /// A writer that begins with nothing.
    pub(crate) fn new(naming: Naming) -> Self {
        Self { naming, depth: 0, text: String::new() }
    }

    /// What has been written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Writes the declaration that the answers of EC2 and REST-XML begin with.
    pub(crate) fn declaration(&mut self) {
        self.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// Writes the outermost element.
    pub(crate) fn root(&mut self, name: &str, namespace: &str, inside: impl FnOnce(&mut Self)) {
        self.text.push_str(&format!("<{name} xmlns=\"{namespace}\">"));
        self.end_line();
        self.inside(name, inside);
    }

    /// Writes an element that holds elements.
    pub(crate) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.open(name);
        self.text.push('>');
        self.end_line();
        self.inside(name, inside);
    }

    /// Writes an element that holds text.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.open(name);
        self.text.push('>');
        push_escaped(&mut self.text, text);
        self.close(name);
    }

    /// Writes a structure's members, each an element; absent ones are left out.
    pub(crate) fn members(&mut self, shape: &'static Structure, value: &Value) {
        let Value::Structure(fields) = value else { return };
        for (member, value) in shape.members.iter().zip(fields) {
            if member.place == Place::Body {
                self.member(member, value);
            }
        }
    }

    fn member(&mut self, member: &'static Member, value: &Value) {
        let name = self.naming.in_xml(member);
        match (member.shape, value) {
            (Shape::List(shape), Value::List(elements)) if member.flat => {
                elements.iter().for_each(|element| self.value(name, shape.element, element));
            }
            (shape, value) => self.value(name, shape, value),
        }
    }

    /// Writes text into the element that is open.
    pub(crate) fn text(&mut self, text: &str) {
        push_escaped(&mut self.text, text);
    }

    fn value(&mut self, name: &str, shape: Shape, value: &Value) {
        match (shape, value) {
            (Shape::Structure(shape), Value::Structure(_)) => {
                self.element(name, |writer| writer.members(shape, value));
            }
            (Shape::List(shape), Value::List(elements)) => self.list(name, shape, elements),
            (Shape::Map(shape), Value::Map(entries)) => self.map(name, shape, entries),
            (_, value) => {
                if let Some(text) = scalar_text(value) {
                    self.leaf(name, &text);
                }
            }
        }
    }

    fn list(&mut self, name: &str, shape: &'static List, elements: &[Value]) {
        if elements.is_empty() {
            return self.empty(name);
        }
        self.element(name, |writer| {
            for element in elements {
                writer.value(shape.element_name, shape.element, element);
            }
        });
    }

    fn map(&mut self, name: &str, shape: &'static Map, entries: &[(String, Value)]) {
        if entries.is_empty() {
            return self.empty(name);
        }
        self.element(name, |writer| {
            for (key, value) in entries {
                writer.element("entry", |writer| {
                    writer.leaf("key", key);
                    writer.value("value", shape.value, value);
                });
            }
        });
    }

    /// Writes an element that holds nothing, as AWS writes empty lists.
    fn empty(&mut self, name: &str) {
        self.open(name);
        self.text.push_str("/>");
        self.end_line();
    }

    fn inside(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        self.close(name);
    }

    fn open(&mut self, name: &str) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
        self.end_line();
    }

    fn end_line(&mut self) {
        if self.naming != Naming::Rest {
            self.text.push('\n');
        }
    }

    fn indent(&mut self) {
        // AWS indents by two for Query and by four for EC2.
        let width = match self.naming {
            Naming::Query => 2,
            Naming::Ec2 => 4,
            Naming::Rest => 0,
        };
        self.text.extend(std::iter::repeat_n(' ', self.depth * width));
    }
}

/// Appends a text as character data. A carriage return is written as a reference, since readers turn
/// a bare one into a line feed; a character that XML 1.0 can't hold becomes the one that stands for
/// such.
fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
