//! A region for people.

use crate::Sim;
use crate::sim::BEGIN;
use crate::sim::client::service_key;
use control::{Subject, Waiting};
use model::Span;
use std::fmt::Write as _;
use world::task::Launch;
use world::{
    Container, ContainerState, Deployment, HealthStatus, Phase, Service, ServiceDeployment, Task,
    TaskKey,
};

/// Services, their deployments, tasks, and what is waited for.
pub(super) fn region(sim: &Sim) -> String {
    let mut text = format!("  {}\n", age(sim.age()));
    for held in sim.world.services.iter() {
        service(&mut text, held, sim);
    }
    for (name, held) in sim.named_tasks() {
        task(&mut text, name, held, sim);
    }
    text
}

fn service(text: &mut String, held: &Service, sim: &Sim) {
    let (name, status) = (&held.key.name, held.status.as_str());
    let _ = writeln!(text, "  service {name} {status} desired {}", held.desired_count);
    for deployment in &held.deployments {
        let _ = writeln!(text, "    {}", sim.named(&line(deployment, held, sim)));
    }
    for note in sim.notes(&Subject::Service(held.key.clone())) {
        let _ = writeln!(text, "    waiting: {}", waiting(&note.waiting));
    }
}

/// A service's deployments, oldest first.
pub(super) fn deployments(sim: &Sim, name: &str) -> String {
    let key = service_key(name);
    let mut held: Vec<_> = sim.world.service_deployments_of(&key).collect();
    held.sort_by_key(|held| (held.created_at, &held.key.id));
    let mut text = format!("  {}\n", age(sim.age()));
    for held in held {
        let _ = writeln!(text, "  {}", sim.named(&service_deployment(held)));
    }
    text
}

/// `deployments[]`, newest first, as clients that poll a service read it.
pub(super) fn rollouts(sim: &Sim, name: &str) -> String {
    let mut text = format!("  {}\n", age(sim.age()));
    for held in sim.world.services.get(&service_key(name)).iter().flat_map(|held| &held.deployments)
    {
        let (status, state) = (held.status.as_str(), held.rollout.as_str());
        let made = age(held.created_at.since(BEGIN));
        let line = format!("{status} {} made {made} {state}: {}", held.id, held.rollout_reason);
        let _ = writeln!(text, "  {}", sim.named(&line));
    }
    text
}

/// The dates of a task that AWS shows, those that it has (reference §1.2).
pub(super) fn times(sim: &Sim, key: &TaskKey) -> String {
    let Some(task) = sim.world.tasks.get(key) else { return "  gone\n".to_owned() };
    let times = &task.times;
    let dates = [
        ("createdAt", Some(times.created)),
        ("connectivityAt", times.connected),
        ("pullStartedAt", times.pull_started),
        ("pullStoppedAt", times.pull_stopped),
        ("startedAt", times.started),
        ("stoppingAt", task.stop.as_ref().map(|stop| stop.at)),
        ("executionStoppedAt", times.execution_stopped),
        ("stoppedAt", times.stopped),
    ];
    let shown = dates.into_iter().filter_map(|(name, at)| Some((name, at?)));
    shown.fold(String::new(), |mut text, (name, at)| {
        let _ = writeln!(text, "  {name} +{}", seconds(at.since(times.created)));
        text
    })
}

fn service_deployment(held: &ServiceDeployment) -> String {
    let mut text = format!("{} {}", held.target, held.status.as_str());
    if let Some(stage) = held.stage() {
        let production = held.traffic.production.percent();
        let _ = write!(text, " {} production {production}%", stage.as_str());
        let _ = write!(text, " test {}%", held.traffic.test.percent());
    }
    for pause in &held.pauses {
        let _ = write!(text, " {} {}", pause.stage.as_str(), pause.status.as_str());
    }
    let source: Vec<&str> = held.source.iter().map(|id| id.as_str()).collect();
    if !source.is_empty() {
        let _ = write!(text, " from {}", source.join(" "));
    }
    if let Some(rollback) = &held.rollback {
        let _ = write!(text, " back to {}", rollback.to);
    }
    if let Some(at) = held.finished_at {
        let _ = write!(text, " ended {}", age(at.since(BEGIN)));
    }
    if let Some(reason) = &held.reason {
        let _ = write!(text, ": {reason}");
    }
    text
}

