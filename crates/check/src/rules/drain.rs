//! Waits at the end of a task that do not fit together.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};

pub(super) const RULE: Rule = Rule {
    id: "drain",
    severity: Severity::Warning,
    title: "Requests last longer than a task that stops lets them.",
    why: "A task that leaves gets no new requests, and those that are running have `drain` to end; then \
          comes the stop signal, and after `stop_timeout` the end. A request that may last longer than \
          the drain is cut off in each deployment.",
    fix: "`drain` as long as the longest request, `stop_timeout` as long as the application needs to \
          close.",
    limits: "how long requests last.",
    look: &[Look::Part(find)],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some((service, project)) = part.service.zip(part.project) else { return Vec::new() };
    if service.port.is_none() || service.routes().is_empty() {
        return Vec::new();
    }
    let drain = service.drain.as_millis();
    // Node's own limit of five minutes is no word on how long requests last.
    let longest = project.timeouts.iter().filter(|it| it.value.name == "requestTimeout");
    let longest = longest.max_by_key(|it| it.value.milliseconds);
    let Some(longest) = longest.filter(|it| it.value.milliseconds > drain) else {
        return Vec::new();
    };
    let seconds = longest.value.milliseconds.div_ceil(1000);
    let message = format!(
        "requests may last {seconds} s, and a task that stops drains for {}",
        service.drain
    );
    let found = RULE.at(&part.place("drain"), message);
    vec![
        found
            .related(&longest.place, "so long a request may last")
            .help(format!("`drain: {seconds}s`")),
    ]
}
