//! YAML as JSON: short forms of functions become long ones.
//!
//! Scalars are read as CloudFormation reads them, which is YAML 1.1 for truth values (`yes`, `on`) and
//! texts for dates and for numbers with a leading zero (an account's id).

use crate::Mistake;
use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag, options};
use serde_json::{Map, Number, Value, json};
use std::collections::BTreeMap;

/// Lists and mappings inside each other; readers recurse, so the limit keeps their stack small.
const DEEPEST: usize = 64;

/// Values that all aliases together may expand to. A bomb of 400 bytes makes billions.
const MOST_ALIASED: usize = 100_000;

/// The value of a YAML text.
pub(crate) fn read(text: &str) -> Result<Value, Mistake> {
    let options = options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|why| malformed(why.marker()))?;
        builder.take(event, span.start)?;
    }
    builder.root.ok_or_else(|| Mistake::format("unsupported structure."))
}

fn malformed(at: &Marker) -> Mistake {
    let (line, column) = (at.line(), at.col() + 1);
    Mistake::format(format!("YAML not well-formed. (line {line}, column {column})"))
}

#[derive(Default)]
struct Builder {
    /// Lists and mappings that are still open, outermost first.
    open: Vec<Open>,
    /// Closed values with an anchor, by the parser's number for it.
    anchors: BTreeMap<usize, Value>,
    aliased: usize,
    root: Option<Value>,
}

/// A list or mapping that has not ended.
struct Open {
    children: Children,
    /// The function that its tag is short for.
    function: Option<String>,
    anchor: usize,
}

enum Children {
    Items(Vec<Value>),
    /// Entries, and the key that waits for its value.
    Entries(Map<String, Value>, Option<String>),
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: Marker) -> Result<(), Mistake> {
        match event {
            // A key is a text, whatever it looks like.
            Event::Scalar(text, _, anchor, None) if self.expects_key() => {
                self.close(Value::String(text.into_owned()), anchor, at)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref(), at)?;
                self.close(value, anchor, at)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(Children::Items(Vec::new()), anchor, tag.as_deref(), at)
            }
            Event::MappingStart(_, anchor, tag) => {
                let children = Children::Entries(Map::new(), None);
                self.begin(children, anchor, tag.as_deref(), at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::UnresolvedAlias(_) => Err(malformed(&at)),
            Event::DocumentStart(..) if self.root.is_some() => Err(malformed(&at)),
            // Starts and ends of stream and document carry no value.
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { children: Children::Entries(_, None), .. }))
    }

    fn begin(
        &mut self,
        children: Children,
        anchor: usize,
        tag: Option<&Tag>,
        at: Marker,
    ) -> Result<(), Mistake> {
        let function = tag.map(|tag| long_form(tag, at)).transpose()?.flatten();
        self.open.push(Open { children, function, anchor });
        Ok(())
    }

    fn end(&mut self, at: Marker) -> Result<(), Mistake> {
        let Some(Open { children, function, anchor }) = self.open.pop() else { return Ok(()) };
        let value = match children {
            Children::Items(items) => Value::Array(items),
            Children::Entries(entries, _) => Value::Object(merged(entries)),
        };
        let value = match function {
            Some(name) => called(&name, value),
            None => value,
        };
        self.close(value, anchor, at)
    }

    /// Puts a finished value where it belongs: into the collection that is open, or at the root.
    fn close(&mut self, value: Value, anchor: usize, at: Marker) -> Result<(), Mistake> {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.root = Some(value),
            Some(Children::Items(items)) => items.push(value),
            Some(Children::Entries(entries, waiting)) => match waiting.take() {
                Some(key) if entries.contains_key(&key) => {
                    return Err(Mistake::format(format!("duplicate key '{key}'")));
                }
                Some(key) => drop(entries.insert(key, value)),
                None => *waiting = Some(key_of(&value).ok_or_else(|| malformed(&at))?),
            },
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: Marker) -> Result<(), Mistake> {
        let value = self.anchors.get(&anchor).cloned().ok_or_else(|| malformed(&at))?;
        self.aliased += size(&value);
        if self.aliased > MOST_ALIASED {
            return Err(malformed(&at));
        }
        self.close(value, 0, at)
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn key_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A mapping with its merge key (`<<`) carried out: what it has itself counts.
fn merged(mut entries: Map<String, Value>) -> Map<String, Value> {
    let sources = match entries.remove("<<") {
        Some(Value::Array(sources)) => sources,
        Some(source) => vec![source],
        None => return entries,
    };
    for source in sources {
        let Value::Object(source) = source else { continue };
        for (key, value) in source {
            entries.entry(key).or_insert(value);
        }
    }
    entries
}

/// The function that a tag is short for; none for YAML's own tags (`!!str`).
fn long_form(tag: &Tag, at: Marker) -> Result<Option<String>, Mistake> {
    let written = tag.original();
    let Some(name) = written.strip_prefix('!').filter(|name| !name.starts_with('!')) else {
        return Ok(None);
    };
    match name {
        "" => Ok(None),
        "Ref" | "Condition" => Ok(Some(name.to_owned())),
        name if name.chars().all(char::is_alphanumeric) => Ok(Some(format!("Fn::{name}"))),
        _ => Err(malformed(&at)),
    }
}

/// A function in its long form. `!GetAtt a.b` names two things in one text.
fn called(name: &str, given: Value) -> Value {
    match given {
        Value::String(text) if name == "Fn::GetAtt" => match text.split_once('.') {
            Some((resource, attribute)) => json!({ name: [resource, attribute] }),
            None => json!({ name: text }),
        },
        given => json!({ name: given }),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: Marker) -> Result<Value, Mistake> {
    let function = tag.map(|tag| long_form(tag, at)).transpose()?.flatten();
    let value = match (style, tag.is_some() && function.is_none()) {
        (ScalarStyle::Plain, false) if function.is_none() => plain(text),
        _ => Value::String(text.to_owned()),
    };
    Ok(match function {
        Some(name) => called(&name, value),
        None => value,
    })
}

/// What a scalar without quotes is.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let begins_with_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if begins_with_zero || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Value::String(text.to_owned());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Value::Number(number.into());
    }
    let number = text.parse::<f64>().ok().filter(|_| !text.contains(['e', 'E']));
    let number = number.and_then(Number::from_f64).filter(|number| number.to_string() == text);
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
