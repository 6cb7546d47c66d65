//! A server that only its own container reaches.

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use source::{Fact, Host, Listen};

pub(super) const RULE: Rule = Rule {
    id: "listens-on-localhost",
    severity: Severity::Error,
    title: "The server listens on localhost, where nothing outside its container reaches it.",
    why: "Each task has an address of its own, and the load balancer comes from outside. A server on \
          127.0.0.1 (Fastify's default) answers a health check inside the container and no other one: \
          targets never become healthy, though the logs say that it listens.",
    fix: "listen on `0.0.0.0`.",
    limits: "addresses that the code computes.",
    look: &[
        Look::Part(find),
        Look::Image { find: seen, shows: "on which address the server really listens." },
    ],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    // A process of the local region is reached on this machine's own address.
    let Some(project) = part.project else { return Vec::new() };
    if part.service.is_some_and(|service| service.port.is_none()) {
        return Vec::new();
    }
    let mut inside = Vec::new();
    for listen in &project.listens {
        match why(part, &listen.value.host) {
            Some(why) => inside.push((listen, why)),
            // Another socket is reached; this one may be for those inside.
            None => return Vec::new(),
        }
    }
    let surest = inside.into_iter().max_by_key(|(listen, _)| listen.certainty);
    surest.map(|(listen, why)| finding(listen, &why)).into_iter().collect()
}

/// Why an address is reached from inside only; `None` if it is not, or not known.
fn why(part: &Part<'_>, host: &Host) -> Option<String> {
    match host {
        Host::Loopback => Some("listens on localhost only".to_owned()),
        Host::Variable { name, default } => match part.given(name) {
            Given::Value(value) if is_inside(value) => {
                Some(format!("listens on localhost only, because {name} says so"))
            }
            Given::Nothing if default.as_deref().is_some_and(is_inside) => {
                Some(format!("listens on localhost only, unless {name} says otherwise"))
            }
            _ => None,
        },
        Host::All | Host::Named(_) | Host::Unknown => None,
    }
}

fn is_inside(address: &str) -> bool {
    address == "localhost" || address == "::1" || address.starts_with("127.")
}

fn finding(listen: &Fact<Listen>, why: &str) -> Finding {
    let help = match &listen.value.host {
        Host::Variable { name, .. } => format!("`env: {{{name}: 0.0.0.0}}`"),
        _ => "give the host: `host: '0.0.0.0'`".to_owned(),
    };
    RULE.at(&listen.place, format!("the server {why}"))
        .label("not reached from outside the container")
        .help(help)
        .resting_on(listen.certainty)
}

/// A port that only the container itself reaches.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let (part, observed) = (seen.part, seen.observed);
    let Some(port) = part.service.and_then(|service| service.port) else { return Vec::new() };
    let own = observed.listening.iter().flatten().find(|it| it.port() == port);
    let Some(own) = own.filter(|_| !observed.is_reached_at(port)) else { return Vec::new() };
    let message = format!("the server listens on localhost only: {own}");
    let found = seen.at(&RULE, &part.place("port"), message);
    vec![found.label("not reached from outside the container").help("let it listen on `0.0.0.0`")]
}
