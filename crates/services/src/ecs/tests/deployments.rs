//! Service deployments and revisions: what is shown of them, and what a person may ask of them.

use super::*;
use model::Span;
use world::ServiceDeployment as Held;
use world::service::ServiceDeploymentStatus as Status;
use world::service::deployment::{self, Ending};

const ALL: ListServiceDeploymentsRequest = ListServiceDeploymentsRequest {
    service: String::new(),
    cluster: None,
    status: None,
    created_at: None,
    next_token: None,
    max_results: None,
};

fn list() -> ListServiceDeploymentsRequest {
    ListServiceDeploymentsRequest { service: "api".to_owned(), cluster: some("shop"), ..ALL }
}

fn force() -> UpdateServiceRequest {
    UpdateServiceRequest { force_new_deployment: Some(true), ..change() }
}

/// A region whose service `api` has three deployments, a minute apart; only the newest goes on.
fn thrice() -> Region {
    let mut region = region();
    region.ok::<CreateService>(api());
    for _ in 0..2 {
        region.pass(Span::minutes(1));
        region.ok::<UpdateService>(force());
    }
    region
}

fn describe(region: &mut Region, arns: &[String]) -> DescribeServiceDeploymentsResponse {
    let service_deployment_arns = arns.to_vec();
    region.ok::<DescribeServiceDeployments>(DescribeServiceDeploymentsRequest {
        service_deployment_arns,
    })
}

fn current(region: &mut Region) -> ServiceDeployment {
    let arn = described(region).current_service_deployment.unwrap();
    describe(region, &[arn]).service_deployments.unwrap().remove(0)
}

/// Changes the newest service deployment as the scheduler would.
fn settle(region: &mut Region, change: impl FnOnce(&mut Held)) {
    let service = region.world.services.get(&key()).unwrap();
    let mut held = region.world.current_deployment(service).unwrap().clone();
    change(&mut held);
    region.put(held);
}

fn end(region: &mut Region, status: Status) {
    let service = region.world.services.get(&key()).unwrap().clone();
    let now = region.now;
    settle(region, |held| {
        let ending = Ending::of(held, &service, std::iter::empty());
        held.end(status, ending, now);
    });
}

fn stop(region: &mut Region, how: Option<&str>) -> Result<(), String> {
    let arn = described(region).current_service_deployment.unwrap();
    let request = StopServiceDeploymentRequest {
        service_deployment_arn: arn.clone(),
        stop_type: how.map(str::to_owned),
    };
    let answer = region.call::<StopServiceDeployment>(request).map_err(|f| f.to_string())?;
    assert_eq!(answer.service_deployment_arn, Some(arn));
    Ok(())
}

#[test]
fn a_new_service_has_a_pending_deployment_of_its_first_revision() {
    let mut region = region();
    let made = region.ok::<CreateService>(api()).service.unwrap();
    let shown = current(&mut region);
    assert_eq!(shown.status.as_deref(), Some("PENDING"));
    assert_eq!(shown.source_service_revisions, Some(Vec::new()));
    assert_eq!((shown.created_at, shown.started_at), (Some(region.now), None));
    let id = made.deployments.unwrap().remove(0).id.unwrap();
    let digits = id.trim_start_matches("ecs-svc/");
    let revision = format!("arn:aws:ecs:eu-west-1:000000000000:service-revision/shop/api/{digits}");
    assert_eq!(shown.target_service_revision.unwrap().arn, Some(revision.clone()));
    assert_eq!(made.current_service_revisions.unwrap()[0].arn, Some(revision));
    assert_eq!(shown.deployment_configuration, made.deployment_configuration);
    assert_eq!(shown.deployment_circuit_breaker.unwrap().status.as_deref(), Some("DISABLED"));
}

#[test]
fn a_newer_deployment_stops_the_one_that_goes_on_and_leaves_those_that_ended() {
    let mut region = region();
    region.ok::<CreateService>(api());
    end(&mut region, Status::Successful);
    region.pass(Span::minutes(1));
    region.ok::<UpdateService>(force());
    region.pass(Span::minutes(1));
    region.ok::<UpdateService>(force());
    let listed = region.ok::<ListServiceDeployments>(list()).service_deployments.unwrap();
    let statuses: Vec<_> = listed.iter().map(|one| one.status.as_deref().unwrap()).collect();
    assert_eq!(statuses, ["PENDING", "STOPPED", "SUCCESSFUL"]);
    let stopped = describe(&mut region, &[listed[1].service_deployment_arn.clone().unwrap()]);
    let stopped = stopped.service_deployments.unwrap().remove(0);
    assert_eq!((stopped.stopped_at, stopped.finished_at), (Some(region.now), Some(region.now)));
    assert_eq!(current(&mut region).source_service_revisions.unwrap().len(), 2);
}

