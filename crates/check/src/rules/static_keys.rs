//! Keys of an AWS user where a role belongs.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::{Place, Step};

pub(super) const RULE: Rule = Rule {
    id: "static-keys",
    severity: Severity::Error,
    title: "A task or an image holds keys of an AWS user.",
    why: "Keys do not expire: whoever sees them once, in a log, an image or a backup, has them until \
          somebody notices. And they win over the task's role, so permissions that the role has are \
          refused for reasons that nobody finds.",
    fix: "take them away and give the task's role the permissions: AWS's SDKs find it by themselves. In a \
          workflow, `role-to-assume` with OpenID Connect.",
    limits: "",
    look: &[Look::Part(of_part), Look::Tree(of_files)],
};

const KEYS: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
];

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(of_images(tree));
    for definition in &tree.definitions {
        for container in &definition.containers {
            let given = definition.pairs(container, "environment", "value").into_iter();
            let given = given.chain(definition.pairs(container, "secrets", "valueFrom"));
            let keys = given.filter(|pair| KEYS.contains(&pair.name.as_str()));
            found.extend(keys.map(|pair| finding(&pair.name, "the task", &pair.place).concealed()));
        }
    }
    found.extend(of_workflows(tree));
    found
}

fn of_part(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service.filter(|_| !part.is_local()) else { return Vec::new() };
    let env = service.env.keys().map(|name| (name, "env"));
    let given = env.chain(service.secrets.keys().map(|name| (name, "secrets")));
    let keys = given.filter(|(name, _)| KEYS.contains(&name.as_str()));
    let found = keys.map(|(name, list)| {
        finding(name, "the task", &part.key(&format!("{list}.{name}"))).concealed()
    });
    found.collect()
}

fn of_images(tree: &Tree<'_>) -> Vec<Finding> {
    let stages = tree.reading.dockerfiles.iter().flat_map(|it| &it.stages);
    let steps = stages.flat_map(|stage| &stage.steps);
    let keys = steps.filter_map(|step| match &step.value {
        Step::Variable { name, .. } | Step::Argument { name, .. }
            if KEYS.contains(&name.as_str()) =>
        {
            Some(finding(name, "the image", &step.place).concealed())
        }
        _ => None,
    });
    keys.collect()
}

/// Long-lived keys of a pipeline are no keys in a task, but can do more.
fn of_workflows(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for workflow in &tree.workflows {
        let steps = workflow.steps.iter();
        let with_keys = steps.filter(|it| it.uses("aws-actions/configure-aws-credentials"));
        let keys = with_keys.filter_map(|step| step.given("aws-access-key-id"));
        // One finding a workflow: every job has the same step.
        if let Some((_, place)) = keys.into_iter().next() {
            let message = "the workflow uses keys of an AWS user, which do not expire";
            let help = "`role-to-assume: arn:…` and `permissions: {id-token: write}`";
            found.push(RULE.at(place, message).help(help).at_most(Severity::Note));
        }
    }
    found
}

fn finding(name: &str, who: &str, place: &Place) -> Finding {
    RULE.at(place, format!("`{name}`: {who} holds keys of an AWS user, which do not expire"))
        .label("the task's role stands in for it")
        .help("take it away, and give the task's role the permissions")
}