/// With the region's age in the place of dates.
fn waiting(waiting: &Waiting) -> String {
    let text = waiting.to_string();
    match waiting.until() {
        Some(until) => text.replace(&until.to_string(), &age(until.since(BEGIN))),
        None => text,
    }
}

fn line(deployment: &Deployment, service: &Service, sim: &Sim) -> String {
    let tasks = sim.world.tasks_of(&service.key);
    let phases: Vec<Phase> = tasks
        .filter(|task| task.deployment() == Some(&deployment.id))
        .map(|task| task.phase)
        .collect();
    let running = phases.iter().filter(|phase| phase.counts_as_running()).count();
    let pending = phases.iter().filter(|phase| phase.counts_as_pending()).count();
    format!(
        "{} {} {} desired {} running {running} pending {pending} failed {} {}",
        deployment.status.as_str(),
        deployment.id,
        deployment.definition,
        deployment.desired_count,
        deployment.failed_tasks,
        deployment.rollout.as_str(),
    )
}

fn task(text: &mut String, name: &str, held: &Task, sim: &Sim) {
    let zone = held.eni.zone.as_str().chars().last().unwrap_or('?');
    let _ = write!(text, "  task {name} {} {} {zone}", held.definition, held.phase.as_str());
    if let Launch::Provider(provider) = &held.launch {
        let _ = write!(text, " {provider}");
    }
    let definition = sim.world.definitions.get(&held.definition);
    let health = definition.map_or(HealthStatus::Unknown, |definition| held.health(definition));
    if health != HealthStatus::Unknown {
        let _ = write!(text, " {}", health.as_str());
    }
    let address = held.eni.address.to_string();
    let mut targets = sim.world.targets.iter().filter(|target| target.key.id == address);
    if let Some(target) = targets.next().filter(|_| held.phase != Phase::Stopped) {
        let _ = write!(text, " target {}", target.state.as_str());
    }
    if let Some(stop) = &held.stop {
        let _ = write!(text, " {}: {}", stop.code.as_str(), sim.named(&stop.reason));
    }
    text.push('\n');
    let several = held.containers.len() > 1;
    for container in held.containers.iter().filter(|held| several || is_telling(held)) {
        let _ = writeln!(text, "    {}", of_container(container));
    }
}

/// Whether a task's only container says something that the task does not.
fn is_telling(container: &Container) -> bool {
    container.restarts > 0 || container.state.is_stopped()
}

fn of_container(container: &Container) -> String {
    let mut text = format!("{} {}", container.name, container.state.as_str());
    if let ContainerState::Stopping { killed, .. } = container.state {
        text.push_str(if killed { " killed" } else { " signalled" });
    }
    if container.health.status != HealthStatus::Unknown {
        let _ = write!(text, " {}", container.health.status.as_str());
    }
    if container.restarts > 0 {
        let _ = write!(text, " restarts {}", container.restarts);
    }
    if let ContainerState::Stopped { exit_code, reason, .. } = &container.state {
        let _ = exit_code.map(|code| write!(text, " exit {code}"));
        let _ = reason.as_ref().map(|reason| write!(text, " {reason}"));
    }
    text
}

/// `+75.5s`: how long the region has run.
pub(super) fn age(span: Span) -> String {
    format!("+{}", seconds(span))
}

/// `75.5s`: rounded down to a tenth, so that what speed rounds up to a millisecond does not show.
pub(super) fn seconds(span: Span) -> String {
    let tenths = span.as_millis() / 100;
    format!("{}.{}s", tenths / 10, tenths % 10)
}
