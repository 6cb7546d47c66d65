//! XML to values: one walk over the events, guided by the shape.
//!
//! Elements that the shape does not have are skipped. Namespaces are not looked at.

use crate::client::Unreadable;
use crate::limits::MAX_NAME_PARTS;
use crate::protocol::form::read_scalar;
use crate::protocol::naming::Naming;
use crate::refusal::Wanted;
use api::shape::{List, Map};
use api::{Place, Shape, Structure, Value};
use quick_xml::events::{BytesStart, Event};

type Result<T> = std::result::Result<T, Unreadable>;

/// Reads an XML text from its beginning to its end.
pub(crate) struct Reader<'x> {
    naming: Naming,
    depth: usize,
    events: quick_xml::Reader<&'x [u8]>,
}

impl<'x> Reader<'x> {
    /// A reader at the beginning of a text.
    pub(crate) fn new(naming: Naming, text: &'x [u8]) -> Self {
        let mut events = quick_xml::Reader::from_reader(text);
        events.config_mut().expand_empty_elements = true;
        Self { naming, depth: 0, events }
    }

    /// Steps into the next element, whatever its name.
    pub(crate) fn enter(&mut self) -> Result<()> {
        self.child()?.map(drop).ok_or_else(|| Unreadable::new("it has no element"))
    }

    /// Steps into the next element of that name, past its siblings.
    pub(crate) fn enter_named(&mut self, name: &str) -> Result<()> {
        while let Some(child) = self.child()? {
            if child.local_name().as_ref() == name {
                return Ok(());
            }
            self.skip(&child)?;
        }
        Err(Unreadable::new(format!("it has no element `{name}`")))
    }

    /// Reads the structure whose members are the elements up to the end of the one entered.
    pub(crate) fn structure(&mut self, shape: &'static Structure) -> Result<Value> {
        let mut fields = vec![Value::Absent; shape.members.len()];
        while let Some(child) = self.child()? {
            let name = child.local_name();
            let members = &mut shape.members.iter().enumerate();
            let own = members.find(|(_, member)| {
                member.place == Place::Body && self.naming.in_xml(member) == name.as_ref()
            });
            match own {
                Some((at, member)) if member.flat => self.element(member.shape, &mut fields[at])?,
                Some((at, member)) => fields[at] = self.value(member.shape)?,
                None => self.skip(&child)?,
            }
        }
        Ok(Value::Structure(fields))
    }

    /// Reads one more element of a list that has none around its elements.
    fn element(&mut self, shape: Shape, list: &mut Value) -> Result<()> {
        let Shape::List(shape) = shape else { return Err(Unreadable::new("a list is none")) };
        let element = self.value(shape.element)?;
        match list {
            Value::List(elements) => elements.push(element),
            none => *none = Value::List(vec![element]),
        }
        Ok(())
    }

    fn value(&mut self, shape: Shape) -> Result<Value> {
        // Only a text that is none of AWS's is this deep; the walk must not run out of stack.
        if self.depth >= MAX_NAME_PARTS {
            return Err(Unreadable::new("it is nested too deep"));
        }
        self.depth += 1;
        let value = match shape {
            Shape::Structure(shape) => self.structure(shape),
            Shape::List(shape) => self.list(shape),
            Shape::Map(shape) => self.map(shape),
            scalar => {
                let text = self.text()?;
                let wanted = Wanted::from(scalar);
                let wrong = || Unreadable::new(format!("a {wanted:?} is something else"));
                read_scalar(scalar, &text).ok_or_else(wrong)
            }
        };
        self.depth -= 1;
        value
    }

    /// A list's elements are taken whatever they are called, as botocore does.
    fn list(&mut self, shape: &'static List) -> Result<Value> {
        let mut elements = Vec::new();
        while self.child()?.is_some() {
            elements.push(self.value(shape.element)?);
        }
        Ok(Value::List(elements))
    }

    fn map(&mut self, shape: &'static Map) -> Result<Value> {
        let mut entries = Vec::new();
        while self.child()?.is_some() {
            let (mut key, mut value) = (None, None);
            while let Some(child) = self.child()? {
                match child.local_name().as_ref() {
                    "key" => key = Some(self.text()?),
                    "value" => value = Some(self.value(shape.value)?),
                    _ => self.skip(&child)?,
                }
            }
            entries.extend(key.zip(value));
        }
        Ok(Value::Map(entries))
    }

    /// The next child of the element entered; nothing at its end, which is thereby left.
    fn child(&mut self) -> Result<Option<BytesStart<'x>>> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(Unreadable::new("it ends too early")),
                _ => {}
            }
        }
    }

    /// The text of the element entered, which is thereby left.
    pub(crate) fn text(&mut self) -> Result<String> {
        let mut text = String::new();
        loop {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) => {
                    let escaped = format!("&{};", reference.xml10_content());
                    let resolved = quick_xml::escape::unescape(&escaped);
                    text.push_str(&resolved.map_err(|e| Unreadable::new(e.to_string()))?);
                }
                Event::End(_) => return Ok(text),
                Event::Start(_) | Event::Eof => {
                    return Err(Unreadable::new("it has elements where text should be"));
                }
                _ => {}
            }
        }
    }

    fn skip(&mut self, element: &BytesStart<'_>) -> Result<()> {
        let skipped = self.events.read_to_end(element.name());
        skipped.map(drop).map_err(|e| Unreadable::new(e.to_string()))
    }

    fn event(&mut self) -> Result<Event<'x>> {
        self.events.read_event().map_err(|e| Unreadable::new(e.to_string()))
    }
}

/// The texts of the first elements of the given names, wherever they stand: enough for refusals,
/// whose elements have names of their own.
pub(crate) fn texts<const N: usize>(text: &[u8], names: [&str; N]) -> Result<[Option<String>; N]> {
    let mut found = [const { None }; N];
    let mut reader = Reader::new(Naming::Query, text);
    loop {
        match reader.event()? {
            Event::Start(start) => {
                let name = start.local_name();
                if let Some(at) = names.iter().position(|wanted| *wanted == name.as_ref()) {
                    let text = reader.text()?;
                    found[at].get_or_insert(text);
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
