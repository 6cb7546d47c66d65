//! The matrix of truth: what AWS answers, and what is said of it.

use super::*;
use crate::diagnosis::Cause;
use crate::progress::progress;
use api::ecs::{
    Container, DeploymentAlarms, DeploymentCircuitBreaker, DeploymentConfiguration, ServiceEvent,
};
use model::Timestamp;
use std::collections::BTreeMap;

const NEW: &str = "arn:aws:ecs:eu-west-1:000000000000:task-definition/shop-prod-api:2";
const OLD: &str = "arn:aws:ecs:eu-west-1:000000000000:task-definition/shop-prod-api:1";

/// A service with one deployment of this definition in this state, with as many tasks as wanted.
fn running(definition: &str, state: &str, desired: i32) -> Sight {
    let primary = Deployment {
        id: Some("ecs-svc/1".to_owned()),
        status: Some("PRIMARY".to_owned()),
        task_definition: Some(definition.to_owned()),
        running_count: Some(desired),
        rollout_state: Some(state.to_owned()),
        rollout_state_reason: Some("ECS deployment ecs-svc/1 says why.".to_owned()),
        ..Default::default()
    };
    let service = Service {
        service_name: Some("api".to_owned()),
        status: Some("ACTIVE".to_owned()),
        desired_count: Some(desired),
        running_count: Some(desired),
        deployments: Some(vec![primary]),
        ..Default::default()
    };
    Sight { service, ..Sight::default() }
}

/// The same, with what AWS lists of service deployments: definitions with statuses, newest first.
fn with_attempts(mut sight: Sight, attempts: &[(&str, &str)]) -> Sight {
    let attempt = |(definition, status): &(&str, &str)| Attempt {
        definition: Some((*definition).to_owned()),
        deployment: ServiceDeployment {
            status: Some((*status).to_owned()),
            ..ServiceDeployment::default()
        },
    };
    sight.attempts = Some(attempts.iter().map(attempt).collect());
    sight
}

/// The same, with a breaker that brings the old version back, or does not.
fn with_breaker(mut sight: Sight, breaker: DeploymentCircuitBreaker) -> Sight {
    sight.service.deployment_configuration = Some(DeploymentConfiguration {
        deployment_circuit_breaker: Some(breaker),
        alarms: Some(DeploymentAlarms::default()),
        ..Default::default()
    });
    sight
}

fn task(digest: &str) -> Task {
    let container = Container {
        name: Some("api".to_owned()),
        image_digest: Some(digest.to_owned()),
        ..Default::default()
    };
    Task {
        started_by: Some("ecs-svc/1".to_owned()),
        last_status: Some("RUNNING".to_owned()),
        containers: Some(vec![container]),
        ..Default::default()
    }
}

fn check(sight: &Sight, least: u32, expected: Result<(), (FlawKind, &str)>) {
    let intent = Intent { definition: NEW, digest: Some("sha256:new"), least, environment: None };
    let found = match progress(sight, intent).verdict {
        Verdict::Done => Ok(()),
        Verdict::Failed(flaw) => Err((flaw.kind, flaw.words)),
        Verdict::Waiting => panic!("it waits"),
    };
    assert_eq!(found, expected.map_err(|(kind, words)| (kind, words.to_owned())));
}

#[test]
fn what_was_asked_for_runs() {
    let done = Sight { tasks: vec![task("sha256:new")], ..running(NEW, "COMPLETED", 2) };
    check(&with_attempts(done.clone(), &[(NEW, "SUCCESSFUL"), (OLD, "SUCCESSFUL")]), 2, Ok(()));
    // An older attempt of the same definition that ended badly is history.
    check(&with_attempts(done, &[(NEW, "SUCCESSFUL"), (NEW, "STOPPED")]), 2, Ok(()));
}

