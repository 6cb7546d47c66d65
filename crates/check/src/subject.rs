//! What is checked: a source tree, what was read in it, and the manifest of it.

use crate::build::{self, Build};
use crate::cloudformation::{self, Template};
use crate::definition::{self, Definition};
use crate::observed::Observed;
use crate::part::{self, Part};
use crate::setting::Setting;
use crate::terraform::{self, Module};
use crate::workflow::{self, Workflow};
use manifest::Resolved;
use source::{Place, Reading, Snapshot};
use std::collections::BTreeSet;

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// The files.
    pub snapshot: &'s Snapshot,
    /// What was read in them.
    pub reading: &'s Reading,
    /// The manifest; without one, only what the source says by itself is checked.
    pub manifest: Option<Written<'s>>,
}

/// A manifest, as it is written and as it holds in the environments that are checked.
#[derive(Debug, Clone, Copy)]
pub struct Written<'s> {
    /// Its path from the tree's root.
    pub file: &'s str,
    /// Its text.
    pub text: &'s str,
    /// Its environments.
    pub environments: &'s [Resolved],
}

/// A subject with what the rules share.
#[derive(Debug)]
pub(crate) struct Tree<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) reading: &'s Reading,
    /// The manifest's environments.
    pub(crate) settings: Vec<Setting<'s>>,
    /// Each service in each environment, or each application.
    pub(crate) parts: Vec<Part<'s>>,
    /// Who builds which Dockerfile in which folder.
    pub(crate) builds: Vec<Build>,
    /// GitHub's workflows.
    pub(crate) workflows: Vec<Workflow>,
    /// Task definitions as files.
    pub(crate) definitions: Vec<Definition>,
    /// Terraform's folders.
    pub(crate) modules: Vec<Module<'s>>,
    /// CloudFormation's templates.
    pub(crate) templates: Vec<Template>,
}

impl<'s> Tree<'s> {
    pub(crate) fn of(subject: &Subject<'s>) -> Self {
        let Subject { snapshot, reading, manifest } = *subject;
        let environments = manifest.map(|written| written.environments).unwrap_or_default();
        let settings = environments.iter().zip(std::iter::repeat(manifest));
        let settings: Vec<Setting<'s>> = settings
            .filter_map(|(resolved, manifest)| Some(Setting { resolved, manifest: manifest? }))
            .collect();
        let workflows = workflow::read(snapshot);
        Self {
            parts: part::of(subject, &settings),
            builds: build::read(subject, &settings, &workflows),
            definitions: definition::read(snapshot),
            modules: terraform::read(snapshot),
            templates: cloudformation::read(snapshot),
            snapshot,
            reading,
            settings,
            workflows,
        }
    }
}

impl<'s> Tree<'s> {
    /// The service or application that a container of a task definition most likely runs: the one whose
    /// name it bears, or the only one.
    pub(crate) fn part_of(&self, container: &str) -> Option<&Part<'s>> {
        let built = || self.parts.iter().filter(|part| part.image.is_some());
        let names: BTreeSet<&str> = built().map(|part| part.name).collect();
        let only = built().next().filter(|_| names.len() == 1);
        built().find(|part| container.contains(part.name)).or(only)
    }

    /// The service that was observed.
    pub(crate) fn part(&self, observed: &Observed) -> Option<&Part<'s>> {
        self.parts.iter().find(|part| {
            let environment = part.setting.map(|setting| setting.resolved.name.as_str());
            part.name == observed.service && environment == Some(&*observed.environment)
        })
    }
}

/// The place between two offsets of a file's text.
pub(crate) fn place(file: &str, text: &str, start: usize, end: usize) -> Place {
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place {
        file: file.to_owned(),
        line: count(before.matches('\n').count() + 1),
        column: count(before[line_start..].chars().count() + 1),
        start: count(start),
        end: count(end),
    }
}

/// The beginning of a file: what a finding about all of it points at.
pub(crate) fn top(file: &str) -> Place {
    place(file, "", 0, 0)
}
