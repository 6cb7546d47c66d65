//! What ECS says of a deployment as a whole, and which tasks count as being in trouble.

use super::super::{Cause, Evidence, diagnose, since, troubled};
use super::stage::{at, case, event, evidence, exited, only, service, stopped, task, unhealthy};
use crate::progress::Sight;
use api::ecs::{
    DeploymentConfiguration, Service, ServiceDeployment, ServiceDeploymentAlarms, Task,
};

fn said(evidence: &mut Evidence, state: &str, why: &str, events: &[(i64, &str)]) {
    let primary = &mut evidence.service.deployments.as_mut().unwrap()[0];
    primary.rollout_state = Some(state.to_owned());
    primary.rollout_state_reason = Some(why.to_owned());
    let events = events.iter().rev().map(|(at, text)| event(*at, text));
    evidence.service.events = Some(events.collect());
}

#[test]
fn a_return_names_the_version_that_runs() {
    let mut evidence = evidence(Vec::new());
    let why = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/2.";
    let events = [(70, "(service api) rolling back to deployment ecs-svc/2.")];
    said(&mut evidence, "IN_PROGRESS", why, &events);
    let finding = only(&evidence);
    let title = "ECS gave the new version up, and brings shop-api:2 back";
    assert_eq!((finding.cause, finding.title.as_str()), (Cause::RolledBack, title));
    assert_eq!(finding.evidence, [why, events[0].1]);
    said(&mut evidence, "COMPLETED", "ECS deployment ecs-svc/2 completed.", &events);
    assert_eq!(only(&evidence).title, "ECS gave the new version up; shop-api:2 runs again");
}

#[test]
fn a_breaker_without_return_is_said() {
    let mut evidence = evidence(Vec::new());
    evidence.service.deployments.as_mut().unwrap()[0].failed_tasks = Some(3);
    let why = "ECS deployment circuit breaker: tasks failed to start.";
    said(&mut evidence, "FAILED", why, &[]);
    let finding = only(&evidence);
    let title = "ECS gave the deployment up after 3 failed tasks";
    assert_eq!((finding.cause, finding.title.as_str()), (Cause::BreakerTripped, title));
}

#[test]
fn an_alarm_is_named_where_it_is_known() {
    let told = |evidence: &Evidence| {
        let findings = diagnose(evidence);
        let told = findings.iter().map(|held| format!("{}: {}", held.cause.code(), held.title));
        told.collect::<Vec<_>>()
    };
    let mut evidence = evidence(Vec::new());
    let events = [
        (70, "(service api) (deployment ecs-svc/3) deployment failed: alarm detected."),
        (71, "(service api) rolling back to deployment ecs-svc/2."),
    ];
    said(&mut evidence, "IN_PROGRESS", "", &events);
    let back = "rolled-back: ECS gave the new version up, and brings shop-api:2 back";
    assert_eq!(told(&evidence), ["alarm-triggered: an alarm went off", back]);
    let rung = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let alarms =
            ServiceDeploymentAlarms { triggered_alarm_names: Some(names), ..Default::default() };
        Some(ServiceDeployment { alarms: Some(alarms), ..Default::default() })
    };
    evidence.deployment = rung(&["errors"]);
    assert_eq!(told(&evidence), ["alarm-triggered: alarm errors went off", back]);
    evidence.deployment = rung(&["errors", "latency"]);
    said(&mut evidence, "FAILED", "ECS deployment failed: alarm detected.", &events[..1]);
    assert_eq!(told(&evidence), ["alarm-triggered: alarms errors, latency went off"]);
    said(&mut evidence, "COMPLETED", "", &events[..1]);
    assert_eq!(told(&evidence), [""; 0], "a later deployment is not to blame");
}

#[test]
fn bounds_without_room_are_named() {
    let mut evidence = evidence(Vec::new());
    evidence.service.desired_count = Some(1);
    evidence.service.deployment_configuration = Some(DeploymentConfiguration {
        minimum_healthy_percent: Some(100),
        maximum_percent: Some(100),
        ..Default::default()
    });
    let text = "(service api) was unable to stop or start tasks during a deployment because of the \
        service deployment configuration. Update the minimumHealthyPercent or maximumPercent value \
        and try again.";
    said(&mut evidence, "IN_PROGRESS", "", &[(70, text)]);
    let finding = only(&evidence);
    assert_eq!(finding.cause, Cause::NoRoomToMove);
    assert_eq!(finding.evidence[0], "desired 1, at least 100 %, at most 100 %");
}

