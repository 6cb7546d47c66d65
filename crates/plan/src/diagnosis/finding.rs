//! A finding: the cause by name, what speaks for it, and what to do.

use super::cause::{Cause, Severity};
use super::evidence::Case;
use super::scene::{Diagnosis, Scene};
use api::ecs::Container;
use model::Timestamp;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The cause.
    pub cause: Cause,
    /// How bad it is.
    pub severity: Severity,
    /// The cause in one line: "module not found: express".
    pub title: String,
    /// What AWS says, and what follows from it, one fact a line.
    pub evidence: Vec<String>,
    /// The last lines of the newest task's log, from the telling one on where there is one.
    pub log: Vec<String>,
    /// What to do, one suggestion a line.
    pub todo: Vec<String>,
    /// The ids of the tasks it is found in, newest first; none when it is about the whole service.
    pub tasks: Vec<String>,
    /// When the newest of them got into trouble, or when ECS said so.
    pub at: Option<Timestamp>,
}

/// How many lines of a log are shown. A stack trace has about as many.
const SHOWN: usize = 20;

// === impl Finding ===

impl Finding {
    /// What findings of the same trouble share: the cause, and the title without its numbers, which
    /// are often another one in each task: a port, a process, a request.
    #[must_use]
    pub fn likeness(&self) -> (Cause, String) {
        (self.cause, self.title.chars().filter(|character| !character.is_ascii_digit()).collect())
    }
}

/// A task's diagnosis with everything that is known of the task.
pub(super) fn of_task(scene: &Scene<'_>, diagnosis: Diagnosis) -> Finding {
    let Diagnosis { cause, title, says, todo, line } = diagnosis;
    let mut evidence = facts(scene);
    evidence.extend(says);
    evidence.extend(scene.case.gaps.iter().cloned());
    let log = match &scene.case.withheld {
        None => log(scene.case, line),
        Some(withheld) => {
            evidence.push(format!("its log is not shown here: {}", withheld.why));
            Vec::new()
        }
    };
    Finding {
        cause,
        severity: cause.severity(),
        title,
        evidence,
        log,
        todo,
        tasks: vec![scene.case.id().to_owned()],
        at: scene.case.at(),
    }
}

/// What AWS says of a task: why it stopped, how each container ended, what its target is.
fn facts(scene: &Scene<'_>) -> Vec<String> {
    let task = &scene.case.task;
    let mut facts = Vec::new();
    match (&task.stop_code, &task.stopped_reason) {
        (Some(code), Some(reason)) => facts.push(format!("{code}: {reason}")),
        (Some(one), None) | (None, Some(one)) => facts.push(one.clone()),
        (None, None) => {
            facts.push(format!("the task is {}", task.last_status.as_deref().unwrap_or("there")));
        }
    }
    let stopped = task.stopped_reason.as_deref();
    facts.extend(task.containers.iter().flatten().filter_map(|held| container(held, stopped)));
    facts.extend(scene.target());
    facts
}

/// How a container stands, where that is worth a line. What the task's own reason says already is
/// not said again.
fn container(held: &Container, stopped: Option<&str>) -> Option<String> {
    let reason = held.reason.clone().filter(|reason| Some(reason.as_str()) != stopped);
    let unhealthy = held.health_status.as_deref() == Some("UNHEALTHY");
    let parts = [
        held.exit_code.map(|code| format!("exit code {code}")),
        reason,
        unhealthy.then(|| "UNHEALTHY".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let name = held.name.as_deref().unwrap_or("of the task");
    (!parts.is_empty()).then(|| format!("container {name}: {}", parts.join(", ")))
}

/// The lines to show: from the telling one on, or the last ones. What a runtime says of its own
/// insides helps nobody.
fn log(case: &Case, telling: Option<usize>) -> Vec<String> {
    let last = case.log.len().saturating_sub(SHOWN);
    let from = telling.unwrap_or(last);
    let many = case.task.containers.as_ref().is_some_and(|containers| containers.len() > 1);
    let lines = case.log.iter().skip(from).filter(|line| !is_inside(&line.text));
    let shown = lines.take(SHOWN).map(|line| {
        if many { format!("{}: {}", line.container, line.text) } else { line.text.clone() }
    });
    shown.collect()
}

/// Whether a line of a stack trace is about the runtime itself: `at run (node:internal/main:1:2)`.
fn is_inside(line: &str) -> bool {
    line.trim_start().starts_with("at ") && line.contains("node:")
}
