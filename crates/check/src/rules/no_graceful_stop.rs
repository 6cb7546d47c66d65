//! A server that does not end when it is told to.

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};
use source::{Certainty, Framework, Language};

pub(super) const RULE: Rule = Rule {
    id: "no-graceful-stop",
    severity: Severity::Warning,
    title: "The application does not handle SIGTERM, or takes longer to stop than it is given.",
    why: "ECS stops a task with SIGTERM and, when the stop timeout is over, with SIGKILL. Node as a \
          container's first process ignores SIGTERM unless code handles it: each stop takes the whole \
          timeout, and what is in flight then is cut off: WebSockets, jobs, slow answers.",
    fix: "on SIGTERM, stop listening, finish what is in flight, close the database, exit: \
          `process.once('SIGTERM', () => server.close(() => process.exit(0)))`.",
    limits: "whether the handler does finish in time.",
    look: &[
        Look::Part(find),
        Look::Image { find: seen, shows: "whether the container ends within its stop timeout." },
    ],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(project) = part.project else { return Vec::new() };
    let is_next = project.frameworks.iter().any(|it| it.value == Framework::Next);
    if project.language != Language::Node || is_next || project.listens.is_empty() {
        return Vec::new();
    }
    let handled = project.signals.iter().find(|it| it.value.name == "SIGTERM");
    let Some(listen) = project.listen() else { return Vec::new() };
    match handled {
        None => {
            let message =
                "nothing handles SIGTERM: the application is killed when the stop timeout is over";
            let found = RULE.at(&listen.place, message).label("what is in flight is cut off");
            let found =
                found.help("on SIGTERM, close the server and exit: `process.once('SIGTERM', …)`");
            vec![found.resting_on(listen.certainty.max(Certainty::Likely))]
        }
        Some(_) => too_slow(part).into_iter().collect(),
    }
}

/// A delay of the shutdown itself that is longer than the stop timeout.
fn too_slow(part: &Part<'_>) -> Option<Finding> {
    let (service, project) = part.service.zip(part.project)?;
    let delay = project.timeouts.iter().find(|it| it.value.name == "closeGraceDelay")?;
    let stop = service.stop_timeout.as_millis();
    if delay.value.milliseconds < stop {
        return None;
    }
    let message = format!(
        "the application stops within {} s, and is killed after {} s",
        delay.value.milliseconds / 1000,
        stop / 1000
    );
    let found = RULE.at(&part.place("stop_timeout"), message);
    Some(found.related(&delay.place, "it says so here").help("a `stop_timeout` that is longer"))
}

/// A container that had to be killed.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    super::signal_lost::killed(seen).filter(|_| !super::signal_lost::is_between(seen)).map_or_else(
        Vec::new,
        |message| {
            let found =
                seen.at(&RULE, &seen.start(), message).label("what is in flight is cut off");
            vec![found.help("on SIGTERM, close the server and exit: `process.once('SIGTERM', …)`")]
        },
    )
}
