//! A port that the application does not listen on.

mod written;

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
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
    look: &[
        Look::Part(find),
        Look::Tree(written::find),
        Look::Image {
            find: seen,
            shows: "on which ports the container really listens, and whether it listens at all.",
        },
    ],
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

/// A container that listens elsewhere, or nowhere.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let (part, observed) = (seen.part, seen.observed);
    let Some(port) = part.service.and_then(|service| service.port) else { return Vec::new() };
    let Some(listening) = observed.listening.as_ref().filter(|_| observed.is_running()) else {
        return Vec::new();
    };
    // Who waits for a database may listen after that.
    if listening.iter().any(|it| it.port() == port) || seen.lacking().is_some() {
        return Vec::new();
    }
    let place = part.place("port");
    let mut others: Vec<u16> =
        listening.iter().filter(|it| !it.ip().is_loopback()).map(|it| it.port()).collect();
    others.dedup();
    let found = match others.as_slice() {
        [] => {
            let seconds = observed.watched.as_seconds();
            let message = format!("nothing listens on {port}, {seconds:.0} s after the start");
            let found = seen.at(&RULE, &place, message);
            match observed.log.last() {
                Some(line) => found.seen(format!("its last line: {line}")),
                None => found.seen("it wrote nothing"),
            }
        }
        [other] => {
            let message =
                format!("the service's port is {port}, and the container listens on {other}");
            seen.at(&RULE, &place, message).help(format!("`port: {other}`"))
        }
        others => {
            let said: Vec<String> = others.iter().map(u16::to_string).collect();
            let said = said.join(", ");
            let message =
                format!("the service's port is {port}, and the container listens on {said}");
            seen.at(&RULE, &place, message)
        }
    };
    vec![found.label("nobody listens here")]
}
