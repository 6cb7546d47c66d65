//! Stopping a service's tasks, and saying why.

use super::events;
use super::health::{Ailment, Standing};
use super::judge;
use super::look::Member;
use super::pass::Pass;
use model::TaskId;
use world::StopCode;
use world::task::Outcome;

/// Tells tasks to stop. What is wrong with the unhealthy ones is said first (reference §3.3).
pub(super) fn stop(pass: &mut Pass<'_>, going: &[Member]) {
    for member in going {
        if let Standing::Unhealthy(ailment) = &member.standing {
            let message = ailing(pass, member, ailment);
            pass.tell(message);
            judge::count_one(pass, &member.deployment);
        }
        tell_to_stop(pass, member);
    }
    let (pending, running): (Vec<_>, Vec<_>) =
        going.iter().partition(|member| member.standing == Standing::Pending);
    let service = pass.service.key.name.clone();
    if !running.is_empty() {
        let ids: Vec<TaskId> = running.iter().map(|member| member.key.id.clone()).collect();
        pass.tell(events::stopped_running(&service, &ids));
    }
    if !pending.is_empty() {
        pass.tell(events::stopped_pending(&service, pending.len()));
    }
}

fn tell_to_stop(pass: &mut Pass<'_>, member: &Member) {
    let reason = reason(pass, &member.standing);
    let (code, now) = (StopCode::ServiceSchedulerInitiated, pass.now());
    let Some(mut task) = pass.tasks().find(|task| task.key == member.key).cloned() else { return };
    // A task that was healthy once has proved its deployment, whatever became of it.
    if matches!(member.standing, Standing::Unhealthy(_)) && task.outcome == Outcome::Open {
        task.outcome = Outcome::Failed;
    }
    task.stop_for(code, &reason, now);
    pass.put_task(task);
}

/// `stoppedReason` (reference §1.5).
fn reason(pass: &Pass<'_>, standing: &Standing) -> String {
    match standing {
        Standing::Unhealthy(Ailment::Container) => "Task failed container health checks".to_owned(),
        Standing::Unhealthy(Ailment::Target { group, .. } | Ailment::Lost { group, .. }) => {
            format!("Task failed ELB health checks in (target-group {group})")
        }
        Standing::Pending | Standing::Waiting | Standing::Fresh | Standing::Settled => {
            let deployment = pass.service.primary().map(|held| held.id.to_string());
            let deployment = deployment.unwrap_or_default();
            format!("Scaling activity initiated by (deployment {deployment})")
        }
    }
}

fn ailing(pass: &Pass<'_>, member: &Member, ailment: &Ailment) -> String {
    let (service, task) = (&pass.service.key.name, &member.key.id);
    match ailment {
        Ailment::Container => events::unhealthy_container(service, task),
        Ailment::Target { group, port, reason } => {
            events::unhealthy_target(service, task, *port, group, reason)
        }
        Ailment::Lost { group, what } => {
            events::lost_target(service, &member.deployment, task, group, what)
        }
    }
}
