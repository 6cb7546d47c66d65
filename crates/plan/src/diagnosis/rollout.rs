//! What ECS says of a deployment as a whole (reference §3.4, §3.11).

use super::cause::Cause;
use super::evidence::Evidence;
use super::finding::Finding;
use super::trouble::{is_return, primary};
use api::ecs::{Deployment, ServiceEvent};

/// What is wrong with the deployment.
pub(super) fn findings(evidence: &Evidence) -> Vec<Finding> {
    let Some(primary) = primary(&evidence.service) else { return Vec::new() };
    let alarmed = alarmed(evidence, primary);
    let by_tasks = || tripped(evidence, primary).filter(|_| alarmed.is_none());
    let given_up = rolled_back(evidence, primary).or_else(by_tasks);
    let found = [alarmed, given_up, stuck(evidence, primary), unplaced(evidence, primary)];
    found.into_iter().flatten().collect()
}

/// Alarms that failed the deployment. ECS names them in the service deployment, if that was looked at;
/// the event says only that there was one.
fn alarmed(evidence: &Evidence, primary: &Deployment) -> Option<Finding> {
    let failed = primary.rollout_state.as_deref() == Some("FAILED");
    if !failed && !is_return(&evidence.service, primary) {
        return None;
    }
    let event = find(evidence, "deployment failed: alarm detected")?;
    let monitor = evidence.deployment.as_ref().and_then(|held| held.alarms.as_ref());
    let rung = monitor.and_then(|monitor| monitor.triggered_alarm_names.clone());
    let rung = rung.unwrap_or_default();
    let title = match rung.as_slice() {
        [] => "an alarm went off".to_owned(),
        [one] => format!("alarm {one} went off"),
        several => format!("alarms {} went off", several.join(", ")),
    };
    let todo = match rung.is_empty() {
        true => "find out what the alarm saw, and deploy again".to_owned(),
        false => format!(
            "find out what it saw, and deploy again: aws cloudwatch describe-alarms --alarm-names {}",
            rung.join(" ")
        ),
    };
    Some(of_service(Cause::AlarmTriggered, title, None, Some(event)).todo(todo))
}

fn rolled_back(evidence: &Evidence, primary: &Deployment) -> Option<Finding> {
    if !is_return(&evidence.service, primary) {
        return None;
    }
    let definition = primary.task_definition.as_deref().unwrap_or_default();
    let name = definition.rsplit('/').next().unwrap_or(definition);
    let title = if primary.rollout_state.as_deref() == Some("COMPLETED") {
        format!("ECS gave the new version up; {name} runs again")
    } else {
        format!("ECS gave the new version up, and brings {name} back")
    };
    let why = primary.rollout_state_reason.clone();
    let event = find(evidence, "rolling back to deployment");
    let todo = format!("fix what is said above and deploy again; {name} serves meanwhile");
    Some(of_service(Cause::RolledBack, title, why, event).todo(todo))
}

fn tripped(evidence: &Evidence, primary: &Deployment) -> Option<Finding> {
    if primary.rollout_state.as_deref() != Some("FAILED") {
        return None;
    }
    let failed = primary.failed_tasks.unwrap_or_default();
    let title = format!("ECS gave the deployment up after {failed} failed tasks");
    let why = primary.rollout_state_reason.clone();
    let event = find(evidence, "deployment failed");
    let finding = of_service(Cause::BreakerTripped, title, why, event);
    Some(finding.todo("fix what is said above and deploy again".to_owned()))
}

fn stuck(evidence: &Evidence, primary: &Deployment) -> Option<Finding> {
    if primary.rollout_state.as_deref() != Some("IN_PROGRESS") {
        return None;
    }
    let event = find(evidence, "because of the service deployment configuration")?;
    let configuration = evidence.service.deployment_configuration.as_ref();
    let bounds = configuration.map(|held| {
        let percent = |bound: Option<i32>| bound.map_or("?".to_owned(), |held| held.to_string());
        let (least, most) = (held.minimum_healthy_percent, held.maximum_percent);
        let count = evidence.service.desired_count.unwrap_or_default();
        format!("desired {count}, at least {} %, at most {} %", percent(least), percent(most))
    });
    let title = "ECS has no room to replace a task".to_owned();
    let deploy = |key: &str| format!("services.{}.deploy.{key}", evidence.name());
    let todo = format!(
        "let it start one more (`{}: 200`) or stop one (`{}: 0`)",
        deploy("max"),
        deploy("min")
    );
    Some(of_service(Cause::NoRoomToMove, title, bounds, Some(event)).todo(todo))
}

/// A task that AWS has no place for. What keeps single tasks from starting is told with the task.
fn unplaced(evidence: &Evidence, primary: &Deployment) -> Option<Finding> {
    let known = evidence.cases.iter().any(|case| case.task.stop_code.is_some());
    if known || primary.rollout_state.as_deref() == Some("COMPLETED") {
        return None;
    }
    let event = find(evidence, "was unable to place a task")?;
    let text = event.message.as_deref().unwrap_or_default();
    let (_, why) = text.split_once("Reason: ").or(text.split_once("failure is "))?;
    let title = format!("AWS has no place for a task: {}", why.trim_end_matches('.'));
    let todo = "AWS tries again by itself; limits are raised under Service Quotas".to_owned();
    Some(of_service(Cause::NotPlaced, title, None, Some(event)).todo(todo))
}

fn of_service(
    cause: Cause,
    title: String,
    why: Option<String>,
    event: Option<&ServiceEvent>,
) -> Finding {
    let told = event.and_then(|event| event.message.clone());
    Finding {
        cause,
        severity: cause.severity(),
        title,
        evidence: [why, told].into_iter().flatten().collect(),
        log: Vec::new(),
        todo: Vec::new(),
        tasks: Vec::new(),
        at: event.and_then(|event| event.created_at),
    }
}

fn find<'a>(evidence: &'a Evidence, text: &str) -> Option<&'a ServiceEvent> {
    evidence.events().find(|event| event.message.as_deref().is_some_and(|it| it.contains(text)))
}

// === impl Finding ===

impl Finding {
    fn todo(mut self, what: String) -> Self {
        self.todo.push(what);
        self
    }
}
