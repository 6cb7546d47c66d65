//! A secret that is changed while running tasks hold the old value.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::text::{self, Line};

pub(super) const RULE: Rule = Rule {
    id: "stale-secret",
    severity: Severity::Warning,
    title: "A secret is changed, and nothing starts the tasks again.",
    why: "ECS reads secrets when a task starts and never again. After a rotation running tasks go on with \
          the old value, until the old one is switched off and all of them fail together; a task that is \
          replaced at night has another one than its neighbours.",
    fix: "`aws ecs update-service --force-new-deployment` after the change, or read the secret in the code.",
    limits: "secrets that are changed by hand or by a rotation of Secrets Manager.",
    look: &[Look::Tree(find)],
};

/// Commands that change a secret.
const CHANGES: [&str; 4] = [
    "secretsmanager put-secret-value",
    "secretsmanager update-secret",
    "secretsmanager rotate-secret",
    "ssm put-parameter",
];

/// Words that start tasks again.
const RESTARTS: [&str; 7] = [
    "force-new-deployment",
    "ecs update-service",
    "register-task-definition",
    "terraform apply",
    "cdk deploy",
    "neargate deploy",
    "neargate up",
];

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let lines = text::all(tree.snapshot, &tree.workflows);
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| changes(line)) {
        let file = &line.place.file;
        let later = lines.iter().filter(|it| it.place.file == *file && it.place > line.place);
        let restarts =
            later.into_iter().any(|it| RESTARTS.iter().any(|word| it.text.contains(word)));
        if !restarts {
            let message = "the secret is changed, and running tasks keep the old value";
            let help = "start the tasks again: `aws ecs update-service --force-new-deployment …`";
            found.push(RULE.at(&line.place, message).help(help));
            // One for each file: they stand together.
            let seen = found.iter().filter(|it: &&Finding| it.place.file == *file).count();
            if seen > 1 {
                found.pop();
            }
        }
    }
    found
}

/// A change of what is there, not the making of something new.
fn changes(line: &Line) -> bool {
    let text = &line.text;
    let is_change = CHANGES.iter().any(|word| text.contains(word));
    is_change && (!text.contains("put-parameter") || text.contains("--overwrite"))
}