#[test]
fn capacity_that_lacks_is_said_unless_a_task_says_more() {
    let text =
        "(service api) was unable to place a task. Reason: Capacity is unavailable at this time.";
    let mut evidence = evidence(Vec::new());
    said(&mut evidence, "IN_PROGRESS", "", &[(70, text)]);
    assert_eq!(
        only(&evidence).title,
        "AWS has no place for a task: Capacity is unavailable at this time"
    );
    evidence.cases =
        vec![case(stopped("t1", "TaskFailedToStart", "ResourceInitializationError: x"), "")];
    assert_eq!(only(&evidence).cause, Cause::NotPrepared);
}

#[test]
fn one_cause_makes_one_finding_of_its_newest_task() {
    let tasks = [("old", 61), ("newest", 90), ("other", 80)].map(|(id, stopping)| {
        let text = if id == "other" { "Error: b" } else { "Error: a" };
        let named = Task {
            task_arn: task(id).task_arn,
            stopping_at: Some(at(stopping)),
            ..exited(1, None)
        };
        case(named, text)
    });
    let findings = diagnose(&evidence(tasks.to_vec()));
    let tasks: Vec<&[String]> = findings.iter().map(|held| held.tasks.as_slice()).collect();
    assert_eq!(tasks, [&["newest".to_owned(), "old".to_owned()][..], &["other".to_owned()][..]]);
}

fn completed(service: &mut Service) {
    let primary = &mut service.deployments.as_mut().unwrap()[0];
    primary.rollout_state = Some("COMPLETED".to_owned());
    let text = "(service api) (deployment ecs-svc/2) deployment completed.";
    service.events = Some(vec![event(100, text)]);
}

#[test]
fn trouble_counts_since_the_deployment_or_its_success() {
    let mut held = service();
    assert_eq!(since(&held), Some(at(0)), "since it began");
    completed(&mut held);
    assert_eq!(since(&held), Some(at(100)), "since it was complete");
    // A return to what ran before: what failed in between counts.
    let events = held.events.as_mut().unwrap();
    events.insert(0, event(200, "(service api) rolling back to deployment ecs-svc/4."));
    events.insert(0, event(210, "(service api) (deployment ecs-svc/4) deployment completed."));
    held.deployments.as_mut().unwrap()[0].id = Some("ecs-svc/4".to_owned());
    assert_eq!(since(&held), Some(at(100)), "since the success before the return");
}

#[test]
fn only_tasks_in_trouble_are_looked_into() {
    let killed = |code: &str, seconds: i64| {
        let mut task = stopped("killed", code, "Scaling activity initiated by (deployment x)");
        task.containers.as_mut().unwrap()[0].exit_code = Some(137);
        Task { stopped_at: Some(at(seconds)), ..task }
    };
    for (what, task, expected) in [
        ("runs", task("t"), false),
        ("UNHEALTHY", Task { health_status: Some("UNHEALTHY".to_owned()), ..task("t") }, true),
        ("exited", exited(0, None), true),
        ("exited before", Task { stopping_at: Some(at(10)), ..exited(1, None) }, false),
        ("never started", stopped("t", "TaskFailedToStart", "x"), true),
        (
            "scaled in",
            stopped("t", "ServiceSchedulerInitiated", "Scaling activity initiated by"),
            false,
        ),
        (
            "failed",
            stopped("t", "ServiceSchedulerInitiated", "Task failed container health checks"),
            true,
        ),
        ("killed", killed("ServiceSchedulerInitiated", 62), true),
        ("killed before", killed("UserInitiated", 10), false),
        ("strange", stopped("t", "SomethingNew", "x"), true),
    ] {
        let sight = Sight { service: service(), tasks: vec![task], ..Default::default() };
        assert_eq!(troubled(&sight, Some(at(30))).len(), usize::from(expected), "{what}");
    }
    let targets = vec![unhealthy("Request timed out")];
    let sight = Sight { service: service(), tasks: vec![task("t")], targets, ..Default::default() };
    assert_eq!(troubled(&sight, Some(at(30))).len(), 1, "its target is unhealthy");
}
