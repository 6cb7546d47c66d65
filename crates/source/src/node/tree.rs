//! A project's scripts, as its readers see them.

use super::package::Package;
use crate::Place;
use crate::place::Lines;
use crate::script::module::Form;
use crate::script::program::{Program, Spot};
use std::collections::BTreeSet;

/// The scripts of one project among all scripts of the tree.
#[derive(Debug)]
pub(crate) struct Tree<'p, 's> {
    pub(crate) program: &'p Program<'s>,
    /// The texts behind the program's scenes, in their order.
    pub(crate) lines: &'p [Lines<'s>],
    /// The scripts that run in production, those of other projects among them.
    pub(crate) scenes: BTreeSet<usize>,
    pub(crate) package: &'p Package<'s>,
    pub(crate) folder: &'p str,
}

impl<'s> Tree<'_, 's> {
    /// Every site of the production code.
    pub(crate) fn sites(&self) -> impl Iterator<Item = Spot<'s>> {
        self.program.sites(&self.scenes)
    }

    /// Where a term stands.
    pub(crate) fn place(&self, spot: Spot<'_>) -> Place {
        self.at(spot.scene, spot.term.start, spot.term.end)
    }

    /// A stretch of a script.
    pub(crate) fn at(&self, scene: usize, start: u32, end: u32) -> Place {
        self.lines[scene].place(start as usize, end as usize)
    }

    /// A script's path.
    pub(crate) fn path(&self, scene: usize) -> &'s str {
        self.program.scenes[scene].path
    }

    /// Whether a script imports one of the packages.
    pub(crate) fn asks_for(&self, scene: usize, packages: &[&str]) -> bool {
        let imports = &self.program.scenes[scene].script.imports;
        imports.iter().any(|it| it.form != Form::Type && packages.contains(&&*it.from))
    }

    /// Whether any script of the project imports one of the packages.
    pub(crate) fn uses(&self, packages: &[&str]) -> bool {
        self.scenes.iter().any(|scene| self.asks_for(*scene, packages))
    }
}
