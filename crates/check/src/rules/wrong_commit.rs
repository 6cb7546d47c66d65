//! A workflow that deploys another commit than the one that was tested.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::workflow::{Step, Workflow};
use source::Snapshot;

pub(super) const RULE: Rule = Rule {
    id: "wrong-commit",
    severity: Severity::Error,
    title: "A workflow that follows another one checks out a commit of its own.",
    why: "`workflow_run` runs on the default branch's newest commit, not on the one whose tests passed. If \
          somebody pushed in the meantime, untested code is built under the name of a tested build.",
    fix: "`ref: ${{ github.event.workflow_run.head_sha }}` for the checkout.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let following = tree.workflows.iter().filter(|workflow| workflow.starts_on("workflow_run"));
    following.filter(|it| delivers(it, tree.snapshot)).flat_map(of_workflow).collect()
}

/// Whether a workflow brings something out: an image, a stack, a release. One that only reports may use
/// whatever it likes.
fn delivers(workflow: &Workflow, snapshot: &Snapshot) -> bool {
    const WORDS: [&str; 9] =
        ["docker", "aws", "terraform", "cdk", "ecs", "deploy", "publish", "kubectl", "neargate"];
    let says = |text: &str| WORDS.iter().any(|word| text.contains(word));
    // Who logs in may only want to pull.
    let acts = |uses: &str| says(uses) && !uses.contains("login-action");
    let uses = |step: &Step| step.uses.as_ref().is_some_and(|(uses, _)| acts(uses));
    workflow.steps.iter().any(|step| says(&step.job) || uses(step))
        || workflow.lines(snapshot).iter().any(|line| says(&line.text))
}

/// The first checkout of each job that builds or applies something.
fn of_workflow(workflow: &Workflow) -> Vec<Finding> {
    let checkouts = workflow.steps.iter().filter(|step| step.uses("actions/checkout"));
    let wrong = checkouts.filter(|step| match step.given("ref") {
        Some((reference, _)) => !reference.contains("workflow_run"),
        None => true,
    });
    let mut wrong = wrong.filter_map(|step| Some((step, &step.uses.as_ref()?.1)));
    let Some((first, place)) = wrong.next() else { return Vec::new() };
    let more = wrong.count();
    let message = match more {
        0 => format!("`{}` checks out the newest commit, not the one that was built", first.job),
        more => format!(
            "`{}` and {more} more check out the newest commit, not the one that was built",
            first.job
        ),
    };
    let help = "`with: {ref: \"${{ github.event.workflow_run.head_sha }}\"}`";
    vec![RULE.at(place, message).label("another commit").help(help)]
}
