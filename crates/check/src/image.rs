//! What is in the image that a Dockerfile makes, as far as the Dockerfile says.

pub(crate) mod base;
mod files;

pub(crate) use files::{absolute, folder_of, join};

use crate::dockerignore::Ignored;
use base::Base;
use source::{Dockerfile, Fact, Place, Snapshot, Stage, Start, Step};

/// The image of one stage.
#[derive(Debug, Clone)]
pub(crate) struct Image<'s> {
    pub(crate) dockerfile: &'s Dockerfile,
    /// The stage that becomes the image.
    pub(crate) stage: usize,
    /// The folder that the build sees, from the tree's root.
    pub(crate) context: String,
    pub(crate) snapshot: &'s Snapshot,
    /// What the build does not see of it.
    pub(crate) ignored: Ignored,
}

/// Whether something is in an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Has {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The Dockerfile does not say.
    Unknown,
}

impl<'s> Image<'s> {
    pub(crate) fn new(
        dockerfile: &'s Dockerfile,
        target: Option<&str>,
        context: String,
        snapshot: &'s Snapshot,
    ) -> Self {
        let named = dockerfile.stages.iter().position(|it| it.name.as_deref() == target);
        let last = dockerfile.stages.len().saturating_sub(1);
        let stage = named.filter(|_| target.is_some()).unwrap_or(last);
        let ignored = Ignored::of(snapshot, &context, &dockerfile.file);
        Self { dockerfile, stage, context, snapshot, ignored }
    }

    /// The stages that the image stands on, the lowest first.
    pub(crate) fn chain(&self) -> Vec<&'s Stage> {
        chain(self.dockerfile, self.stage)
    }

    /// Every step of those stages, in the order in which they are done.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &'s Fact<Step>> + use<'s> {
        self.chain().into_iter().flat_map(|stage| &stage.steps)
    }

    /// What it stands on in the end, and where that is said.
    pub(crate) fn base(&self) -> Option<(Base, &'s Fact<String>)> {
        let lowest = self.chain().into_iter().next()?;
        Some((Base::of(&lowest.base.value), &lowest.base))
    }

    /// The value of a variable that the image sets.
    pub(crate) fn variable(&self, name: &str) -> Option<(&'s str, &'s Place)> {
        self.steps().fold(None, |last, step| match &step.value {
            Step::Variable { name: set, value } if set == name => {
                Some((value.as_str(), &step.place))
            }
            _ => last,
        })
    }

    /// Who runs the container, and where that is said.
    pub(crate) fn user(&self) -> Option<(&'s str, &'s Place)> {
        self.steps().fold(None, |last, step| match &step.value {
            Step::User(user) => Some((user.as_str(), &step.place)),
            _ => last,
        })
    }

    /// What is run, and where that is said.
    pub(crate) fn command(&self) -> Option<(&'s Start, &'s Place)> {
        self.steps().fold(None, |last, step| match &step.value {
            Step::Command(start) => Some((start, &step.place)),
            // It takes away what a stage below has said.
            Step::Entrypoint(_) => None,
            _ => last,
        })
    }

    /// What is put before the command.
    pub(crate) fn entrypoint(&self) -> Option<(&'s Start, &'s Place)> {
        self.steps().fold(None, |last, step| match &step.value {
            Step::Entrypoint(start) => Some((start, &step.place)),
            _ => last,
        })
    }

    /// What Docker asks whether the container works, and where that is said.
    pub(crate) fn health(&self) -> Option<(&'s Start, &'s Place)> {
        self.steps().fold(None, |last, step| match &step.value {
            Step::Health(start) => start.as_ref().map(|start| (start, &step.place)),
            _ => last,
        })
    }

    /// Lines that are run while this image is made, stages that it only copies from left out.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (&'s str, &'s Place)> + use<'s> {
        self.steps().filter_map(|step| match &step.value {
            Step::Run(line) => Some((line.as_str(), &step.place)),
            _ => None,
        })
    }

    /// Lines that are run in any stage.
    pub(crate) fn all_runs(&self) -> impl Iterator<Item = (&'s str, &'s Place)> + use<'s> {
        let steps = self.dockerfile.stages.iter().flat_map(|stage| &stage.steps);
        steps.filter_map(|step| match &step.value {
            Step::Run(line) => Some((line.as_str(), &step.place)),
            _ => None,
        })
    }

    /// Whether a program can be run in it.
    pub(crate) fn has_program(&self, name: &str) -> Has {
        let Some((base, _)) = self.base() else { return Has::Unknown };
        let installs = |line: &str| {
            let words = line.split(|it: char| it.is_whitespace() || ";&|=\"'/".contains(it));
            words.into_iter().any(|word| word == name)
        };
        if self.runs().any(|(line, _)| installs(line)) {
            return Has::Yes;
        }
        let copied = self.steps().any(|step| match &step.value {
            Step::Copy(copy) => {
                let mut paths = copy.sources.iter().chain([&copy.to]);
                paths.any(|path| path.rsplit('/').next() == Some(name))
            }
            _ => false,
        });
        if copied { Has::Yes } else { base.has_program(name) }
    }
}

/// A stage and those that it stands on, the lowest first.
pub(crate) fn chain(dockerfile: &Dockerfile, stage: usize) -> Vec<&Stage> {
    let mut found = Vec::new();
    let mut at = dockerfile.stages.get(stage).map(|_| stage);
    while let Some(index) = at {
        let stage = &dockerfile.stages[index];
        found.push(stage);
        let below = dockerfile.stages[..index].iter();
        at = below.into_iter().position(|it| it.name.as_deref() == Some(&stage.base.value));
    }
    found.reverse();
    found
}
