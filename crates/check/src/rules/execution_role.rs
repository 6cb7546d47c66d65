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
    found.extend(tree.modules.iter().flat_map(without_role));
    found.extend(tree.definitions.iter().flat_map(|it| of_pair(tree, it)));
    found
}

/// Task definitions of Terraform that ask for something and name no role at all.
fn without_role(module: &Module<'_>) -> Vec<Finding> {
    let definitions = module.resources("aws_ecs_task_definition");
    // Elsewhere the machine's own role does it.
    let lacking = definitions
        .filter(|it| it.text.contains("FARGATE") && it.get("execution_role_arn").is_none());
    let found = lacking.filter_map(|block| {
        let what = NEEDS.iter().find(|need| block.text.contains(need.sign))?;
        let message = format!("the task {}, and there is no execution role to do so", what.words);
        let found = RULE.at(&block.place, message);
        Some(found.help("`execution_role_arn = aws_iam_role.execution.arn`"))
    });
    found.collect()
}

/// What a task definition can ask of its execution role.
struct Need {
    /// What stands in it then.
    sign: &'static str,
    /// In words.
    words: &'static str,
    /// What policies say that allow it.
    allowed_by: &'static [&'static str],
}

const NEEDS: [Need; 3] = [
    Need {
        sign: "secrets",
        words: "reads secrets",
        allowed_by: &[
            "ssm:GetParameter",
            "secretsmanager:GetSecretValue",
            "ssm:*",
            "secretsmanager:*",
        ],
    },
    Need {
        sign: ".dkr.ecr.",
        words: "pulls its image from ECR",
        allowed_by: &[MANAGED, "ecr:BatchGetImage", "ecr:*", "ContainerRegistryReadOnly"],
    },
    Need {
        sign: "awslogs",
        words: "writes to a log group",
        allowed_by: &[MANAGED, "logs:PutLogEvents", "logs:*", "CloudWatchLogsFullAccess"],
    },
];

/// AWS's own policy for execution roles.
const MANAGED: &str = "AmazonECSTaskExecutionRolePolicy";

/// A task definition in a file whose role this repository's Terraform makes, without what it is asked for.
fn of_pair(tree: &Tree<'_>, definition: &Definition) -> Vec<Finding> {
    let Some(node) = definition.root.get("executionRoleArn") else { return Vec::new() };
    let Some((_, name)) = node.text().and_then(|arn| arn.rsplit_once('/')) else {
        return Vec::new();
    };
    let is_it = |module: &&Module<'_>| {
        let mut roles = module.resources("aws_iam_role");
        roles.any(|role| role.get("name").is_some_and(|it| it.text() == name))
    };
    let Some(module) = tree.modules.iter().find(is_it) else { return Vec::new() };
    let role = module
        .resources("aws_iam_role")
        .find(|role| role.get("name").is_some_and(|it| it.text() == name));
    let texts: Vec<String> = definition.texts().into_iter().map(|(text, _)| text).collect();
    let asks = |need: &&Need| match need.sign {
        "secrets" => definition
            .containers
            .iter()
            .any(|it| it.node.get("secrets").is_some_and(|it| !it.items().is_empty())),
        sign => texts.iter().any(|text| text.contains(sign)),
    };
    let says = |words: &str| module.blocks.iter().any(|it| it.text.contains(words));
    let denied =
        NEEDS.iter().filter(asks).filter(|need| !need.allowed_by.iter().any(|it| says(it)));
    let found = denied.map(|need| {
        let message =
            format!("the task {}, and no policy lets its role `{name}` do so", need.words);
        let found = RULE.at(&definition.place(node), message).at_most(Severity::Warning);
        let found = match role {
            Some(role) => found.related(&role.place, "the role"),
            None => found,
        };
        found.help(format!("a policy with `{}`", need.allowed_by.first().unwrap_or(&"")))
    });
    found.collect()
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
    let says = |value: &str| NEEDS[0].allowed_by.iter().any(|it| value.contains(it));
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
