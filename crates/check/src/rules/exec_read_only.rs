//! Containers that commands should get into and can't.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};

pub(super) const RULE: Rule = Rule {
    id: "exec-read-only",
    severity: Severity::Warning,
    title: "Commands are to get into a container whose file system can't be written.",
    why: "ECS Exec puts an agent into the container, which has to write to its root file system. Where that \
          is read-only the agent never runs, and `ExecuteCommand` answers that it isn't running.",
    fix: "either `exec` or `read_only`; what the application writes may be a volume.",
    limits: "",
    look: &[Look::Part(find)],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service else { return Vec::new() };
    if service.exec != Some(true) || !service.read_only {
        return Vec::new();
    }
    let message = "nobody gets into a container with `read_only: true`";
    let found = RULE.at(&part.place("exec"), message);
    vec![
        found
            .related(&part.place("read_only"), "the agent has to write here")
            .help("`read_only: false`, or `exec: false`"),
    ]
}
