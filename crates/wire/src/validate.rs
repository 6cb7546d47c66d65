//! Holding a value against the constraints of its shape.
//!
//! Only what AWS's model declares is checked here: what must be there, counts, lengths, ranges,
//! patterns and enumerations. What a service checks beyond its model is its handlers' matter.
//!
//! Start reading at [`validate()`]; `words` has AWS's texts and says in which service's manner.

pub(crate) mod pattern;
pub(crate) mod words;

use crate::Refusal;
use crate::limits::MAX_VIOLATIONS;
use api::shape::{List, Map, Range, Text};
use api::{Operation, Shape, Structure, Value};

/// A value that does not meet one constraint of its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where: `logEvents.1.member.timestamp`.
    pub path: String,
    /// What stands there.
    pub shown: Shown,
    /// What it should be.
    pub constraint: Constraint,
}

/// What a message may show of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Nothing stands there.
    Null,
    /// A text, number, or list of such.
    Text(String),
    /// It must not be shown, or has no text that a person would know.
    Hidden,
}

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// The value must be there.
    NotNull,
    /// The text must be one of these.
    Words(&'static [&'static str]),
    /// The whole text must match.
    Pattern(&'static str),
    /// The least length or count.
    MinLength(i64),
    /// The greatest length or count.
    MaxLength(i64),
    /// The least number.
    MinValue(i64),
    /// The greatest number.
    MaxValue(i64),
    /// Each element of a list must meet all of these.
    Elements(Vec<Self>),
    /// Each key of a map must meet all of these.
    Keys(Vec<Self>),
    /// Each value of a map must meet all of these.
    Values(Vec<Self>),
}

/// Checks a decoded input against its operation's shapes.
///
/// # Errors
/// [`Refusal::Invalid`] with every violation, in the order of the shape's members, up to
/// [`MAX_VIOLATIONS`].
pub fn validate(operation: &'static Operation, input: &Value) -> Result<(), Refusal> {
    let mut check = Check { path: String::new(), violations: Vec::new() };
    check.structure(operation.input, input);
    if check.violations.is_empty() {
        return Ok(());
    }
    Err(Refusal::Invalid { service: operation.service, violations: check.violations })
}

/// A check under way.
struct Check {
    path: String,
    violations: Vec<Violation>,
}

impl Check {
    fn structure(&mut self, shape: &'static Structure, value: &Value) {
        let Value::Structure(fields) = value else { return };
        for (member, value) in shape.members.iter().zip(fields) {
            let before = self.enter(member.name);
            match value {
                Value::Absent if member.required => self.add(Shown::Null, Constraint::NotNull),
                Value::Absent => {}
                value => self.value(member.shape, value),
            }
            self.path.truncate(before);
        }
    }

    fn value(&mut self, shape: Shape, value: &Value) {
        match (shape, value) {
            (Shape::Structure(shape), value) => self.structure(shape, value),
            (Shape::List(shape), Value::List(elements)) => self.list(shape, value, elements),
            (Shape::Map(shape), Value::Map(entries)) => self.map(shape, entries),
            (shape, value) => {
                for constraint in scalar_violations(shape, value) {
                    self.add(shown(value), constraint);
                }
            }
        }
    }

    /// The elements of a list of scalars are reported with the list, those of others on their own.
    fn list(&mut self, shape: &'static List, list: &Value, elements: &[Value]) {
        if let Some(constraint) = length_violation(shape.range, elements.len()) {
            self.add(shown(list), constraint);
        }
        let constraints = scalar_constraints(shape.element);
        if !constraints.is_empty() {
            let met = |element| scalar_violations(shape.element, element).is_empty();
            if !elements.iter().all(met) {
                self.add(shown(list), Constraint::Elements(constraints));
            }
            return;
        }
        for (at, element) in elements.iter().enumerate() {
            let before = self.enter(&format!("{}.member", at + 1));
            self.value(shape.element, element);
            self.path.truncate(before);
        }
    }

    fn map(&mut self, shape: &'static Map, entries: &[(String, Value)]) {
        if let Some(constraint) = length_violation(shape.range, entries.len()) {
            self.add(Shown::Hidden, constraint);
        }
        let met = |(key, _): &(String, Value)| text_violations(shape.key, key).is_empty();
        if !entries.iter().all(met) {
            self.add(Shown::Hidden, Constraint::Keys(text_constraints(shape.key)));
        }
        let constraints = scalar_constraints(shape.value);
        if !constraints.is_empty() {
            let met = |(_, value): &(_, Value)| scalar_violations(shape.value, value).is_empty();
            if !entries.iter().all(met) {
                self.add(Shown::Hidden, Constraint::Values(constraints));
            }
            return;
        }
        for (key, value) in entries {
            let before = self.enter(&format!("{key}.member"));
            self.value(shape.value, value);
            self.path.truncate(before);
        }
    }

