//! The verdict: what each state of a service comes to.

use super::*;
use crate::approval::approval;
use crate::verdict::{Flaw, FlawKind};
use api::ecs::{
    Container, DeploymentLifecycleHookDetail, LoadBalancer, ServiceEvent, ServiceRevisionSummary,
};
use api::elbv2::{TargetDescription, TargetHealth};
use model::Timestamp;

const NEW: &str = "arn:aws:ecs:eu-west-1:000000000000:task-definition/shop-prod-api:2";
const OLD: &str = "arn:aws:ecs:eu-west-1:000000000000:task-definition/shop-prod-api:1";

fn deployment(definition: &str, status: &str, state: &str, running: i32) -> Deployment {
    Deployment {
        id: Some(format!("ecs-svc/{}", definition.len() + status.len())),
        status: Some(status.to_owned()),
        task_definition: Some(definition.to_owned()),
        running_count: Some(running),
        rollout_state: Some(state.to_owned()),
        rollout_state_reason: Some("ECS deployment ecs-svc/1 in progress.".to_owned()),
        ..Default::default()
    }
}

fn sight(desired: i32, deployments: Vec<Deployment>) -> Sight {
    let service = Service {
        service_name: Some("api".to_owned()),
        status: Some("ACTIVE".to_owned()),
        desired_count: Some(desired),
        running_count: Some(deployments.iter().filter_map(|held| held.running_count).sum()),
        deployments: Some(deployments),
        ..Default::default()
    };
    Sight { service, ..Default::default() }
}

fn behind_balancer(mut sight: Sight, targets: &[(&str, Option<&str>)]) -> Sight {
    sight.service.load_balancers = Some(vec![LoadBalancer::default()]);
    let target =
        |(at, (state, description)): (usize, &(&str, Option<&str>))| TargetHealthDescription {
            target: Some(TargetDescription {
                id: format!("172.31.0.{at}"),
                port: Some(3000),
                ..Default::default()
            }),
            target_health: Some(TargetHealth {
                state: Some((*state).to_owned()),
                description: description.map(str::to_owned),
                ..Default::default()
            }),
            ..Default::default()
        };
    sight.targets = targets.iter().enumerate().map(target).collect();
    sight
}

fn check(sight: &Sight, verdict: &Verdict, waiting: &[&str]) {
    let intent =
        Intent { definition: NEW, digest: Some("sha256:new"), least: 1, environment: None };
    let found = progress(sight, intent);
    assert_eq!(
        (&found.verdict, found.waiting.as_slice()),
        (verdict, &waiting.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..])
    );
}

fn failed(kind: FlawKind, why: &str) -> Verdict {
    Verdict::Failed(Flaw::new(kind, why))
}

#[test]
fn a_completed_deployment_in_full_is_done() {
    check(&sight(2, vec![deployment(NEW, "PRIMARY", "COMPLETED", 2)]), &Verdict::Done, &[]);
}

#[test]
fn services_stable_is_not_enough() {
    let stable = sight(1, vec![deployment(NEW, "PRIMARY", "IN_PROGRESS", 1)]);
    let watched = "all is well; ECS watches the deployment before it calls it complete";
    check(&stable, &Verdict::Waiting, &[watched]);
}

#[test]
fn missing_tasks_and_old_ones_are_waited_for() {
    let half = sight(
        2,
        vec![
            deployment(NEW, "PRIMARY", "IN_PROGRESS", 1),
            deployment(OLD, "ACTIVE", "COMPLETED", 2),
        ],
    );
    check(&half, &Verdict::Waiting, &["1 of 2 tasks run", "2 old tasks still to go"]);
}

#[test]
fn a_target_that_is_not_healthy_says_why() {
    let failing = behind_balancer(
        sight(1, vec![deployment(NEW, "PRIMARY", "COMPLETED", 1)]),
        &[("unhealthy", Some("Health checks failed with these codes: [404]")), ("draining", None)],
    );
    let why = "target 172.31.0.0:3000: Health checks failed with these codes: [404]";
    check(&failing, &Verdict::Waiting, &["0 of 1 targets healthy", why]);
}

#[test]
fn a_rolled_back_deployment_is_a_failure_although_the_waiter_passes() {
    let mut back = deployment(OLD, "PRIMARY", "IN_PROGRESS", 2);
    let why = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.";
    back.rollout_state_reason = Some(why.to_owned());
    let expected = format!("ECS rolled the deployment back to shop-prod-api:1: {why}");
    check(&sight(2, vec![back.clone()]), &failed(FlawKind::RollingBack, &expected), &[]);
    // Once it is complete, only the event says what it was.
    back.rollout_state = Some("COMPLETED".to_owned());
    back.rollout_state_reason = Some("ECS deployment ecs-svc/7 completed.".to_owned());
    let id = back.id.clone().unwrap();
    let mut sight = sight(2, vec![back]);
    sight.service.events = Some(vec![ServiceEvent {
        message: Some(format!("(service api) rolling back to deployment {id}.")),
        created_at: Some(Timestamp::from_seconds(1)),
        ..Default::default()
    }]);
    let expected = "ECS rolled the deployment back to shop-prod-api:1: ECS deployment ecs-svc/7 \
        completed.";
    check(&sight, &failed(FlawKind::RolledBack, expected), &[]);
}

