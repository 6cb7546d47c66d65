//! Where each given field stands in the text.

use crate::TextSpan;
use std::collections::BTreeMap;

/// The places of all fields that the manifest gives, by path: `services.api.health.interval`,
/// `services.api.routes.0.path`. A field that has its default has no place.
///
/// A value that comes from an environment's overlay stands in the overlay, one that comes through a
/// YAML alias stands at the anchor: always where it can be changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions(BTreeMap<String, Position>);

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The key; the value itself for an item of a list.
    pub key: TextSpan,
    /// The value.
    pub value: TextSpan,
}

impl Positions {
    /// The place of a field, if the manifest gives it.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Position> {
        self.0.get(path).copied()
    }

    /// The place of a field, or of the nearest thing around it: what a message about a default, or
    /// about something missing, points at. `None` only when nothing around it is given either.
    #[must_use]
    pub fn nearest(&self, path: &str) -> Option<TextSpan> {
        if let Some(position) = self.0.get(path) {
            return Some(position.value);
        }
        let mut path = path;
        while let Some((parent, _)) = path.rsplit_once('.') {
            if let Some(position) = self.0.get(parent) {
                return Some(position.key);
            }
            path = parent;
        }
        None
    }

    /// Every given field's path and place, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Position)> {
        self.0.iter().map(|(path, position)| (path.as_str(), *position))
    }

    pub(crate) fn set(&mut self, path: String, position: Position) {
        self.0.insert(path, position);
    }
}
