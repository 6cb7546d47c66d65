//! A container that was run by itself, without ECS: the same rules, from what an engine tells.

use super::cause::Cause;
use super::evidence::{Case, Evidence, LogLine};
use super::finding::{self, Finding};
use super::scene::Scene;
use super::{RULES, database, unknown};
use crate::progress::Sight;
use crate::wish::ArtifactKind;
use api::ecs::{Container, Service, Task};
use model::Timestamp;

/// What an engine tells of a container that was run by itself.
#[derive(Debug, Clone, Copy)]
pub struct Alone<'a> {
    /// The service.
    pub service: &'a str,
    /// Why the container could not be started, in the driver's words.
    pub refused: Option<&'a str>,
    /// The exit code, if it has ended.
    pub exit_code: Option<i32>,
    /// Whether it was killed for its memory.
    pub out_of_memory: bool,
    /// The memory that it had, in MiB.
    pub memory: u32,
    /// The last lines of its output, oldest first.
    pub log: &'a [String],
}

/// Names what ended a container, or kept it from starting. Of one that still runs only that it can't
/// reach what it needs is told, for all else a log can say and mean nothing.
#[must_use]
pub fn diagnose_alone(alone: &Alone<'_>) -> Option<Finding> {
    let evidence = evidence(alone);
    let [case] = evidence.cases.as_slice() else { return None };
    let scene = Scene::new(&evidence, case);
    if alone.refused.is_none() && alone.exit_code.is_none() {
        return database::unusable(&scene).map(|told| finding::of_task(&scene, told));
    }
    let told = RULES.iter().find_map(|rule| rule(&scene));
    Some(finding::of_task(&scene, told.unwrap_or_else(|| unknown::everything(&scene))))
}

// === impl Cause ===

impl Cause {
    /// Whether it is about something outside of the container: what is alone does not have it.
    #[must_use]
    pub const fn is_outside(self) -> bool {
        matches!(
            self,
            Self::DependencyUnreachable
                | Self::DatabaseLogin
                | Self::DatabaseTls
                | Self::TableMissing
        )
    }
}

/// The container as ECS would tell of it.
fn evidence(alone: &Alone<'_>) -> Evidence {
    let name = Some(alone.service.to_owned());
    let reason = match alone.out_of_memory {
        true => Some("OutOfMemoryError: Container killed due to memory usage".to_owned()),
        false => alone.refused.map(str::to_owned),
    };
    let container = Container {
        name: name.clone(),
        exit_code: alone.exit_code,
        reason,
        ..Container::default()
    };
    let stop_code = match (alone.refused, alone.exit_code) {
        (Some(_), _) => Some("TaskFailedToStart"),
        (None, Some(_)) => Some("EssentialContainerExited"),
        (None, None) => None,
    };
    let task = Task {
        stop_code: stop_code.map(str::to_owned),
        containers: Some(vec![container]),
        memory: Some(alone.memory.to_string()),
        ..Task::default()
    };
    let line = |text: &String| LogLine {
        container: alone.service.to_owned(),
        at: None,
        text: text.clone(),
    };
    let log = alone.log.iter().map(line).collect();
    let sight =
        Sight { service: Service { service_name: name, ..Service::default() }, ..Sight::default() };
    let mut evidence = Evidence::of(&sight, ArtifactKind::Container, Timestamp::from_seconds(0));
    evidence.cases.push(Case { task, log, ..Case::default() });
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(alone: &Alone<'_>, log: &str, expected: Option<(Cause, &str)>) {
        let log: Vec<String> = log.lines().map(str::to_owned).collect();
        let found = diagnose_alone(&Alone { log: &log, ..*alone });
        let told = found.as_ref().map(|it| (it.cause, it.title.as_str()));
        assert_eq!(told, expected, "{log:?}");
    }

    #[test]
    fn an_end_is_told_as_that_of_a_task() {
        let running = Alone {
            service: "api",
            refused: None,
            exit_code: None,
            out_of_memory: false,
            memory: 512,
            log: &[],
        };
        let ended = Alone { exit_code: Some(1), ..running };
        let module = "Error: Cannot find module 'express'";
        check(&ended, module, Some((Cause::ModuleNotFound, "module not found: express")));
        check(&running, module, None);
        let database = "Error: connect ECONNREFUSED 127.0.0.1:5432";
        let reach = "it can't reach what it needs: 127.0.0.1:5432";
        check(&ended, database, Some((Cause::DependencyUnreachable, reach)));
        check(&running, database, Some((Cause::DependencyUnreachable, reach)));
        let full = Alone { exit_code: Some(137), out_of_memory: true, ..running };
        check(&full, "", Some((Cause::OutOfMemory, "out of memory: it has 512 MiB")));
        let refused = Alone {
            refused: Some(
                "CannotStartContainerError: ResourceInitializationError: failed to create new container \
                           runtime task: exec: \"serve\": executable file not found in $PATH: unknown",
            ),
            ..running
        };
        check(&refused, "", Some((Cause::CommandNotFound, "command not found: serve")));
    }
}
