//! A container that ends by itself, or is not started at all.

use crate::finding::{Finding, Severity};
use crate::observed::{Observed, Seen, Trouble};
use crate::rule::{Look, Rule};
use plan::diagnosis::Cause;

pub(super) const RULE: Rule = Rule {
    id: "does-not-start",
    severity: Severity::Error,
    title: "The container can't be started, or ends by itself.",
    why: "A service's container has to go on. ECS starts one that ends again and again, more and more \
          slowly, until the circuit breaker ends the deployment or somebody looks.",
    fix: "what the container says: the exit code, and the last lines of its output.",
    limits: "everything; `--image` shows it.",
    look: &[Look::Image {
        find,
        shows: "the container's end before anybody told it to: exit code, last lines, memory that ran out, \
                an address in use, a command that is not there. One that only lacks its database, which is \
                not there when it is alone, is no finding.",
    }],
};

/// Causes that do not come from the values of secrets, which were placeholders.
const SURE: [Cause; 7] = [
    Cause::CommandNotFound,
    Cause::NotExecutable,
    Cause::NotStarted,
    Cause::OutOfMemory,
    Cause::AddressInUse,
    Cause::PermissionDenied,
    Cause::Finished,
];

/// Causes that rules of their own are about.
const OTHERS: [Cause; 3] =
    [Cause::ModuleNotFound, Cause::VariableMissing, Cause::WrongArchitecture];

fn find(seen: &Seen<'_>) -> Vec<Finding> {
    let failure = seen.failure().filter(|it| !OTHERS.contains(&it.cause));
    let Some(trouble) = failure else { return Vec::new() };
    let found = finding(seen, &RULE, trouble);
    let by_secrets = !seen.observed.placeholders.is_empty() && !SURE.contains(&trouble.cause);
    vec![if by_secrets { found.at_most(Severity::Warning) } else { found }]
}

/// An end of the container, by whatever rule it is told.
pub(super) fn finding(seen: &Seen<'_>, rule: &Rule, trouble: &Trouble) -> Finding {
    let Observed { exit, placeholders, .. } = seen.observed;
    let Trouble { title, todo, log, .. } = trouble;
    let message = match exit {
        None => format!("the container can't be started: {title}"),
        Some(exit) => format!("the container ends with exit code {}: {title}", exit.code),
    };
    let mut found = seen.at(rule, &seen.start(), message);
    for line in log {
        found = found.seen(format!("it wrote: {line}"));
    }
    if !placeholders.is_empty() {
        found = found.seen(format!("placeholders stood for {}", placeholders.join(", ")));
    }
    match todo {
        Some(todo) => found.help(todo),
        None => found,
    }
}
