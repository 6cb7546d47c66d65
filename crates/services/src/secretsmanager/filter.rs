//! Filters of secrets, as the model's documentation of `Filter` has them.

use super::fault;
use api::Fault;
use api::secretsmanager::Filter as Given;
use world::SecretItem;

/// A filter: one of its values has to fit.
#[derive(Debug)]
pub(super) struct Filter {
    key: Key,
    values: Vec<String>,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy)]
enum Key {
    Name,
    Description,
    /// The keys of its tags.
    Tags,
    /// Their values.
    TagValues,
    All,
    /// What no secret of the region has: replicas, owning services.
    Nothing,
}

// === impl Filter ===

impl Filter {
    /// The filters of a request.
    pub(super) fn read(given: Vec<Given>) -> Result<Vec<Self>, Fault> {
        given.into_iter().map(Self::of).collect()
    }

    /// Whether a secret passes. A value that begins with `!` fits where the rest of it doesn't.
    pub(super) fn admits(&self, secret: &SecretItem) -> bool {
        self.values.iter().any(|value| match value.strip_prefix('!') {
            Some(value) => !self.fits(secret, value),
            None => self.fits(secret, value),
        })
    }

    fn of(given: Given) -> Result<Self, Fault> {
        // Second-hand, both: moto's.
        let key = given.key.ok_or_else(|| fault::parameter("Invalid filter key"))?;
        let values = given
            .values
            .ok_or_else(|| fault::parameter(format!("Invalid filter values for key: {key}")))?;
        let key = match key.as_str() {
            "name" => Key::Name,
            "description" => Key::Description,
            "tag-key" => Key::Tags,
            "tag-value" => Key::TagValues,
            "all" => Key::All,
            _ => Key::Nothing,
        };
        Ok(Self { key, values })
    }

    fn fits(&self, secret: &SecretItem, value: &str) -> bool {
        let name = secret.name.as_str();
        let description = secret.description.as_deref();
        match self.key {
            Key::Name => name.starts_with(value),
            Key::Tags => secret.tags.keys().any(|key| key.starts_with(value)),
            Key::TagValues => secret.tags.values().any(|text| text.starts_with(value)),
            // Documented as a beginning; found by moto to be a search by words, as `all` is.
            Key::Description => description.is_some_and(|text| has_words(text, value)),
            Key::All => {
                let tags = secret.tags.iter().flat_map(|(key, value)| [key, value]);
                let tags = tags.map(String::as_str);
                let mut texts = [name].into_iter().chain(description).chain(tags);
                texts.any(|text| has_words(text, value))
            }
            Key::Nothing => false,
        }
    }
}

/// Whether each word of `wanted` begins a word of `text`, whatever the case.
fn has_words(text: &str, wanted: &str) -> bool {
    let (there, wanted) = (words(text), words(wanted));
    let begins = |word: &String| there.iter().any(|found| found.starts_with(word.as_str()));
    !wanted.is_empty() && wanted.iter().all(begins)
}

/// A text's words: what is between other characters than letters and digits, and in that what
/// begins with a capital. How exactly AWS parts words is not documented.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let begins = match before {
            Some(before) => {
                !before.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase())
            }
            None => true,
        };
        if c.is_alphanumeric() {
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = Some(c);
    }
    words
}
