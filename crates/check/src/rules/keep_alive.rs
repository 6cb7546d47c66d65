//! Connections that the application closes before the load balancer does.

use crate::finding::{Finding, Severity};
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use source::{Framework, Language, Place};

pub(super) const RULE: Rule = Rule {
    id: "keep-alive",
    severity: Severity::Warning,
    title: "The application closes idle connections sooner than the load balancer.",
    why: "The load balancer keeps connections to tasks for 60 s and sends the next request on one of \
          them. Node closes them after 5 s: when both act in the same moment, the request meets a closed \
          connection and the client gets 502. It is rare, never seen in tests, and rises with traffic.",
    fix: "a keep-alive time-out above 60 s: `server.keepAliveTimeout = 65_000; server.headersTimeout = \
          66_000`; for Next.js the variable `KEEP_ALIVE_TIMEOUT=65000`.",
    limits: "an idle time-out of the load balancer that somebody changed.",
    look: &[Look::Part(find)],
};

/// The load balancer's idle time-out (reference §4.8), in milliseconds.
const IDLE: u64 = 60_000;

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(project) = part.project.filter(|it| it.language == Language::Node) else {
        return Vec::new();
    };
    let Some(listen) = project.listen() else { return Vec::new() };
    // Without requests by a load balancer there is nobody to race with.
    if part.service.is_some_and(|service| service.port.is_none() || service.routes().is_empty()) {
        return Vec::new();
    }
    let uses = |framework| project.frameworks.iter().any(|it| it.value == framework);
    if uses(Framework::Next) {
        return next(part, &listen.place).into_iter().collect();
    }
    let given = project.timeouts.iter().filter(|it| it.value.name == "keepAliveTimeout");
    // A shutdown may shorten it on purpose.
    match given.max_by_key(|it| it.value.milliseconds) {
        Some(timeout) if timeout.value.milliseconds > IDLE => Vec::new(),
        Some(timeout) => {
            let seconds = timeout.value.milliseconds as f64 / 1000.0;
            vec![finding(&timeout.place, &format!("after {seconds} s"))]
        }
        // Fastify's own is 72 s, on every server that it makes itself.
        None if uses(Framework::Fastify) => Vec::new(),
        None => vec![finding(&listen.place, "after 5 s, which is Node's default")],
    }
}

/// Next.js reads a variable, in milliseconds.
fn next(part: &Part<'_>, place: &Place) -> Option<Finding> {
    part.setting?;
    match part.given("KEEP_ALIVE_TIMEOUT") {
        Given::Value(value) if value.parse().is_ok_and(|given: u64| given > IDLE) => None,
        Given::Value(_) if part.gives("env.KEEP_ALIVE_TIMEOUT") => {
            let place = part.place("env.KEEP_ALIVE_TIMEOUT");
            Some(finding(&place, "too soon").edit(part.replace("env.KEEP_ALIVE_TIMEOUT", "65000")))
        }
        Given::Value(_) | Given::Secret => None,
        Given::Nothing => {
            let found = finding(&part.key("env"), "after 5 s, which is Next.js's default");
            Some(found.related(place, "Next.js listens").help("`env: {KEEP_ALIVE_TIMEOUT: 65000}`"))
        }
    }
}

fn finding(place: &Place, when: &str) -> Finding {
    let message =
        format!("idle connections are closed {when}; the load balancer keeps them for 60 s");
    RULE.at(place, message)
        .label("sporadic 502s")
        .help("`server.keepAliveTimeout = 65_000; server.headersTimeout = 66_000;`")
}
