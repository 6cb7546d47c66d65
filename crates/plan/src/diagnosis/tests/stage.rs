//! A service with a task in trouble, as AWS describes it.

use super::super::{Case, Cause, Evidence, Finding, LogLine, diagnose};
use crate::progress::Sight;
use crate::wish::ArtifactKind;
use api::ecs::{
    Attachment, Container, ContainerDefinition, Deployment, KeyValuePair, LoadBalancer, Service,
    ServiceEvent, Task, TaskDefinition,
};
use api::elbv2::{TargetDescription, TargetGroup, TargetHealth, TargetHealthDescription};
use model::Timestamp;

pub(super) const ADDRESS: &str = "172.31.0.9";
pub(super) const HOST_PORT: i32 = 21_001;

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_000_000 + seconds)
}

/// A service behind a load balancer that asks its tasks on port 3000 for `/health`, within a grace
/// period of 10 s.
pub(super) fn service() -> Service {
    let primary = Deployment {
        id: Some("ecs-svc/2".to_owned()),
        status: Some("PRIMARY".to_owned()),
        rollout_state: Some("IN_PROGRESS".to_owned()),
        task_definition: Some("arn:aws:ecs:eu-west-1:1:task-definition/shop-api:2".to_owned()),
        created_at: Some(at(0)),
        ..Default::default()
    };
    Service {
        service_name: Some("api".to_owned()),
        load_balancers: Some(vec![LoadBalancer {
            container_port: Some(3000),
            ..Default::default()
        }]),
        health_check_grace_period_seconds: Some(10),
        deployments: Some(vec![primary]),
        ..Default::default()
    }
}

/// A task of the service that started after 20 s.
pub(super) fn task(id: &str) -> Task {
    let address = KeyValuePair {
        name: Some("privateIPv4Address".to_owned()),
        value: Some(ADDRESS.to_owned()),
    };
    Task {
        task_arn: Some(format!("arn:aws:ecs:eu-west-1:1:task/shop/{id}")),
        last_status: Some("RUNNING".to_owned()),
        started_at: Some(at(20)),
        memory: Some("512".to_owned()),
        attachments: Some(vec![Attachment { details: Some(vec![address]), ..Default::default() }]),
        containers: Some(vec![Container { name: Some("api".to_owned()), ..Default::default() }]),
        ..Default::default()
    }
}

/// The same, stopping after 60 s for a reason.
pub(super) fn stopped(id: &str, code: &str, reason: &str) -> Task {
    Task {
        last_status: Some("STOPPED".to_owned()),
        stop_code: Some(code.to_owned()),
        stopped_reason: Some(reason.to_owned()),
        stopping_at: Some(at(60)),
        stopped_at: Some(at(62)),
        ..task(id)
    }
}

/// A task whose own container ended with this exit code.
pub(super) fn exited(code: i32, reason: Option<&str>) -> Task {
    let mut task = stopped("t1", "EssentialContainerExited", "Essential container in task exited");
    let containers = task.containers.as_mut().unwrap();
    containers[0].exit_code = Some(code);
    containers[0].reason = reason.map(str::to_owned);
    task
}

pub(super) fn lines(text: &str) -> Vec<LogLine> {
    let line = |(number, text): (usize, &str)| LogLine {
        container: "api".to_owned(),
        at: Some(at(21 + i64::try_from(number).unwrap())),
        text: text.to_owned(),
    };
    text.lines().enumerate().map(line).collect()
}

pub(super) fn case(task: Task, log: &str) -> Case {
    let own = ContainerDefinition {
        name: Some("api".to_owned()),
        image: Some("shop/api:2".to_owned()),
        ..Default::default()
    };
    let definition =
        TaskDefinition { container_definitions: Some(vec![own]), ..Default::default() };
    Case { task, definition: Some(definition), log: lines(log), ..Default::default() }
}

pub(super) fn evidence(cases: Vec<Case>) -> Evidence {
    let sight = Sight { service: service(), ..Default::default() };
    let mut evidence = Evidence::of(&sight, ArtifactKind::Container, at(120));
    evidence.groups.push(TargetGroup {
        health_check_path: Some("/health".to_owned()),
        health_check_timeout_seconds: Some(5),
        ..Default::default()
    });
    evidence.cases = cases;
    evidence
}

/// What the load balancer says of the task's target.
pub(super) fn unhealthy(description: &str) -> TargetHealthDescription {
    TargetHealthDescription {
        target: Some(TargetDescription {
            id: ADDRESS.to_owned(),
            port: Some(HOST_PORT),
            ..Default::default()
        }),
        target_health: Some(TargetHealth {
            state: Some("unhealthy".to_owned()),
            description: Some(description.to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(super) fn event(seconds: i64, message: &str) -> ServiceEvent {
    ServiceEvent {
        id: Some(seconds.to_string()),
        created_at: Some(at(seconds)),
        message: Some(message.to_owned()),
    }
}

/// The only finding.
#[track_caller]
pub(super) fn only(evidence: &Evidence) -> Finding {
    let mut findings = diagnose(evidence);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

/// What is found in a task with this log is this cause, in these words.
#[track_caller]
pub(super) fn check(task: Task, log: &str, cause: Cause, title: &str) -> Finding {
    let finding = only(&evidence(vec![case(task, log)]));
    assert_eq!((finding.cause, finding.title.as_str()), (cause, title), "{finding:#?}");
    finding
}
