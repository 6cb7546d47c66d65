//! Attributes: named settings of load balancers, target groups and listeners (reference §4.6-§4.8).
//!
//! Each kind has a table of the keys it takes, with AWS's defaults. A row keeps only what a client
//! has set, so that a default can depend on the row.

pub(super) mod balancer;
pub(super) mod group;
pub(super) mod listener;

use crate::query::invalid;
use api::Fault;
use std::collections::BTreeMap;

/// A key that a kind of resource takes.
struct Attribute {
    key: &'static str,
    default: &'static str,
    values: Values,
    /// What AWS says of a value that it does not take.
    refusal: Refusal,
}

/// AWS's words for a key and a value that is not taken.
type Refusal = fn(&str, &str) -> String;

/// What an attribute may be.
#[derive(Clone, Copy)]
enum Values {
    /// Any text.
    Any,
    /// Nothing, or what a header may say.
    HeaderValue,
    /// Nothing, or what a header may be called.
    HeaderName,
    /// One of some words.
    Words(&'static [&'static str]),
    /// A whole number, both bounds included.
    Number(u32, u32),
    /// A word, or a whole number.
    WordOrNumber(&'static str, u32, u32),
}

const FLAG: Values = Values::Words(&["true", "false"]);
const NO_FLAG: Refusal =
    |key, value| format!("The value of '{key}' must be 'true' or 'false', but was '{value}'");

/// Settings by key.
type Settings = BTreeMap<String, String>;

// === impl Attribute ===

impl Attribute {
    /// An attribute that is `true` or `false`.
    const fn flag(key: &'static str, default: &'static str) -> Self {
        Self { key, default, values: FLAG, refusal: NO_FLAG }
    }

    /// An attribute that may be any text, and is empty by default.
    const fn text(key: &'static str) -> Self {
        Self { key, default: "", values: Values::Any, refusal: |_, _| String::new() }
    }

    fn check(&self, value: &str) -> Result<(), Fault> {
        if self.values.contain(value) {
            return Ok(());
        }
        Err(invalid((self.refusal)(self.key, value)))
    }
}

// === impl Values ===

impl Values {
    fn contain(self, value: &str) -> bool {
        let between = |from: u32, to: u32| {
            let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            digits && value.parse().is_ok_and(|number: u32| (from..=to).contains(&number))
        };
        match self {
            Self::Any => true,
            Self::HeaderValue => {
                value.len() <= 1024 && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
            }
            Self::HeaderName => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                value.len() <= 40 && value.bytes().all(fits)
            }
            Self::Words(words) => words.contains(&value),
            Self::Number(from, to) => between(from, to),
            Self::WordOrNumber(word, from, to) => value == word || between(from, to),
        }
    }
}

/// The settings after a request that gives some. `unknown` words the fault for a key that is not in
/// the table, `twice` the one for a key that is given more than once.
fn changed(
    old: &Settings,
    given: Vec<(String, String)>,
    table: &[Attribute],
    unknown: impl Fn(&str) -> Fault,
    twice: impl Fn(&str) -> Fault,
) -> Result<Settings, Fault> {
    let mut fresh = Settings::new();
    for (key, value) in given {
        let attribute = table.iter().find(|attribute| attribute.key == key);
        attribute.ok_or_else(|| unknown(&key))?.check(&value)?;
        if fresh.contains_key(&key) {
            return Err(twice(&key));
        }
        fresh.insert(key, value);
    }
    let mut settings = old.clone();
    settings.extend(fresh);
    Ok(settings)
}

/// Every setting of a resource, in the table's order.
fn all<'a>(
    settings: &'a Settings,
    table: &'static [Attribute],
) -> impl Iterator<Item = (&'static str, &'a str)> {
    table.iter().map(|attribute| {
        let set = settings.get(attribute.key).map(String::as_str);
        (attribute.key, set.unwrap_or(attribute.default))
    })
}

/// One setting.
fn value<'a>(settings: &'a Settings, table: &[Attribute], key: &str) -> &'a str {
    let set = settings.get(key).map(String::as_str);
    set.or_else(|| default(table, key)).unwrap_or_default()
}

fn default(table: &[Attribute], key: &str) -> Option<&'static str> {
    table.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.default)
}
