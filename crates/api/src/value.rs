//! A value in no format: what a codec reads and writes, and what records are made of.

use model::secret::SecretBytes;
use model::{Secret, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

use crate::shape::Structure;

/// A value of some [`Shape`](crate::Shape). Which shape, the holder knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Not given, or given as null: AWS makes no difference.
    #[default]
    Absent,
    /// Of a boolean shape.
    Boolean(bool),
    /// Of an integer or long shape.
    Integer(i64),
    /// Of a float or double shape.
    Double(f64),
    /// Of a string shape.
    String(String),
    /// Of a string shape that must never be shown.
    Secret(Secret),
    /// Of a blob shape.
    Blob(Vec<u8>),
    /// Of a blob shape that must never be shown.
    SecretBlob(SecretBytes),
    /// Of a timestamp shape.
    Timestamp(Timestamp),
    /// Of a list shape.
    List(Vec<Self>),
    /// Of a map shape, in the order given.
    Map(Vec<(String, Self)>),
    /// Of a structure shape: one field a member, at the member's position.
    Structure(Vec<Self>),
    /// Of a document shape.
    Document(Document),
}

/// Free JSON, kept as it came.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// Any number.
    Number(f64),
    /// Text.
    String(String),
    /// A sequence.
    List(Vec<Self>),
    /// Named values.
    Map(BTreeMap<String, Self>),
}

/// A value and a record that do not fit each other. A value decoded along the record's own shape
/// fits, unless it lacks a member that AWS calls required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What the record needs: `a string`.
    pub expected: &'static str,
    /// The member, outermost first: `cluster.tags`.
    pub path: String,
}

/// A type that one field of a [`Value::Structure`] can hold.
pub trait Field: Sized {
    /// Takes the field out of its value.
    ///
    /// # Errors
    /// When the value is of another kind, or absent and the field can't be.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Puts the field into a value.
    fn into_value(self) -> Value;
}

/// A type for one structure shape.
pub trait Record: Field {
    /// The shape whose members this type's fields are.
    const SHAPE: &'static Structure;
}

/// A structure's fields, taken one after the other in the order of the shape's members.
#[derive(Debug)]
pub(crate) struct Fields {
    rest: std::vec::IntoIter<Value>,
}

// === impl Fields ===

impl Fields {
    /// The fields of a structure.
    pub(crate) fn of(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Structure(fields) => Ok(Self { rest: fields.into_iter() }),
            _ => Err(Mismatch::new("a structure")),
        }
    }

    /// The next field; `member` is its name in a mismatch.
    pub(crate) fn take<T: Field>(&mut self, member: &str) -> Result<T, Mismatch> {
        let value = self.rest.next().unwrap_or_default();
        T::from_value(value).map_err(|mismatch| mismatch.under(member))
    }

    /// Ends the taking. A structure without members takes nothing, and this is its one use.
    pub(crate) fn finish(&mut self) {
        debug_assert!(self.rest.next().is_none(), "a structure has more fields than its record");
    }
}

// === impl Mismatch ===

impl Mismatch {
    /// A mismatch at the value itself.
    #[must_use]
    pub fn new(expected: &'static str) -> Self {
        Self { expected, path: String::new() }
    }

    /// The same mismatch, seen from the structure that has the value as `member`.
    #[must_use]
    pub fn under(mut self, member: &str) -> Self {
        if !self.path.is_empty() {
            self.path.insert(0, '.');
        }
        self.path.insert_str(0, member);
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at `{}`", self.expected, self.path)
    }
}

impl std::error::Error for Mismatch {}

// === impl Field for the simple types ===

/// A field type that one kind of value holds as it is.
macro_rules! plain {
    ($($type:ty, $kind:ident, $expected:literal;)*) => {$(
        impl Field for $type {
            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match value {
                    Value::$kind(inner) => Ok(inner),
                    _ => Err(Mismatch::new($expected)),
                }
            }

            fn into_value(self) -> Value {
                Value::$kind(self)
            }
        }
    )*};
}

plain! {
    bool, Boolean, "a boolean";
    i64, Integer, "an integer";
    f64, Double, "a number";
    String, String, "a string";
    Secret, Secret, "a secret string";
    Vec<u8>, Blob, "a blob";
    SecretBytes, SecretBlob, "a secret blob";
    Timestamp, Timestamp, "a timestamp";
    Document, Document, "a document";
}

impl Field for i32 {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::Integer(wide) = value else { return Err(Mismatch::new("an integer")) };
        Self::try_from(wide).map_err(|_| Mismatch::new("a 32-bit integer"))
    }

    fn into_value(self) -> Value {
        Value::Integer(self.into())
    }
}

// === impl Field for what holds other fields ===

impl<T: Field> Field for Option<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Absent => Ok(None),
            present => T::from_value(present).map(Some),
        }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

impl<T: Field> Field for Box<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        T::from_value(value).map(Self::new)
    }

    fn into_value(self) -> Value {
        (*self).into_value()
    }
}

// `Vec<u8>` is a blob, so `u8` is no `Field` and this covers every other element.
impl<T: Field> Field for Vec<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(Mismatch::new("a list")) };
        elements.into_iter().map(T::from_value).collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::Map(entries) = value else { return Err(Mismatch::new("a map")) };
        entries.into_iter().map(|(key, value)| Ok((key, T::from_value(value)?))).collect()
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
    }
}

/// Declares a record: a structure's Rust type, with its fields in the order of the shape's members.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident of $shape:path { $($field:ident: $type:ty = $member:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $(#[doc = concat!("`", $member, "`.")] pub $field: $type,)*
        }

        impl $crate::value::Field for $name {
            fn from_value(value: $crate::Value) -> Result<Self, $crate::Mismatch> {
                let mut fields = $crate::value::Fields::of(value)?;
                let record = Self { $($field: fields.take($member)?,)* };
                fields.finish();
                Ok(record)
            }

            fn into_value(self) -> $crate::Value {
                $crate::Value::Structure(vec![
                    $(<$type as $crate::Field>::into_value(self.$field),)*
                ])
            }
        }

        impl $crate::Record for $name {
            const SHAPE: &'static $crate::Structure = &$shape;
        }
    };
}
pub(crate) use record;

/// The record of an operation that is given, or answers, nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nothing;

impl Field for Nothing {
    fn from_value(_: Value) -> Result<Self, Mismatch> {
        Ok(Self)
    }

    fn into_value(self) -> Value {
        Value::Structure(Vec::new())
    }
}

impl Record for Nothing {
    const SHAPE: &'static Structure = &Structure { name: "", members: &[] };
}

#[cfg(test)]
mod tests {
    use crate::ecs::{Tag, TagResourceRequest};
    use crate::{Field, Value};

    #[test]
    fn a_record_goes_into_a_value_and_comes_back() {
        let tag = Tag { key: Some("team".to_owned()), value: None };
        let record = TagResourceRequest { resource_arn: "arn".to_owned(), tags: vec![tag] };
        let value = record.clone().into_value();
        assert_eq!(TagResourceRequest::from_value(value), Ok(record));
    }

    #[test]
    fn a_required_member_that_is_absent_is_named() {
        let value = Value::Structure(vec![Value::String("arn".to_owned()), Value::Absent]);
        let mismatch = TagResourceRequest::from_value(value).unwrap_err();
        assert_eq!(mismatch.to_string(), "expected a list at `tags`");
    }
}
