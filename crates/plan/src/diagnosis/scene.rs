//! A task in trouble amid what is known of its service: the questions that rules ask.

use super::ailment::{Ailment, ailment};
use super::cause::Cause;
use super::evidence::{Case, Evidence, LogLine};
use super::trouble;
use crate::wish::ArtifactKind;
use api::ecs::{Container, ContainerDefinition};
use api::elbv2::{TargetGroup, TargetHealthDescription};
use model::Span;

/// The stop timeout that holds where none is given (reference §1.6).
const STOP_TIMEOUT: i32 = 30;

/// A task in trouble, and its surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) case: &'a Case,
    /// The container that the trouble is about, most likely.
    pub(super) culprit: Option<&'a Container>,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Diagnosis {
    /// The cause.
    pub(super) cause: Cause,
    /// The cause in one line.
    pub(super) title: String,
    /// What follows from the evidence, beyond what AWS says.
    pub(super) says: Vec<String>,
    /// What to do.
    pub(super) todo: Vec<String>,
    /// Which line of the log tells it.
    pub(super) line: Option<usize>,
}

// === impl Diagnosis ===

impl Diagnosis {
    pub(super) fn new(cause: Cause, title: impl Into<String>) -> Self {
        Self { cause, title: title.into(), says: Vec::new(), todo: Vec::new(), line: None }
    }

    pub(super) fn says(mut self, fact: impl Into<String>) -> Self {
        self.says.push(fact.into());
        self
    }

    pub(super) fn todo(mut self, what: impl Into<String>) -> Self {
        self.todo.push(what.into());
        self
    }

    pub(super) fn line(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }
}

// === impl Scene ===

impl<'a> Scene<'a> {
    pub(super) fn new(evidence: &'a Evidence, case: &'a Case) -> Self {
        Self { evidence, case, culprit: culprit(evidence, case) }
    }

