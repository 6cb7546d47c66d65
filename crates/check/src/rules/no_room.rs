//! Deployments that can't move, in Terraform.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::terraform::Block;

pub(super) const RULE: Rule = Rule {
    id: "no-room",
    severity: Severity::Error,
    title: "Minimum and maximum percent leave a deployment no room to move.",
    why: "With a minimum of 100 no old task may stop, with a maximum of 100 no new one may start: the \
          deployment waits for ever, with `unable to place a task` in the events. (In the manifest this \
          is the mistake M082.)",
    fix: "a maximum of 200, which starts the new tasks beside the old.",
    limits: "percentages that variables give.",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let services = tree.modules.iter().flat_map(|it| it.resources("aws_ecs_service"));
    services.filter_map(judge).collect()
}

fn judge(service: &Block<'_>) -> Option<Finding> {
    let minimum = service.get("deployment_minimum_healthy_percent");
    let maximum = service.get("deployment_maximum_percent")?;
    let least = minimum.map_or(Some(100), |it| it.number())?;
    let most = maximum.number()?;
    let count = service.get("desired_count").map_or(Some(1), |it| it.number())?;
    let (least, most, tasks) = (u64::from(least), u64::from(most), u64::from(count));
    let is_stuck =
        tasks > 0 && (tasks * least).div_ceil(100) >= tasks && tasks * most / 100 <= tasks;
    if !is_stuck {
        return None;
    }
    let message = format!("{least} and {most} percent of {tasks} let no task stop and none start");
    let found = RULE.at(&maximum.place, message).label("no room");
    let found =
        minimum.into_iter().fold(found, |found, it| found.related(&it.place, "none may stop"));
    Some(found.help("`deployment_maximum_percent = 200`"))
}
