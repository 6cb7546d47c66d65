//! A grace period that is shorter than the application's start.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use model::Span;
use source::{Framework, Language, Place};

pub(super) const RULE: Rule = Rule {
    id: "grace-period",
    severity: Severity::Warning,
    title: "The grace period is shorter than the application's own start.",
    why: "Until it is up, the load balancer calls the new task unhealthy. Once the grace period is over, \
          ECS stops it for that and starts the next, which does not come further: the service kills its \
          own tasks for ever.",
    fix: "`health: {grace: …}` longer than the slowest start, and migrations under `before`.",
    limits: "how long it really takes, which a rehearsal measures.",
    look: &[Look::Part(find)],
};

/// What a JVM with Spring takes on a quarter of a vCPU, at least.
const SPRING: u64 = 60;
/// Below that a pull-through and a cold start of any runtime may fail checks.
const LEAST: u64 = 15;

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service.filter(|it| it.port.is_some() && !it.routes().is_empty())
    else {
        return Vec::new();
    };
    let grace = service.health.grace;
    let place = part.place("health.grace");
    let seconds = grace.as_millis() / 1000;
    let found = match slow(part, service.cpu.unwrap_or(256)) {
        Some((needs, why, evidence)) if needs.as_millis() > grace.as_millis() => {
            let message = format!("the grace period is {grace}, and {why}");
            let found = RULE.at(&place, message);
            evidence.into_iter().fold(found, |found, it| found.related(&it, "it says so here"))
        }
        _ if seconds < LEAST => {
            let message =
                format!("the grace period is {grace}: a task may not have started by then");
            RULE.at(&place, message)
        }
        _ => return Vec::new(),
    };
    vec![found.help("`health: {grace: 120s}`; it costs a fast start nothing")]
}

/// How long a start takes at least, as far as files say.
fn slow(part: &Part<'_>, cpu: u32) -> Option<(Span, String, Option<Place>)> {
    let service = part.service?;
    if let Some(check) =
        service.healthcheck.as_ref().filter(|_| part.gives("healthcheck.start_period"))
    {
        let span = check.start_period;
        let why = format!("the container's own health check allows {span} for the start");
        return Some((span, why, Some(part.place("healthcheck.start_period"))));
    }
    let project = part.project?;
    let is_spring = project.frameworks.iter().any(|it| it.value == Framework::Spring);
    if is_spring && project.language == Language::Java && cpu <= 512 {
        let why = format!("Spring Boot takes a minute or more to start with {cpu} CPU units");
        return Some((Span::seconds(SPRING + 30), why, None));
    }
    None
}