    /// AWS's code for why the task stops; empty while it does not.
    pub(super) fn stop_code(&self) -> &'a str {
        self.case.task.stop_code.as_deref().unwrap_or_default()
    }

    /// AWS's text for why the task stops.
    pub(super) fn stopped_reason(&self) -> &'a str {
        self.case.task.stopped_reason.as_deref().unwrap_or_default()
    }

    /// What AWS says of the task and of its containers: one text a reason.
    pub(super) fn reasons(&self) -> impl Iterator<Item = &'a str> {
        let containers = self.case.task.containers.iter().flatten();
        [self.stopped_reason()].into_iter().chain(containers.filter_map(|it| it.reason.as_deref()))
    }

    /// The exit code of the container that the trouble is about.
    pub(super) fn exit_code(&self) -> Option<i32> {
        self.culprit?.exit_code
    }

    /// Whether the task's own container ended it: nobody else told it to stop.
    pub(super) fn ended_by_itself(&self) -> bool {
        self.stop_code() == "EssentialContainerExited"
    }

    /// The definition of the container that the trouble is about.
    pub(super) fn defined(&self) -> Option<&'a ContainerDefinition> {
        let containers = self.case.definition.as_ref()?.container_definitions.as_ref()?;
        let name = self.culprit.and_then(|held| held.name.as_deref());
        containers.iter().find(|held| held.name.as_deref() == name).or(containers.first())
    }

    /// The lines of the log that are about the trouble, with their places in it: those of its
    /// container, or all where that one wrote nothing.
    pub(super) fn lines(&self) -> Vec<(usize, &'a LogLine)> {
        let all = || self.case.log.iter().enumerate();
        let name = self.culprit.and_then(|held| held.name.as_deref());
        let own: Vec<_> = all().filter(|(_, line)| Some(line.container.as_str()) == name).collect();
        if own.is_empty() { all().collect() } else { own }
    }

    /// The name of the container that the trouble is about, else the service's.
    pub(super) fn container(&self) -> &'a str {
        self.culprit.and_then(|held| held.name.as_deref()).unwrap_or(self.evidence.name())
    }

    /// The service's name.
    pub(super) fn service(&self) -> &'a str {
        self.evidence.name()
    }

    /// Where in the manifest something is said of the service.
    pub(super) fn key(&self, path: &str) -> String {
        format!("services.{}.{path}", self.evidence.name())
    }

    /// Whether its tasks are processes of this machine.
    pub(super) fn is_process(&self) -> bool {
        self.evidence.kind == ArtifactKind::Process
    }

    /// The port that the load balancer asks, as the application knows it: its container's, or of a
    /// process the one of this machine that it was given in place of that, where that is known.
    pub(super) fn port(&self) -> Option<u16> {
        if self.is_process() {
            let target = || self.own_target()?.target.as_ref()?.port;
            return u16::try_from(self.told_port().or_else(target)?).ok();
        }
        self.container_port()
    }

    /// The container's port that the load balancer asks.
    pub(super) fn container_port(&self) -> Option<u16> {
        let balancers = self.evidence.service.load_balancers.iter().flatten();
        u16::try_from(balancers.filter_map(|held| held.container_port).next()?).ok()
    }

    /// The port that an event about the task names (reference §3.11).
    fn told_port(&self) -> Option<i32> {
        let start = format!("(task {}) (port ", self.case.id());
        let events = self.evidence.service.events.iter().flatten();
        let mut messages = events.filter_map(|event| event.message.as_deref());
        let (_, rest) = messages.find_map(|told| told.split_once(&start))?;
        rest.split(')').next()?.parse().ok()
    }

    /// Whether the task's address is localhost: processes share it on systems without more.
    pub(super) fn is_on_localhost(&self) -> bool {
        trouble::address(&self.case.task) == Some("127.0.0.1")
    }

    /// The target group that the task is in.
    pub(super) fn group(&self) -> Option<&'a TargetGroup> {
        self.evidence.groups.first()
    }

    /// The path that the load balancer asks for.
    pub(super) fn path(&self) -> &'a str {
        self.group().and_then(|group| group.health_check_path.as_deref()).unwrap_or("/")
    }

    /// How long a new task may fail its health checks.
    pub(super) fn grace(&self) -> Span {
        let seconds = self.evidence.service.health_check_grace_period_seconds;
        Span::seconds(seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0))
    }

    /// How long the container may take to end when it is told to.
    pub(super) fn stop_timeout(&self) -> Span {
        let given = self.defined().and_then(|held| held.stop_timeout).unwrap_or(STOP_TIMEOUT);
        Span::seconds(u64::try_from(given).unwrap_or(0))
    }

    /// A text, and what the log says about it, unless nothing of the log may be shown.
    pub(super) fn with_log(&self, text: &str, said: &str) -> String {
        if self.case.withheld.is_some() { text.to_owned() } else { format!("{text}: {said}") }
    }

    /// What is wrong with the task's health, if that is the trouble.
    pub(super) fn ailment(&self) -> Option<Ailment> {
        ailment(self)
    }

    /// The task's target.
    pub(super) fn own_target(&self) -> Option<&'a TargetHealthDescription> {
        trouble::target(&self.evidence.targets, &self.case.task)
    }

    /// What AWS says of the task's target, as a fact.
    pub(super) fn target(&self) -> Option<String> {
        let held = self.own_target()?;
        let (target, health) = (held.target.as_ref()?, held.target_health.as_ref()?);
        let state = health.state.as_deref().filter(|state| *state != "healthy")?;
        let at = format!("target {}:{}", target.id, target.port.unwrap_or_default());
        let why = health.description.as_deref().or(health.reason.as_deref());
        Some(why.map_or_else(|| format!("{at}: {state}"), |why| format!("{at}: {state}, {why}")))
    }
}

/// The container that the trouble is about. ECS does not say which ended first, so the one with the
/// most telling end is taken: a reason, then an error of its own, then a kill, then an end without
/// error; of those alike, the essential ones and the service's own come first.
fn culprit<'a>(evidence: &Evidence, case: &'a Case) -> Option<&'a Container> {
    let definitions =
        || case.definition.iter().flat_map(|it| it.container_definitions.iter().flatten());
    let rank = |held: &Container| {
        let defined = definitions().find(|it| it.name == held.name);
        let optional = defined.is_some_and(|it| it.essential == Some(false));
        let own = held.name.as_deref() == Some(evidence.name());
        (telling(held), optional, !own)
    };
    case.task.containers.iter().flatten().min_by_key(|held| rank(held))
}

/// How much a container's end tells; less is more.
fn telling(held: &Container) -> u8 {
    let unhealthy = held.health_status.as_deref() == Some("UNHEALTHY");
    match (&held.reason, held.exit_code) {
        (Some(_), _) => 0,
        (None, Some(code)) if code != 0 && code != 137 && code != 143 => 1,
        _ if unhealthy => 2,
        (None, Some(137)) => 3,
        (None, Some(_)) => 4,
        (None, None) => 5,
    }
}