#[test]
fn a_superseded_deployment_is_a_failure() {
    let other = sight(2, vec![deployment(OLD, "PRIMARY", "COMPLETED", 2)]);
    check(
        &other,
        &failed(FlawKind::Superseded, "another deployment, of shop-prod-api:1, took its place"),
        &[],
    );
}

#[test]
fn a_service_scaled_to_nothing_is_a_failure() {
    let nothing = sight(0, vec![deployment(NEW, "PRIMARY", "COMPLETED", 0)]);
    let why = "the service was scaled to 0 tasks, fewer than 1";
    check(&nothing, &failed(FlawKind::ScaledDown, why), &[]);
}

#[test]
fn a_failed_deployment_says_ecs_reason() {
    let mut broken = deployment(NEW, "PRIMARY", "FAILED", 0);
    let why = "ECS deployment circuit breaker: tasks failed to start.";
    broken.rollout_state_reason = Some(why.to_owned());
    check(&sight(1, vec![broken]), &failed(FlawKind::Broken, why), &[]);
}

#[test]
fn another_image_under_the_same_definition_is_not_what_was_intended() {
    let primary = deployment(NEW, "PRIMARY", "COMPLETED", 1);
    let container = Container {
        name: Some("api".to_owned()),
        image_digest: Some("sha256:old".to_owned()),
        ..Default::default()
    };
    let task = Task {
        started_by: primary.id.clone(),
        last_status: Some("RUNNING".to_owned()),
        containers: Some(vec![container]),
        ..Default::default()
    };
    let sight = Sight { tasks: vec![task], ..sight(1, vec![primary]) };
    let why = "a task runs sha256:old, not sha256:new";
    check(&sight, &failed(FlawKind::OtherDigest, why), &[]);
}

#[test]
fn a_service_that_is_deleted_is_a_failure() {
    let mut gone = sight(1, vec![]);
    gone.service.status = Some("DRAINING".to_owned());
    check(&gone, &failed(FlawKind::Gone, "the service is DRAINING"), &[]);
}

#[test]
fn a_stage_is_told_with_its_share_of_the_requests_until_the_deployment_ends() {
    let under_way = ServiceDeployment {
        lifecycle_stage: Some("PRODUCTION_TRAFFIC_SHIFT".to_owned()),
        target_service_revision: Some(ServiceRevisionSummary {
            requested_production_traffic_weight: Some(12.5),
            ..Default::default()
        }),
        ..Default::default()
    };
    let deployments = |state| vec![deployment(NEW, "PRIMARY", state, 1)];
    let beside =
        Sight { deployment: Some(under_way.clone()), ..sight(1, deployments("IN_PROGRESS")) };
    let stage = "stage PRODUCTION_TRAFFIC_SHIFT: 12.5 % of the requests go to the new version";
    check(&beside, &Verdict::Waiting, &[stage]);
    let finished_at = Some(Timestamp::default());
    let ended = ServiceDeployment { finished_at, ..under_way };
    let done = Sight { deployment: Some(ended), ..sight(1, deployments("COMPLETED")) };
    check(&done, &Verdict::Done, &[]);
}

#[test]
fn a_deployment_that_waits_for_a_person_says_what_to_type() {
    let hook = |status: &str| DeploymentLifecycleHookDetail {
        hook_id: Some("hook-1".to_owned()),
        status: Some(status.to_owned()),
        expires_at: Some(Timestamp::default()),
        ..Default::default()
    };
    let paused = |status| {
        let deployment = ServiceDeployment {
            service_deployment_arn: Some("arn".to_owned()),
            lifecycle_hook_details: Some(vec![hook("SUCCEEDED"), hook(status)]),
            ..Default::default()
        };
        let under_way = sight(1, vec![deployment_of(NEW)]);
        Sight { deployment: Some(deployment), ..under_way }
    };
    let waiting = "your approval until 1970-01-01T00:00:00.000Z: `neargate promote api` moves the \
        requests, `neargate promote api --rollback` brings the old version back";
    check(&paused("AWAITING_ACTION"), &Verdict::Waiting, &[waiting]);
    assert_eq!(approval(&paused("TIMED_OUT")), None);
    let held = approval(&paused("AWAITING_ACTION")).expect("it waits");
    assert_eq!((held.deployment.as_str(), held.hook.as_str()), ("arn", "hook-1"));
}

fn deployment_of(definition: &str) -> Deployment {
    deployment(definition, "PRIMARY", "IN_PROGRESS", 1)
}

#[test]
fn who_waits_for_rest_waits_for_tasks_that_are_too_many() {
    let done = || Progress { verdict: Verdict::Done, waiting: Vec::new() };
    let completed = || deployment(NEW, "PRIMARY", "COMPLETED", 1);
    let rest = sight(1, vec![completed()]);
    assert_eq!(steadily(done(), &rest.service), done());
    let many = sight(1, vec![deployment(NEW, "PRIMARY", "COMPLETED", 2)]);
    let waiting = steadily(done(), &many.service);
    assert_eq!(waiting.verdict, Verdict::Waiting);
    assert_eq!(waiting.waiting, ["tasks have still to stop"]);
    let held = Progress { verdict: Verdict::Waiting, waiting: vec!["1 of 2 tasks run".to_owned()] };
    assert_eq!(steadily(held.clone(), &many.service), held);
}