#[test]
fn deployments_are_listed_newest_first_and_by_status_and_time() {
    let mut region = thrice();
    let mut statuses = |request: ListServiceDeploymentsRequest| {
        let listed = region.ok::<ListServiceDeployments>(request).service_deployments.unwrap();
        listed.into_iter().map(|one| one.status.unwrap()).collect::<Vec<_>>().join(" ")
    };
    let now = thrice().now;
    let of = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let minutes_ago = |minutes| Some(now - Span::minutes(minutes));
    for (request, expected) in [
        (list(), "PENDING STOPPED STOPPED"),
        (ListServiceDeploymentsRequest { status: of(&["PENDING"]), ..list() }, "PENDING"),
        (ListServiceDeploymentsRequest { status: of(&["SUCCESSFUL"]), ..list() }, ""),
        (
            ListServiceDeploymentsRequest {
                created_at: Some(CreatedAt { before: minutes_ago(1), after: None }),
                ..list()
            },
            "STOPPED",
        ),
        (
            ListServiceDeploymentsRequest {
                created_at: Some(CreatedAt { before: None, after: minutes_ago(2) }),
                ..list()
            },
            "PENDING STOPPED",
        ),
    ] {
        assert_eq!(statuses(request.clone()), expected, "{request:?}");
    }
}

#[test]
fn deployments_are_listed_in_pages() {
    let mut region = thrice();
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let request =
            ListServiceDeploymentsRequest { max_results: Some(1), next_token: token, ..list() };
        let page = region.ok::<ListServiceDeployments>(request);
        seen.extend(page.service_deployments.unwrap().into_iter().map(|one| one.created_at));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 3);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    let foreign = ListServiceDeploymentsRequest { next_token: some("x"), ..list() };
    assert_eq!(
        region.fault::<ListServiceDeployments>(foreign),
        "InvalidParameterException: Invalid token."
    );
}

