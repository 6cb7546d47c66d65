//! Sizes that Fargate does not have, in task definitions and Terraform.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::size::refused;
use crate::subject::Tree;
use manifest::yaml::Node;

pub(super) const RULE: Rule = Rule {
    id: "task-size",
    severity: Severity::Error,
    title: "CPU and memory that Fargate does not offer together.",
    why: "Fargate has fixed pairs; `RegisterTaskDefinition` refuses every other one with `No Fargate \
          configuration exists for given values`. (In the manifest this is the mistake M040.)",
    fix: "one of the pairs: 256 goes with 512, 1024 and 2048 MiB, 512 with 1024 to 4096, 1024 with 2048 \
          to 8192.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        let text = |key: &str| definition.root.get(key).and_then(Node::text);
        let (Some(cpu), Some(memory)) = (text("cpu"), text("memory")) else { continue };
        let node = definition.root.get("memory");
        if let Some((why, node)) = refused(cpu, memory).zip(node) {
            found.push(RULE.at(&definition.place(node), why).label("no such pair"));
        }
    }
    for block in tree.modules.iter().flat_map(|it| it.resources("aws_ecs_task_definition")) {
        let own = |key: &str| block.attributes.iter().find(|it| it.path == [key]);
        let (Some(cpu), Some(memory)) = (own("cpu"), own("memory")) else { continue };
        if let Some(why) = refused(cpu.text(), memory.text()) {
            found.push(RULE.at(&memory.place, why).label("no such pair"));
        }
    }
    found
}
