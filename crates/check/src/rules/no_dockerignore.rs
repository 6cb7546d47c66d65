//! A build that takes everything along.

use crate::finding::{Finding, Severity};
use crate::image::Image;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::Step;

pub(super) const RULE: Rule = Rule {
    id: "no-dockerignore",
    severity: Severity::Warning,
    title: "The whole folder is copied into the image, and nothing is left out.",
    why: "`COPY . .` takes along what lies there on the machine that builds: `node_modules` of another \
          system over those of the image (`invalid ELF header`), `.env` with its secrets, `.git` with all \
          history.",
    fix: "a `.dockerignore` with `.git`, `node_modules`, `.env*` and what builds write.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for dockerfile in &tree.reading.dockerfiles {
        let build = tree.builds.iter().find(|it| it.dockerfile == dockerfile.file);
        let context = build.map_or(&dockerfile.context.value, |build| &build.context);
        let image = Image::new(dockerfile, None, context.clone(), tree.snapshot);
        if image.ignored.is_there {
            continue;
        }
        let whole = dockerfile.stages.iter().flat_map(|stage| &stage.steps).find(|step| {
            let Step::Copy(copy) = &step.value else { return false };
            copy.from.is_none() && copy.sources.iter().any(|it| matches!(it.as_str(), "." | "./"))
        });
        let Some(step) = whole else { continue };
        let folder = if context.is_empty() { "the root" } else { context.as_str() };
        let message = format!("everything in {folder} is copied, and there is no .dockerignore");
        let help = "a .dockerignore with `.git`, `node_modules`, `.env*` and what builds write";
        found.push(RULE.at(&step.place, message).help(help));
    }
    found
}
