//! Text to a tree of names.

use crate::hex;
use crate::limits::{MAX_NAME_PARTS, MAX_PARAMETERS};
use crate::refusal::FormTrouble;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What one part of a parameter's name leads to.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    /// The value of the parameter whose name ends here.
    pub(crate) value: Option<Cow<'a, str>>,
    /// What follows after the next dot.
    pub(crate) children: BTreeMap<Cow<'a, str>, Self>,
}

/// Reads a form. Of a parameter given twice the first one counts, as STS was seen to do.
pub(crate) fn parse(form: &[u8]) -> Result<Node<'_>, FormTrouble> {
    let form = std::str::from_utf8(form).map_err(|_| FormTrouble::Encoding)?;
    let mut root = Node::default();
    for (count, (name, value)) in pairs(form).enumerate() {
        if count >= MAX_PARAMETERS {
            return Err(FormTrouble::TooMuch);
        }
        root.insert(decoded(name)?, decoded(value)?)?;
    }
    Ok(root)
}

/// The first parameter of that plain name, without reading the whole form.
pub(crate) fn first<'a>(form: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value) = pairs(form).find(|(given, _)| *given == name)?;
    decoded(value).ok()
}

impl<'a> Node<'a> {
    fn insert(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), FormTrouble> {
        let mut node = self;
        for (depth, part) in parts(name).into_iter().enumerate() {
            if depth >= MAX_NAME_PARTS {
                return Err(FormTrouble::TooMuch);
            }
            node = node.children.entry(part).or_default();
        }
        node.value.get_or_insert(value);
        Ok(())
    }
}

/// The parts of a name; no more than one too many of them.
fn parts(name: Cow<'_, str>) -> Vec<Cow<'_, str>> {
    match name {
        Cow::Borrowed(name) => name.splitn(MAX_NAME_PARTS + 1, '.').map(Cow::Borrowed).collect(),
        Cow::Owned(name) => {
            name.splitn(MAX_NAME_PARTS + 1, '.').map(|part| Cow::Owned(part.to_owned())).collect()
        }
    }
}

/// Names and values, still encoded.
fn pairs(form: &str) -> impl Iterator<Item = (&str, &str)> {
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// A name or value with `+` and `%XX` resolved.
fn decoded(text: &str) -> Result<Cow<'_, str>, FormTrouble> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    let bytes = percent_decoded(&spaced).ok_or(FormTrouble::Encoding)?;
    let text = String::from_utf8(bytes).map_err(|_| FormTrouble::Encoding)?;
    Ok(Cow::Owned(text))
}

/// The bytes that a percent-encoded text means; nothing if a `%` lacks its two digits.
pub(crate) fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex::digit(rest.next()?)? * 16 + hex::digit(rest.next()?)?,
            plain => plain,
        });
    }
    Some(bytes)
}