#[test]
fn what_is_not_there_is_a_failure_and_what_is_no_arn_a_mistake() {
    let mut region = thrice();
    let arn = |kind: &str| format!("arn:aws:ecs:eu-west-1:000000000000:{kind}/shop/api/gone");
    let missing = |arn: String| Failure { arn: Some(arn), reason: some("MISSING"), detail: None };
    let asked = arn("service-deployment");
    let answer = describe(&mut region, std::slice::from_ref(&asked));
    assert_eq!(answer.service_deployments, Some(Vec::new()));
    assert_eq!(answer.failures, Some(vec![missing(asked)]));
    let asked = arn("service-revision");
    let request = DescribeServiceRevisionsRequest { service_revision_arns: vec![asked.clone()] };
    let answer = region.ok::<DescribeServiceRevisions>(request);
    assert_eq!(answer.failures, Some(vec![missing(asked)]));
    for (arns, expected) in [
        (vec![], "serviceDeploymentArns cannot be empty."),
        (vec![arn("service-deployment"); 21], "serviceDeploymentArns can have at most 20 items."),
        (vec!["api".to_owned()], "Invalid identifier: Expected an ARN, but got api"),
        (
            vec!["arn:aws:ecs:eu-west-1:000000000000:service-deployment/api".to_owned()],
            "Invalid identifier: Unexpected number of separators",
        ),
    ] {
        let request = DescribeServiceDeploymentsRequest { service_deployment_arns: arns };
        let refused = region.fault::<DescribeServiceDeployments>(request);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
    let elsewhere = ListServiceDeploymentsRequest { service: "gone".to_owned(), ..list() };
    assert_eq!(
        region.fault::<ListServiceDeployments>(elsewhere),
        "ServiceNotFoundException: Service not found."
    );
}

/// Reference §3.7: in which states it may be asked for, and what is asked for then.
#[test]
fn a_deployment_is_stopped_in_every_state_but_the_last_ones() {
    for (status, how, expected) in [
        (Status::Pending, None, "ROLLBACK_REQUESTED"),
        (Status::InProgress, None, "ROLLBACK_REQUESTED"),
        (Status::InProgress, Some("ROLLBACK"), "ROLLBACK_REQUESTED"),
        (Status::InProgress, Some("ABORT"), "STOP_REQUESTED"),
        (Status::StopRequested, Some("ROLLBACK"), "ROLLBACK_REQUESTED"),
        (Status::RollbackRequested, Some("ABORT"), "STOP_REQUESTED"),
        (Status::RollbackInProgress, Some("ROLLBACK"), "ROLLBACK_IN_PROGRESS"),
        (Status::RollbackInProgress, Some("ABORT"), "STOP_REQUESTED"),
    ] {
        let mut region = thrice();
        settle(&mut region, |held| held.status = status);
        assert_eq!(stop(&mut region, how), Ok(()), "{status:?}");
        assert_eq!(current(&mut region).status.as_deref(), Some(expected), "{status:?} {how:?}");
    }
    for status in
        [Status::Successful, Status::Stopped, Status::RollbackSuccessful, Status::RollbackFailed]
    {
        let mut region = thrice();
        end(&mut region, status);
        let refused = stop(&mut region, None).unwrap_err();
        assert!(refused.starts_with("ConflictException: "), "{refused}");
    }
}

#[test]
fn a_deployment_that_is_not_there_is_not_stopped() {
    let mut region = region();
    let arn = "arn:aws:ecs:eu-west-1:000000000000:service-deployment/shop/api/gone";
    let request =
        StopServiceDeploymentRequest { service_deployment_arn: arn.to_owned(), stop_type: None };
    assert_eq!(
        region.fault::<StopServiceDeployment>(request.clone()),
        "ServiceDeploymentNotFoundException: Service deployment not found."
    );
    let request = StopServiceDeploymentRequest { stop_type: some("KILL"), ..request };
    assert_eq!(
        region.fault::<StopServiceDeployment>(request),
        "InvalidParameterException: stopType should be one of [ABORT,ROLLBACK]"
    );
}

#[test]
fn the_breaker_is_shown_as_a_monitor() {
    let breaker = |enable| DeploymentConfiguration {
        deployment_circuit_breaker: Some(DeploymentCircuitBreaker {
            enable,
            rollback: false,
            reset_on_healthy_task: None,
            threshold_configuration: None,
        }),
        ..DeploymentConfiguration::default()
    };
    let shown = |region: &mut Region| {
        let shown = current(region).deployment_circuit_breaker.unwrap();
        (shown.status.unwrap(), shown.failure_count, shown.threshold)
    };
    let mut region = region();
    let deployment_configuration = Some(breaker(true));
    region.ok::<CreateService>(CreateServiceRequest { deployment_configuration, ..api() });
    let mut service = region.world.services.get(&key()).unwrap().clone();
    service.deployments[0].failed_tasks = 2;
    region.put(service);
    assert_eq!(shown(&mut region), ("MONITORING".to_owned(), Some(2), Some(3)));
    end(&mut region, Status::Successful);
    assert_eq!(shown(&mut region), ("MONITORING_COMPLETE".to_owned(), Some(2), Some(3)));
    settle(&mut region, |held| held.failure = Some(deployment::Failure::Breaker));
    assert_eq!(shown(&mut region).0, "TRIGGERED");
}

#[test]
fn alarms_are_shown_as_a_monitor() {
    let shown = |region: &mut Region| {
        let shown = current(region).alarms.unwrap();
        (shown.status.unwrap(), shown.triggered_alarm_names.unwrap())
    };
    let mut region = region();
    for name in ["errors", "latency"] {
        region.put(world::Alarm::new(name.into(), region.now));
    }
    let alarms = DeploymentAlarms {
        alarm_names: vec!["errors".to_owned(), "latency".to_owned()],
        enable: true,
        rollback: true,
    };
    let rules = DeploymentConfiguration { alarms: Some(alarms), ..Default::default() };
    let deployment_configuration = Some(rules);
    region.ok::<CreateService>(CreateServiceRequest { deployment_configuration, ..api() });
    assert_eq!(shown(&mut region), ("MONITORING".to_owned(), vec![]));
    settle(&mut region, |held| held.ignored_alarms = ["errors".into()].into());
    assert_eq!(shown(&mut region).0, "MONITORING", "one of the two is watched");
    settle(&mut region, |held| held.ignored_alarms = ["errors".into(), "latency".into()].into());
    assert_eq!(shown(&mut region).0, "DISABLED", "both were there before the deployment");
    settle(&mut region, |held| held.ignored_alarms = Default::default());
    end(&mut region, Status::Successful);
    assert_eq!(shown(&mut region).0, "MONITORING_COMPLETE");
    let rung = vec!["latency".into()];
    settle(&mut region, |held| held.failure = Some(deployment::Failure::Alarms(rung.clone())));
    assert_eq!(shown(&mut region), ("TRIGGERED".to_owned(), vec!["latency".to_owned()]));
}

#[test]
fn a_revision_shows_what_its_tasks_run() {
    let mut region = region();
    let balancers = balanced(&mut region);
    let request = CreateServiceRequest { load_balancers: Some(balancers.clone()), ..api() };
    region.ok::<CreateService>(request);
    let target = current(&mut region).target_service_revision.unwrap();
    let request =
        DescribeServiceRevisionsRequest { service_revision_arns: vec![target.arn.unwrap()] };
    let shown = region.ok::<DescribeServiceRevisions>(request).service_revisions.unwrap().remove(0);
    assert_eq!(shown.task_definition.as_deref(), described(&mut region).task_definition.as_deref());
    assert_eq!(shown.launch_type.as_deref(), Some("FARGATE"));
    assert_eq!(shown.platform_version.as_deref(), Some("1.4.0"));
    assert_eq!(shown.load_balancers, Some(balancers));
    let image = ContainerImage {
        container_name: some("app"),
        image_digest: None,
        image: some("node:22-alpine"),
    };
    assert_eq!(shown.container_images, Some(vec![image]));
    let resolved = shown.resolved_configuration.unwrap().load_balancers.unwrap().remove(0);
    assert_eq!(resolved.target_group_arn, Some(group_arn("web")));
}
