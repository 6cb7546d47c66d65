//! What is wrong with a task's health: which check fails, and what the load balancer heard.

use super::scene::Scene;

/// Which check fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ailment {
    /// The container's own.
    Container,
    /// The load balancer's.
    Target(Answer),
}

/// What the load balancer heard from the target (reference §4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Statuses other than the expected ones.
    Statuses(Vec<u16>),
    /// Nothing, in the time it had.
    Nothing,
    /// A connection that was refused, or closed before the answer.
    Refused,
    /// Something else, in AWS's words.
    Other(String),
    /// It is not known any more.
    Unknown,
}

/// What is wrong with a task's health, if that is its trouble: its checks fail while it runs, or ECS
/// stops it for them.
pub(super) fn ailment(scene: &Scene<'_>) -> Option<Ailment> {
    let reason = scene.stopped_reason();
    if reason.contains("failed container health checks") {
        return Some(Ailment::Container);
    }
    if reason.contains("failed ELB health checks") {
        let heard = event(scene).or_else(|| described(scene));
        return Some(Ailment::Target(heard.unwrap_or(Answer::Unknown)));
    }
    if !scene.stop_code().is_empty() {
        return None;
    }
    if scene.case.task.health_status.as_deref() == Some("UNHEALTHY") {
        return Some(Ailment::Container);
    }
    described(scene).map(Ailment::Target)
}

/// What the target's description says, while it is unhealthy. One that drains says nothing of why.
fn described(scene: &Scene<'_>) -> Option<Answer> {
    let health = scene.own_target()?.target_health.as_ref()?;
    if health.state.as_deref() != Some("unhealthy") {
        return None;
    }
    Some(answer(health.description.as_deref().or(health.reason.as_deref()).unwrap_or_default()))
}

/// What the service's event about the task says (reference §3.11).
fn event(scene: &Scene<'_>) -> Option<Answer> {
    let id = format!("(task {})", scene.case.id());
    let events = scene.evidence.service.events.iter().flatten();
    let mut messages = events.filter_map(|event| event.message.as_deref());
    let told = messages.find(|told| told.contains(&id) && told.contains("is unhealthy in"))?;
    let (_, rest) = told.split_once("due to (reason ")?;
    Some(answer(rest.trim_end_matches('.').strip_suffix(')').unwrap_or(rest)))
}

/// Reads AWS's description of why a target is unhealthy.
fn answer(text: &str) -> Answer {
    if let Some((_, codes)) = text.split_once("failed with these codes: [") {
        let codes = codes.split(']').next().unwrap_or_default().split(',');
        return Answer::Statuses(codes.filter_map(|code| code.trim().parse().ok()).collect());
    }
    match text {
        "Request timed out" | "Target.Timeout" => Answer::Nothing,
        "Health checks failed" | "Target.FailedHealthChecks" => Answer::Refused,
        "" => Answer::Unknown,
        other => Answer::Other(other.to_owned()),
    }
}
