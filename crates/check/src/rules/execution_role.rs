//! A task that may not read its secrets, pull its image or write its logs.

use crate::definition::Definition;
use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::terraform::Module;
use manifest::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "execution-role",
    severity: Severity::Error,
    title: "The execution role can't do what the task definition asks of it.",
    why: "Before a container starts, ECS itself pulls the image, reads the secrets and opens the log, with \
          the execution role. AWS's managed policy allows image and logs and no secret: the task ends with \
          `ResourceInitializationError: unable to pull secrets`.",
    fix: "an `executionRoleArn`, and a policy with `ssm:GetParameters` or `secretsmanager:GetSecretValue` \
          on just the secrets that are named (and `kms:Decrypt` for a key of your own).",
    limits: "what a role of another repository allows, which only AWS can say.",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = tree.definitions.iter().filter_map(of_definition).collect();
    found.extend(tree.modules.iter().filter_map(of_module));
    found
}

/// Secrets, logs or a private image without any role.
fn of_definition(definition: &Definition) -> Option<Finding> {
    if definition.root.get("executionRoleArn").is_some() {
        return None;
    }
    let needs = |key: &str| definition.containers.iter().find_map(|it| it.node.get(key));
    let secrets = needs("secrets").filter(|it| !it.items().is_empty());
    let logs = needs("logConfiguration");
    let image =
        needs("image").filter(|it| it.text().is_some_and(|text| text.contains(".dkr.ecr.")));
    let (node, what): (&Node, &str) = match (secrets, logs, image) {
        (Some(node), ..) => (node, "reads secrets"),
        (_, _, Some(node)) => (node, "pulls its image from ECR"),
        (_, Some(node), _) => (node, "writes to a log group"),
        _ => return None,
    };
    let message = format!("the task {what}, and there is no execution role to do so");
    Some(
        RULE.at(&definition.place(node), message)
            .help("`\"executionRoleArn\": \"arn:aws:iam::…\"`"),
    )
}

/// Secrets in a module that makes the role itself and never allows to read them.
fn of_module(module: &Module<'_>) -> Option<Finding> {
    let secrets = module.resources("aws_ecs_task_definition").find_map(|it| {
        it.attributes.iter().find(|it| it.path.last() == Some(&"secrets") && it.value.contains('['))
    })?;
    let makes_role = module.resources("aws_iam_role").next().is_some();
    let allows = ["ssm:GetParameter", "secretsmanager:GetSecretValue", "ssm:*", "secretsmanager:*"];
    let says = |value: &str| allows.iter().any(|it| value.contains(it));
    let allowed = module.blocks.iter().any(|it| it.lines().any(says));
    if !makes_role || allowed {
        return None;
    }
    let message =
        "the task reads secrets, and no policy of this module lets its execution role do so";
    let found = RULE.at(&secrets.place, message).at_most(Severity::Warning);
    Some(found.help(
        "a policy with `ssm:GetParameters` or `secretsmanager:GetSecretValue` on these secrets",
    ))
}
