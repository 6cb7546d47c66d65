//! A port that the application does not listen on.

use crate::finding::{Finding, Severity};
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use source::{Certainty, Fact, Listen};

pub(super) const RULE: Rule = Rule {
    id: "port-mismatch",
    severity: Severity::Error,
    title: "The port of the service is not the one that the application listens on.",
    why: "Target group, security group and container port all follow the service's `port`. If the \
          application listens on another one, health checks find nobody: tasks are stopped and started \
          again until the circuit breaker ends the deployment.",
    fix: "let `port`, the variable that decides the port, and the code agree.",
    limits: "ports that the code computes.",
    look: &[Look::Part(find)],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some((service, project)) = part.service.zip(part.project) else { return Vec::new() };
    let Some(port) = service.port else { return Vec::new() };
    let listens: Vec<(u16, &Fact<Listen>)> = project
        .listens
        .iter()
        .filter_map(|listen| Some((effective(part, listen)?, listen)))
        .collect();
    // One whose port is not known may be the right one.
    if listens.len() < project.listens.len() || listens.iter().any(|(at, _)| *at == port) {
        return Vec::new();
    }
    let surest = listens.iter().max_by_key(|(_, listen)| listen.certainty);
    surest.map(|(at, listen)| finding(part, (port, *at), listen)).into_iter().collect()
}

/// The port in this environment; `None` if nobody says it.
fn effective(part: &Part<'_>, listen: &Fact<Listen>) -> Option<u16> {
    let Some(name) = &listen.value.variable else { return listen.value.port };
    match part.given(name) {
        Given::Value(value) => value.trim().parse().ok(),
        Given::Secret => None,
        Given::Nothing => listen.value.port,
    }
}

fn finding(part: &Part<'_>, (port, at): (u16, u16), listen: &Fact<Listen>) -> Finding {
    let message = format!("the service's port is {port}, and the application listens on {at}");
    let certain = listen.certainty == Certainty::Certain;
    let by_variable = listen.value.variable.as_deref().filter(|name| {
        matches!(part.given(name), Given::Value(_)) && part.gives(&format!("env.{name}"))
    });
    let found = RULE
        .at(&part.place("port"), message)
        .label("nobody listens here")
        .related(&listen.place, "it listens here")
        .resting_on(listen.certainty);
    match by_variable {
        Some(name) => found
            .related(&part.place(&format!("env.{name}")), format!("{name} says {at}"))
            .help(format!("`port: {at}`, or `{name}: {port}`")),
        None => {
            let edit = part.replace("port", &at.to_string()).filter(|_| certain);
            found.help(format!("`port: {at}`")).edit(edit)
        }
    }
}