#[test]
fn each_end_of_a_service_deployment_has_its_words() {
    let old = || running(OLD, "COMPLETED", 2);
    for (status, kind, words) in [
        (
            "ROLLBACK_SUCCESSFUL",
            FlawKind::RolledBack,
            "ECS rolled the deployment back to shop-prod-api:1",
        ),
        ("ROLLBACK_IN_PROGRESS", FlawKind::RollingBack, "ECS brings shop-prod-api:1 back"),
        (
            "ROLLBACK_FAILED",
            FlawKind::RollbackFailed,
            "ECS tried to bring the old version back, and that failed too",
        ),
        ("STOPPED", FlawKind::Stopped, "the deployment was stopped before its end"),
    ] {
        let sight = with_attempts(old(), &[(NEW, status), (OLD, "SUCCESSFUL")]);
        check(&sight, 2, Err((kind, words)));
    }
}

#[test]
fn aws_reason_for_an_end_is_said() {
    let mut sight = with_attempts(running(OLD, "COMPLETED", 1), &[(NEW, "ROLLBACK_SUCCESSFUL")]);
    if let Some([own]) = sight.attempts.as_deref_mut() {
        own.deployment.status_reason = Some("Circuit breaker triggered.".to_owned());
    }
    let words = "ECS rolled the deployment back to shop-prod-api:1: Circuit breaker triggered.";
    check(&sight, 1, Err((FlawKind::RolledBack, words)));
}

#[test]
fn what_ecs_stops_itself_has_an_ending_of_its_own() {
    let stopped = |sight: Sight, reason: &str| {
        let mut sight = with_attempts(sight, &[(NEW, "STOPPED")]);
        if let Some([own]) = sight.attempts.as_deref_mut() {
            own.deployment.status_reason = Some(reason.to_owned());
        }
        sight
    };
    let newer = "Service deployment stopped because a newer service deployment began.";
    let superseded = "another deployment, of shop-prod-api:1, took its place";
    let sight = stopped(running(OLD, "IN_PROGRESS", 1), newer);
    check(&sight, 1, Err((FlawKind::Superseded, superseded)));
    let tripped = "Service deployment stopped because the circuit breaker threshold was exceeded.";
    let sight = stopped(running(NEW, "FAILED", 1), tripped);
    check(&sight, 1, Err((FlawKind::Broken, "ECS deployment ecs-svc/1 says why.")));
    let sight = stopped(running(OLD, "COMPLETED", 1), "Service deployment stopped by a user.");
    let words = "the deployment was stopped before its end: Service deployment stopped by a user.";
    check(&sight, 1, Err((FlawKind::Stopped, words)));
}

#[test]
fn another_primary_was_either_later_or_instead() {
    let old = || running(OLD, "COMPLETED", 2);
    let superseded = "another deployment, of shop-prod-api:1, took its place";
    check(&old(), 2, Err((FlawKind::Superseded, superseded)));
    let after = with_attempts(old(), &[(OLD, "SUCCESSFUL"), (NEW, "SUCCESSFUL")]);
    check(&after, 2, Err((FlawKind::Superseded, superseded)));
    let never = "shop-prod-api:1 runs, and no deployment of what was asked for ever began";
    check(&with_attempts(old(), &[(OLD, "SUCCESSFUL")]), 2, Err((FlawKind::NeverHappened, never)));
    let expired = "shop-prod-api:1 runs, and AWS no longer shows what became of the deployment";
    let page = [(OLD, "SUCCESSFUL"); Sight::ATTEMPTS];
    check(&with_attempts(old(), &page), 2, Err((FlawKind::EvidenceExpired, expired)));
}

#[test]
fn a_return_is_known_by_its_event_where_nothing_else_tells() {
    for (state, kind) in [
        ("IN_PROGRESS", FlawKind::RollingBack),
        ("COMPLETED", FlawKind::RolledBack),
        ("FAILED", FlawKind::RollbackFailed),
    ] {
        let mut back = running(OLD, state, 1);
        back.service.events = Some(vec![ServiceEvent {
            message: Some("(service api) rolling back to deployment ecs-svc/1.".to_owned()),
            created_at: Some(Timestamp::from_seconds(1)),
            ..Default::default()
        }]);
        let words = "ECS rolled the deployment back to shop-prod-api:1: ECS deployment ecs-svc/1 \
            says why.";
        check(&back, 1, Err((kind, words)));
    }
}

