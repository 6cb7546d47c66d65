//! Tags: the rules that AWS's services share.
//!
//! Lengths and characters are in the services' models, so the codec has checked them. Here is what
//! no model says: no key twice, no key of AWS's own, no more than a resource may have.
//!
//! This file must not know: a service's record types, or how it words its refusal.

use std::fmt;
use world::Tags;

/// How many tags most resources may have.
pub(crate) const MOST: usize = 50;

/// Why tags are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TagMistake {
    /// A key is given twice.
    Duplicate(String),
    /// A key begins with `aws:`, which is reserved.
    Reserved(String),
    /// The resource would have more tags than it may.
    TooMany {
        /// How many it would have.
        count: usize,
        /// How many it may have.
        most: usize,
    },
}

/// The tags of a request that makes a resource.
pub(crate) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Tags, TagMistake> {
    merged(&Tags::new(), pairs, MOST)
}

/// The tags that a resource has after a request that adds some; a key that is there gets the new
/// value.
pub(crate) fn merged(
    old: &Tags,
    pairs: impl IntoIterator<Item = (String, String)>,
    most: usize,
) -> Result<Tags, TagMistake> {
    let mut added = Tags::new();
    for (key, value) in pairs {
        if key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
            return Err(TagMistake::Reserved(key));
        }
        if added.contains_key(&key) {
            return Err(TagMistake::Duplicate(key));
        }
        added.insert(key, value);
    }
    let mut tags = old.clone();
    tags.extend(added);
    match tags.len() {
        count if count > most => Err(TagMistake::TooMany { count, most }),
        _ => Ok(tags),
    }
}

/// The tags that are left after a request that removes some. A key that is not there is no mistake.
pub(crate) fn without<'a>(old: &Tags, keys: impl IntoIterator<Item = &'a String>) -> Tags {
    let mut tags = old.clone();
    for key in keys {
        tags.remove(key);
    }
    tags
}

/// Our own words, for services whose texts are not known.
impl fmt::Display for TagMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(key) => write!(f, "tag key `{key}` is given twice"),
            Self::Reserved(key) => write!(f, "tag key `{key}` is reserved: it begins with `aws:`"),
            Self::TooMany { count, most } => {
                write!(f, "the resource would have {count} tags: at most {most} are allowed")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(keys: &[&str]) -> Vec<(String, String)> {
        keys.iter().map(|key| ((*key).to_owned(), format!("new {key}"))).collect()
    }

    #[test]
    fn a_key_that_is_there_gets_the_new_value() {
        let old = Tags::from([("a".to_owned(), "old".to_owned())]);
        let tags = merged(&old, pairs(&["a", "b"]), MOST).unwrap();
        assert_eq!((tags["a"].as_str(), tags["b"].as_str()), ("new a", "new b"));
    }

    #[test]
    fn what_no_model_says_is_refused() {
        let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (keys, expected) in [
            (&["a", "b", "a"][..], TagMistake::Duplicate("a".to_owned())),
            (&["AWS:x"], TagMistake::Reserved("AWS:x".to_owned())),
            (&many, TagMistake::TooMany { count: 51, most: 50 }),
        ] {
            assert_eq!(new(pairs(keys)), Err(expected));
        }
        assert!(new(pairs(&["aw", "é:", "awsome"])).is_ok());
    }

    #[test]
    fn removing_a_key_that_is_not_there_is_no_mistake() {
        let old = new(pairs(&["a", "b"])).unwrap();
        let keys = ["b".to_owned(), "c".to_owned()];
        assert_eq!(without(&old, &keys), new(pairs(&["a"])).unwrap());
    }
}
