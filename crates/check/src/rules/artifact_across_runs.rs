//! Artifacts that an action's version can't carry.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::workflow::Step;

pub(super) const RULE: Rule = Rule {
    id: "artifact-across-runs",
    severity: Severity::Error,
    title: "The workflow uses a version of the artifact actions that can't do what it asks.",
    why: "Artifacts of version 3 and older are no longer served: the step fails. Before that, version 3 of \
          `download-artifact` passed over `run-id` in silence and looked in its own run, where a workflow \
          that deploys another one's build has nothing.",
    fix: "version 4 of both actions, with `run-id` and `github-token` for another run's artifacts.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let steps = tree.workflows.iter().flat_map(|workflow| &workflow.steps);
    steps.filter_map(judge).collect()
}

fn judge(step: &Step) -> Option<Finding> {
    let is_it = step.uses("actions/upload-artifact") || step.uses("actions/download-artifact");
    let (uses, place) = step.uses.as_ref().filter(|_| is_it)?;
    let version = step.version().filter(|version| *version < 4)?;
    let across = step.given("run-id").filter(|_| step.uses("actions/download-artifact"));
    let edit = uses.rsplit_once('@').map(|(name, _)| crate::finding::Edit {
        file: place.file.clone(),
        start: place.start as usize,
        end: place.end as usize,
        text: format!("{name}@v4"),
    });
    Some(match across {
        Some((_, given)) => {
            let message =
                format!("version {version} of download-artifact knows no other run's artifacts");
            let found = RULE.at(place, message).related(given, "passed over in silence");
            found.help("`actions/download-artifact@v4`, which does").edit(edit)
        }
        None => {
            let message = format!("`{uses}` fails: GitHub no longer serves version {version}");
            RULE.at(place, message).help("version 4").edit(edit)
        }
    })
}
