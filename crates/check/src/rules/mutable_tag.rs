//! Deployments that can't go back: a tag that moves, a service that stays broken.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::text::{self, Line};
use manifest::Breaker;
use model::At;
use source::Place;
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    id: "mutable-tag",
    severity: Severity::Warning,
    title: "What is deployed is named by a tag that moves, or nothing brings the old version back.",
    why: "A task definition with `:latest` means whatever was pushed last. Two revisions of it are the \
          same text, so rolling back starts the broken image again, and a task that is replaced at night \
          may run another version than its neighbours.",
    fix: "a tag of the commit (`:${{ github.sha }}`) or the digest, a new revision of the task definition \
          for each, and the circuit breaker with rollback.",
    limits: "whether the registry lets tags be moved.",
    look: &[Look::Part(of_part), Look::Tree(of_files)],
};

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        for container in &definition.containers {
            let Some(image) = container.node.get("image") else { continue };
            if let Some(name) = image.text().filter(|name| moves(name)) {
                found.push(moving(name, &definition.place(image)));
            }
        }
    }
    found.extend(redeployed(tree));
    found
}

fn of_part(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service.filter(|_| !part.is_local()) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(image) = service.image.as_ref().filter(|image| is_latest(&image.at)) {
        found.push(moving(&image.to_string(), &part.place("image")));
    }
    if service.deploy.breaker != Breaker::Rollback {
        let message = "a deployment that fails stays as it is: nothing brings the old version back";
        let edit = part.replace("deploy.breaker", "rollback");
        let found_here = RULE.at(&part.place("deploy.breaker"), message).edit(edit);
        found.push(found_here.help("`breaker: rollback`"));
    }
    found
}

fn is_latest(at: &At) -> bool {
    matches!(at, At::Tag(tag) if tag == "latest")
}

/// Whether an image is named by nothing, or by `latest`. What a pipeline fills in is not known.
fn moves(image: &str) -> bool {
    let has_hole = image.contains(['$', '<', '{', '%']) || !image.contains(['/', ':']);
    let name = image.rsplit('/').next().unwrap_or(image);
    !has_hole && !image.contains('@') && (name.ends_with(":latest") || !name.contains(':'))
}

fn moving(name: &str, place: &Place) -> Finding {
    let message =
        format!("`{name}` means whatever was pushed last: there is nothing to go back to");
    RULE.at(place, message).label("a tag that moves").help("name the commit's tag or the digest")
}

/// Files that push an image and start the service again, without a new task definition.
fn redeployed(tree: &Tree<'_>) -> Vec<Finding> {
    let lines = text::all(tree.snapshot, &tree.workflows);
    let files: BTreeSet<&str> = lines.iter().map(|line| line.place.file.as_str()).collect();
    let renders = |file: &str| {
        let action = "aws-actions/amazon-ecs-render-task-definition";
        let workflow = tree.workflows.iter().find(|it| it.file == file);
        workflow.is_some_and(|it| it.steps.iter().any(|step| step.uses(action)))
    };
    let judge = |file: &str| {
        let own: Vec<&Line> = lines.iter().filter(|line| line.place.file == file).collect();
        let says = |word: &str| own.iter().any(|line| line.text.contains(word));
        let forced = own.iter().find(|line| line.text.contains("--force-new-deployment"))?;
        let is_new = forced.text.contains("--task-definition")
            || says("register-task-definition")
            || renders(file);
        if is_new || !says("docker push") && !says("buildx") && !says("docker build") {
            return None;
        }
        let message =
            "the service starts the same task definition again: the old image can't come back";
        let help =
            "register a revision that names the commit's image, and update the service to it";
        Some(RULE.at(&forced.place, message).label("no new revision").help(help))
    };
    files.into_iter().filter_map(judge).collect()
}