#[test]
fn a_deployment_that_failed_says_whether_there_was_a_way_back() {
    let reason = "ECS deployment ecs-svc/1 says why.";
    let breaker = DeploymentCircuitBreaker { enable: true, ..Default::default() };
    let stays = with_breaker(running(NEW, "FAILED", 1), breaker.clone());
    check(&stays, 1, Err((FlawKind::Broken, reason)));
    let rollback = DeploymentCircuitBreaker { rollback: true, ..breaker };
    let no_way = with_breaker(running(NEW, "FAILED", 1), rollback);
    let words = format!("{reason} There is no completed deployment to go back to.");
    check(&no_way, 1, Err((FlawKind::NoWayBack, &words)));
}

#[test]
fn evidence_that_aws_has_forgotten_is_said_to_be_so() {
    let mut forgotten = running(NEW, "FAILED", 1);
    if let Some([primary]) = forgotten.service.deployments.as_deref_mut() {
        primary.failed_tasks = Some(3);
    }
    let words = "ECS deployment ecs-svc/1 says why. Its tasks are no longer shown: AWS forgets \
        them after an hour.";
    check(&forgotten, 1, Err((FlawKind::Broken, words)));
}

#[test]
fn nothing_is_a_success_only_for_who_asked_for_nothing() {
    let nothing = running(NEW, "COMPLETED", 0);
    check(&nothing, 0, Ok(()));
    let words = "the service was scaled to 0 tasks, fewer than 1";
    check(&nothing, 1, Err((FlawKind::ScaledDown, words)));
}

#[test]
fn another_digest_is_no_success_once_ecs_is_done() {
    let other = Sight { tasks: vec![task("sha256:old")], ..running(NEW, "COMPLETED", 1) };
    let words = "a task runs sha256:old, not sha256:new";
    check(&other, 1, Err((FlawKind::OtherDigest, words)));
}

#[test]
fn a_firing_alarm_holds_success_back_and_has_an_ending_of_its_own() {
    let alarms = BTreeMap::from([("errors".to_owned(), "ALARM".to_owned())]);
    let firing = Sight { alarms, ..running(NEW, "COMPLETED", 1) };
    let intent = Intent { definition: NEW, digest: None, least: 1, environment: None };
    let found = progress(&firing, intent);
    assert_eq!(found.waiting, ["alarm errors is in ALARM"]);
    let late = Flaw::late(&found, 900);
    let words = "not done after 900 s: alarm errors is in ALARM";
    assert_eq!(late, Flaw::new(FlawKind::AlarmFiring, words));
    let slow = progress(&running(NEW, "IN_PROGRESS", 1), intent);
    assert_eq!(Flaw::late(&slow, 900).kind, FlawKind::Late);
}

#[test]
fn a_rollback_under_way_is_no_last_word() {
    for kind in FlawKind::ALL {
        assert_eq!(Flaw::new(kind, "").is_final(), kind != FlawKind::RollingBack);
    }
}

#[test]
fn three_tasks_that_fail_alike_are_enough() {
    let finding = |severity, tasks: &[&str]| Finding {
        cause: Cause::ModuleNotFound,
        severity,
        title: "module not found: express".to_owned(),
        evidence: Vec::new(),
        log: Vec::new(),
        todo: Vec::new(),
        tasks: tasks.iter().map(|id| (*id).to_owned()).collect(),
        at: None,
    };
    let two = finding(Severity::Failure, &["a", "b"]);
    let three = finding(Severity::Failure, &["a", "b", "c"]);
    let warned = finding(Severity::Warning, &["a", "b", "c"]);
    assert_eq!(hopeless(&[two.clone(), warned]), None);
    assert_eq!(hopeless(&[two, three.clone()]), Some(&three));
}
