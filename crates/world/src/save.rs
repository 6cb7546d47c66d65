//! Rows as bytes, and back.
//!
//! A row is saved as JSON: self-describing, so that a field added later (`#[serde(default)]`) reads
//! older rows, and a person can look at one. The store seals the bytes, because rows hold secrets.

use crate::{Row, RowKey};
use serde::Serialize;
use std::fmt;

/// The version of the saved form. It grows when older rows can no longer be read, which a release
/// that does it must say.
pub const FORMAT: u32 = 1;

/// Bytes that are no saved row.
#[derive(Debug)]
pub struct LoadError {
    source: serde_json::Error,
}

/// The bytes of a key. Equal keys have equal bytes; the order of bytes means nothing.
///
/// # Panics
/// Never: keys are enums of strings and numbers, which always have a JSON form.
#[must_use]
pub fn key(key: &RowKey) -> Vec<u8> {
    serde_json::to_vec(key).expect("a key has a JSON form")
}

/// The bytes of what has a row's form.
pub(crate) fn row(row: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(row).expect("rows hold maps with string keys and finite numbers only")
}

/// The row of saved bytes.
///
/// # Errors
/// When the bytes were not written by [`World::saved`](crate::World::saved) of a format this code reads.
pub fn load(bytes: &[u8]) -> Result<Row, LoadError> {
    serde_json::from_slice(bytes).map_err(|source| LoadError { source })
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a saved row can't be read")
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
