//! `package.json`: names, scripts and dependencies, each with its place.

use crate::Place;
use crate::place::Lines;
use crate::script::json;
use crate::script::term::Term;
use crate::snapshot::{Snapshot, folder};

/// One `package.json`.
#[derive(Debug)]
pub(crate) struct Package<'t> {
    pub(crate) folder: &'t str,
    lines: Lines<'t>,
    term: Term,
}

/// The groups of dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Production,
    Development,
    Optional,
    Peer,
}

/// One dependency, as declared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) wanted: String,
    pub(crate) group: Group,
    pub(crate) place: Place,
}

impl Group {
    pub(crate) const ALL: [Self; 4] =
        [Self::Production, Self::Development, Self::Optional, Self::Peer];

    /// The key in `package.json` and in lockfiles.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Production => "dependencies",
            Self::Development => "devDependencies",
            Self::Optional => "optionalDependencies",
            Self::Peer => "peerDependencies",
        }
    }
}

impl<'t> Package<'t> {
    /// Reads the manifest at a path; `None` if it is not there or no JSON object.
    pub(crate) fn read(snapshot: &'t Snapshot, path: &'t str) -> Option<Self> {
        let text = snapshot.text(path)?;
        let term = json(text).filter(|term| !term.fields().is_empty() || text.trim() == "{}")?;
        Some(Self { folder: folder(path), lines: Lines::of(path, text), term })
    }

    pub(crate) fn path(&self) -> &'t str {
        self.lines.file()
    }

    /// A term's place in the manifest.
    pub(crate) fn place(&self, term: &Term) -> Place {
        self.lines.place(term.start as usize, term.end as usize)
    }

    /// The value under a path of keys.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&Term> {
        keys.iter().try_fold(&self.term, |term, key| term.get(key))
    }

    /// The text under a path of keys.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.text()
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.text(&["name"])
    }

    /// What a script runs.
    pub(crate) fn script(&self, name: &str) -> Option<(&str, Place)> {
        let term = self.get(&["scripts", name])?;
        Some((term.text()?, self.place(term)))
    }

    /// Every declared dependency, in the order of the groups.
    pub(crate) fn dependencies(&self) -> Vec<Dependency> {
        let in_group = |group: Group| {
            let fields = self.get(&[group.key()]).map(Term::fields).unwrap_or_default();
            fields.iter().filter_map(move |(name, term)| {
                let (name, wanted) = (name.to_string(), term.text()?.to_owned());
                Some(Dependency { name, wanted, group, place: self.place(term) })
            })
        };
        Group::ALL.into_iter().flat_map(in_group).collect()
    }

    /// A dependency that is there when the application runs.
    pub(crate) fn needs(&self, name: &str) -> Option<Place> {
        [Group::Production, Group::Optional, Group::Peer]
            .iter()
            .find_map(|group| self.get(&[group.key(), name]))
            .map(|term| self.place(term))
    }

    /// A dependency of any group.
    pub(crate) fn knows(&self, name: &str) -> Option<Place> {
        self.needs(name).or_else(|| Some(self.place(self.get(&[Group::Development.key(), name])?)))
    }

    /// The patterns of workspace members.
    pub(crate) fn workspaces(&self) -> Vec<&str> {
        let list = self.get(&["workspaces", "packages"]).or_else(|| self.get(&["workspaces"]));
        list.map(Term::items).unwrap_or_default().iter().filter_map(Term::text).collect()
    }
}
