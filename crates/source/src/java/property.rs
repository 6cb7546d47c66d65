//! `application.properties` and `application.yml` of Spring Boot.

use crate::fact::variable::{Need, Read};
use crate::place::Lines;
use crate::snapshot::Snapshot;
use crate::{Certainty, Place};
use std::collections::BTreeMap;

/// The properties of a project, by their whole names.
#[derive(Debug, Default)]
pub(super) struct Properties(BTreeMap<String, Property>);

/// One property.
#[derive(Debug, Clone)]
pub(super) struct Property {
    /// The value, as written.
    pub(super) text: String,
    /// The variable of a value `${NAME:default}`.
    pub(super) variable: Option<String>,
    /// Its default.
    pub(super) default: Option<String>,
    pub(super) place: Place,
}

impl Properties {
    pub(super) fn of(snapshot: &Snapshot, folder: &str) -> Self {
        let mut found = Self::default();
        for path in super::configurations(folder) {
            let Some(text) = snapshot.text(&path) else { continue };
            let lines = Lines::of(&path, text);
            if path.ends_with(".properties") { found.plain(&lines) } else { found.yaml(&lines) }
        }
        found
    }

    pub(super) fn get(&self, name: &str) -> Option<Property> {
        self.0.get(name).cloned()
    }

    /// The variables that the values name.
    pub(super) fn reads(&self) -> Vec<Read> {
        self.0.values().flat_map(|it| placeholder(&it.text, &it.place)).collect()
    }

    fn add(&mut self, name: &str, value: &str, place: Place) {
        let text = value.trim().trim_matches(['"', '\'']).to_owned();
        let read = placeholder(&text, &place).into_iter().next();
        let (variable, default) = read.map(|read| (read.name, read.default)).unzip();
        let property = Property { text, variable, default: default.flatten(), place };
        self.0.entry(name.to_owned()).or_insert(property);
    }

    fn plain(&mut self, lines: &Lines<'_>) {
        for (start, line) in lines.iter() {
            let bare = line.trim();
            let Some((name, value)) =
                bare.split_once('=').filter(|_| !bare.starts_with(['#', '!']))
            else {
                continue;
            };
            self.add(name.trim(), value, lines.place(start, start + line.len()));
        }
    }

    /// Nested keys by their indentation; lists and further documents are passed over.
    fn yaml(&mut self, lines: &Lines<'_>) {
        let mut above: Vec<(usize, &str)> = Vec::new();
        for (start, line) in lines.iter() {
            let bare = line.split(" #").next().unwrap_or_default();
            let key = bare.trim_start();
            if key.starts_with("---") && start > 0 {
                return;
            }
            if key.is_empty() || key.starts_with(['#', '-']) {
                continue;
            }
            let depth = bare.len() - key.len();
            above.retain(|(other, _)| *other < depth);
            let Some((name, value)) = key.split_once(':') else { continue };
            if value.trim().is_empty() {
                above.push((depth, name));
                continue;
            }
            let mut path: Vec<&str> = above.iter().map(|(_, name)| *name).collect();
            path.push(name);
            self.add(&path.join("."), value, lines.place(start, start + line.len()));
        }
    }
}

/// Every `${NAME}` and `${NAME:default}` of a value whose name is one of a variable.
pub(super) fn placeholder(value: &str, place: &Place) -> Vec<Read> {
    let mut found = Vec::new();
    for piece in value.split("${").skip(1) {
        let Some((inside, _)) = piece.split_once('}') else { continue };
        let (name, default) = match inside.split_once(':') {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => (inside, None),
        };
        let is_variable = !name.is_empty()
            && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
        if is_variable {
            let need = if default.is_some() { Need::Defaulted } else { Need::Required };
            let (name, place) = (name.to_owned(), place.clone());
            found.push(Read { name, need, default, place, certainty: Certainty::Certain });
        }
    }
    found
}
