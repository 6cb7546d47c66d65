//! Manifest and lockfile that do not belong together.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::{Certainty, Disagreement, Fact, Language, PackageManager, Project, Reading, Step};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "lockfile-drift",
    severity: Severity::Error,
    title: "package.json and lockfile disagree, or there is none.",
    why: "A reproducible install (`npm ci`, `pnpm install --frozen-lockfile`) refuses a lockfile that \
          does not belong to the manifest, so the image is not built. `npm install` in its place hides \
          that, and two builds of one commit hold different packages.",
    fix: "install once on a machine, and commit the lockfile that this writes.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let projects = tree.reading.projects.iter().filter(|it| it.language == Language::Node);
    let mut found: Vec<Finding> = projects.filter_map(drifted).collect();
    found.extend(without(tree.reading));
    found
}

/// One finding for each pair of files.
fn drifted(project: &Project) -> Option<Finding> {
    let mut by_file: BTreeMap<&str, Vec<&Fact<Disagreement>>> = BTreeMap::new();
    for fact in &project.disagreements {
        by_file.entry(&fact.value.lockfile).or_default().push(fact);
    }
    let (lockfile, facts) = by_file.into_iter().next()?;
    let first = facts.first()?;
    let Disagreement { package, wanted, locked, .. } = &first.value;
    let said = match (wanted, locked) {
        (Some(wanted), Some(locked)) => {
            format!(
                "`{package}` is asked for as `{wanted}`, and {lockfile} was made for `{locked}`"
            )
        }
        (Some(_), None) => format!("{lockfile} does not know `{package}`"),
        (None, _) => format!("{lockfile} still holds `{package}`, which nobody asks for"),
    };
    let more = match facts.len() - 1 {
        0 => String::new(),
        1 => " and one more".to_owned(),
        more => format!(" and {more} more"),
    };
    let manager = project.package_manager.as_ref().map_or("npm", |it| it.value.name.as_str());
    let found = RULE.at(&first.place, format!("{said}{more}")).label("a frozen install refuses");
    let found = found.help(format!("`{manager} install`, and commit {lockfile}"));
    Some(if first.certainty == Certainty::Certain {
        found
    } else {
        found.at_most(Severity::Warning)
    })
}

/// A frozen install in an image whose project has no lockfile.
fn without(reading: &Reading) -> Vec<Finding> {
    let mut found = Vec::new();
    for dockerfile in &reading.dockerfiles {
        let folder = dockerfile.context.value.as_str();
        let Some(project) = reading.project(folder).filter(|it| it.language == Language::Node)
        else {
            continue;
        };
        let locked = |it: &Fact<PackageManager>| it.value.lockfile.is_some();
        if project.package_manager.as_ref().is_some_and(locked) {
            continue;
        }
        for step in dockerfile.stages.iter().flat_map(|stage| &stage.steps) {
            let Step::Run(line) = &step.value else { continue };
            if line.contains("npm ci") || line.contains("--frozen-lockfile") {
                let message =
                    format!("{} has no lockfile, which this install asks for", project.manifest);
                let help = "install once on a machine, and commit the lockfile";
                let found_here = RULE.at(&step.place, message).label("it refuses").help(help);
                found.push(found_here);
                break;
            }
        }
    }
    found
}