    /// Goes to a member: AWS writes its name with a small first letter. Answers where to return.
    fn enter(&mut self, name: &str) -> usize {
        let before = self.path.len();
        if before > 0 {
            self.path.push('.');
        }
        let mut chars = name.chars();
        self.path.extend(chars.next().map(|first| first.to_ascii_lowercase()));
        self.path.push_str(chars.as_str());
        before
    }

    fn add(&mut self, shown: Shown, constraint: Constraint) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation { path: self.path.clone(), shown, constraint });
        }
    }
}

/// What a message may show of a value. Structures and maps have no text but Java's.
fn shown(value: &Value) -> Shown {
    match value {
        Value::String(text) => Shown::Text(text.clone()),
        Value::Integer(number) => Shown::Text(number.to_string()),
        Value::Absent => Shown::Null,
        Value::List(elements) => {
            let texts: Option<Vec<String>> = elements
                .iter()
                .map(|element| match shown(element) {
                    Shown::Text(text) => Some(text),
                    Shown::Null | Shown::Hidden => None,
                })
                .collect();
            texts.map_or(Shown::Hidden, |texts| Shown::Text(format!("[{}]", texts.join(", "))))
        }
        _ => Shown::Hidden,
    }
}

/// All constraints that a scalar shape has.
fn scalar_constraints(shape: Shape) -> Vec<Constraint> {
    match shape {
        Shape::String(text) => text_constraints(text),
        Shape::Integer(range) | Shape::Long(range) => {
            bounds(*range, Constraint::MaxValue, Constraint::MinValue)
        }
        Shape::Blob(blob) => lengths(blob.range),
        _ => Vec::new(),
    }
}

/// All constraints that a text has, in the order in which AWS lists them for elements and keys.
fn text_constraints(text: &'static Text) -> Vec<Constraint> {
    let mut constraints = lengths(text.range);
    constraints.extend(text.pattern.map(Constraint::Pattern));
    if !text.words.is_empty() {
        constraints.push(Constraint::Words(text.words));
    }
    constraints
}

fn lengths(range: Range) -> Vec<Constraint> {
    bounds(range, Constraint::MaxLength, Constraint::MinLength)
}

fn bounds(
    range: Range,
    max: impl Fn(i64) -> Constraint,
    min: impl Fn(i64) -> Constraint,
) -> Vec<Constraint> {
    range.max.map(max).into_iter().chain(range.min.map(min)).collect()
}

/// The constraints that a scalar does not meet.
fn scalar_violations(shape: Shape, value: &Value) -> Vec<Constraint> {
    match (shape, value) {
        (Shape::String(text), Value::String(value)) => text_violations(text, value),
        (Shape::String(text), Value::Secret(value)) => text_violations(text, value.reveal()),
        (Shape::Integer(range) | Shape::Long(range), Value::Integer(number)) => {
            value_violation(*range, *number).into_iter().collect()
        }
        (Shape::Blob(blob), Value::Blob(bytes)) => {
            length_violation(blob.range, bytes.len()).into_iter().collect()
        }
        (Shape::Blob(blob), Value::SecretBlob(secret)) => {
            length_violation(blob.range, secret.reveal().len()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The constraints that a text does not meet: enumeration, pattern, length, in the order in which
/// STS and Logs were seen to list them. Lengths count characters, as STS was seen to do.
fn text_violations(shape: &'static Text, text: &str) -> Vec<Constraint> {
    let mut violations = Vec::new();
    if !shape.words.is_empty() && !shape.words.contains(&text) {
        violations.push(Constraint::Words(shape.words));
    }
    if let Some(source) = shape.pattern
        && !pattern::matches(source, text)
    {
        violations.push(Constraint::Pattern(source));
    }
    if shape.range != Range::ANY {
        violations.extend(length_violation(shape.range, text.chars().count()));
    }
    violations
}

fn length_violation(range: Range, length: usize) -> Option<Constraint> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    violated(range, length, Constraint::MinLength, Constraint::MaxLength)
}

fn value_violation(range: Range, number: i64) -> Option<Constraint> {
    violated(range, number, Constraint::MinValue, Constraint::MaxValue)
}

fn violated(
    range: Range,
    number: i64,
    min: impl Fn(i64) -> Constraint,
    max: impl Fn(i64) -> Constraint,
) -> Option<Constraint> {
    match (range.min, range.max) {
        (Some(least), _) if number < least => Some(min(least)),
        (_, Some(most)) if number > most => Some(max(most)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
