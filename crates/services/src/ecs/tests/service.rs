//! `CreateService`, `DescribeServices` and `DeleteService`. What a new service refuses is in
//! [`unfit`].

mod unfit;

use super::*;
use model::Ids;
use std::collections::BTreeSet;
use world::service::{DeploymentStatus, RolloutState, ServiceLaunch, ServiceStatus};
use world::task::{Launch, Origin};
use world::{Draft, EventKey, Phase, RowKey, ServiceEvent, TaskOrder};

fn describe(services: &[&str]) -> DescribeServicesRequest {
    DescribeServicesRequest {
        cluster: some("shop"),
        services: services.iter().map(|name| (*name).to_owned()).collect(),
        include: None,
    }
}

fn delete(force: Option<bool>) -> DeleteServiceRequest {
    DeleteServiceRequest { cluster: some("shop"), service: "api".to_owned(), force }
}

/// Puts a task of the service's newest deployment, as the scheduler would.
fn put_task(region: &mut Region, ids: &mut Ids, phase: Phase) {
    let service = region.world.services.get(&key()).unwrap();
    let order = TaskOrder {
        cluster: "shop".into(),
        definition: region.world.definitions.get(&service.definition).unwrap(),
        origin: Origin::Service {
            service: "api".into(),
            deployment: service.primary().unwrap().id.clone(),
        },
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: service.network.subnets.clone(),
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: TaskOverride::default(),
        exec: false,
        tags: BTreeMap::new(),
    };
    let mut task = world::Task::new(&region.world, order, ids, region.now).unwrap();
    task.enter(phase, region.now);
    region.put(task);
}

/// Changes the row as the scheduler would.
fn settle(region: &mut Region, change: impl FnOnce(&mut world::Service)) {
    let mut service = region.world.services.get(&key()).unwrap().clone();
    change(&mut service);
    region.put(service);
}

#[test]
fn a_new_service_has_one_deployment_in_progress_that_wants_nothing_yet() {
    let mut region = region();
    let service = region.ok::<CreateService>(api()).service.unwrap();
    assert_eq!((service.desired_count, service.running_count), (Some(2), Some(0)));
    let deployments = service.deployments.unwrap();
    assert_eq!(deployments.len(), 1);
    let only = &deployments[0];
    assert_eq!((only.status.as_deref(), only.desired_count), (Some("PRIMARY"), Some(0)));
    assert_eq!(only.rollout_state.as_deref(), Some("IN_PROGRESS"));
    let reason = format!("ECS deployment {} in progress.", only.id.as_deref().unwrap());
    assert_eq!(only.rollout_state_reason, Some(reason));
}

#[test]
fn the_same_request_again_answers_the_same_service() {
    let mut region = region();
    let token = |token: &str| CreateServiceRequest { client_token: some(token), ..api() };
    let first = region.ok::<CreateService>(token("a")).service;
    for repeat in [token("a"), token("b"), api()] {
        assert_eq!(region.ok::<CreateService>(repeat).service, first);
    }
    assert_eq!(
        region.fault::<CreateService>(CreateServiceRequest { desired_count: Some(3), ..api() }),
        "InvalidParameterException: Creation of service was not idempotent."
    );
}

#[test]
fn a_name_can_be_used_again_when_its_service_is_gone() {
    let mut region = region();
    region.ok::<CreateService>(api());
    region.ok::<DeleteService>(delete(Some(true)));
    assert_eq!(
        region.fault::<CreateService>(api()),
        "InvalidParameterException: Unable to Start a service that is still Draining."
    );
    settle(&mut region, |service| service.status = ServiceStatus::Inactive);
    put_event(&mut region, 0, "(service api) was deleted");
    region.ok::<CreateService>(CreateServiceRequest { desired_count: Some(5), ..api() });
    let service = described(&mut region);
    assert_eq!((service.desired_count, service.status.as_deref()), (Some(5), Some("ACTIVE")));
    assert_eq!(service.events, Some(Vec::new()));
}

fn put_event(region: &mut Region, number: u64, message: &str) {
    region.put(ServiceEvent {
        key: EventKey { service: key(), number },
        id: format!("event-{number}"),
        at: region.now,
        message: message.to_owned(),
    });
}

#[test]
fn a_service_without_a_launch_type_takes_its_cluster_s_strategy() {
    let mut region = region();
    let strategy = vec![CapacityProviderStrategyItem {
        capacity_provider: "FARGATE_SPOT".to_owned(),
        weight: Some(1),
        base: None,
    }];
    region.ok::<PutClusterCapacityProviders>(PutClusterCapacityProvidersRequest {
        cluster: "shop".to_owned(),
        capacity_providers: vec!["FARGATE".to_owned(), "FARGATE_SPOT".to_owned()],
        default_capacity_provider_strategy: strategy.clone(),
    });
    region.ok::<CreateService>(CreateServiceRequest { launch_type: None, ..api() });
    let service = described(&mut region);
    assert_eq!(service.launch_type, None);
    let shown = vec![CapacityProviderStrategyItem { base: Some(0), ..strategy[0].clone() }];
    assert_eq!(service.capacity_provider_strategy, Some(shown));
    let Some(ServiceLaunch::Strategy(kept)) =
        region.world.services.get(&key()).map(|service| service.launch.clone())
    else {
        panic!("the service has a strategy");
    };
    assert_eq!(kept[0].provider, "FARGATE_SPOT");
}

#[test]
fn counts_are_those_of_the_tasks_by_deployment() {
    let mut region = region();
    let mut ids = Ids::seeded(1);
    region.ok::<CreateService>(api());
    put_task(&mut region, &mut ids, Phase::Running);
    put_task(&mut region, &mut ids, Phase::Running);
    let force = UpdateServiceRequest { force_new_deployment: Some(true), ..change() };
    region.ok::<UpdateService>(force);
    put_task(&mut region, &mut ids, Phase::Pending);
    put_task(&mut region, &mut ids, Phase::Stopped);
    let service = described(&mut region);
    assert_eq!((service.running_count, service.pending_count), (Some(2), Some(1)));
    let counts: Vec<_> = service
        .deployments
        .unwrap()
        .into_iter()
        .map(|one| (one.status.unwrap(), one.running_count.unwrap(), one.pending_count.unwrap()))
        .collect();
    assert_eq!(counts, [("PRIMARY".to_owned(), 0, 1), ("ACTIVE".to_owned(), 2, 0)]);
    let revisions: Vec<_> = service
        .current_service_revisions
        .unwrap()
        .into_iter()
        .map(|one| (one.running_task_count.unwrap(), one.pending_task_count.unwrap()))
        .collect();
    assert_eq!(revisions, [(0, 1), (2, 0)]);
}

/// What `aws ecs wait services-stable` looks at (reference §3.15).
#[test]
fn a_service_is_stable_when_its_one_deployment_runs_what_is_desired() {
    let mut region = region();
    let mut ids = Ids::seeded(1);
    region.ok::<CreateService>(api());
    let stable = |region: &mut Region| {
        let shown = described(region);
        let deployments = shown.deployments.unwrap().len();
        deployments == 1 && shown.running_count == shown.desired_count
    };
    assert!(!stable(&mut region));
    put_task(&mut region, &mut ids, Phase::Running);
    put_task(&mut region, &mut ids, Phase::Activating);
    assert!(!stable(&mut region));
    put_task(&mut region, &mut ids, Phase::Running);
    assert!(stable(&mut region));
    region
        .ok::<UpdateService>(UpdateServiceRequest { force_new_deployment: Some(true), ..change() });
    assert!(!stable(&mut region));
}

#[test]
fn events_are_shown_with_the_newest_first() {
    let mut region = region();
    region.ok::<CreateService>(api());
    for number in 0..12 {
        put_event(&mut region, number, &format!("(service api) event {number}."));
    }
    let shown = described(&mut region).events.unwrap();
    let messages: Vec<_> = shown.into_iter().map(|event| event.message.unwrap()).collect();
    assert_eq!(messages[0], "(service api) event 11.");
    assert_eq!(messages[11], "(service api) event 0.");
}

#[test]
fn a_service_that_is_not_there_is_a_failure_beside_those_that_are() {
    let mut region = region();
    region.ok::<CreateService>(api());
    let arn = |name: &str| format!("arn:aws:ecs:eu-west-1:000000000000:service/shop/{name}");
    let answer = region.ok::<DescribeServices>(describe(&["gone", &arn("api"), "api"]));
    assert_eq!(answer.services.unwrap().len(), 2);
    let missing = Failure { arn: Some(arn("gone")), reason: some("MISSING"), detail: None };
    assert_eq!(answer.failures, Some(vec![missing]));
    let elsewhere = DescribeServicesRequest { cluster: some("none"), ..describe(&["api"]) };
    assert_eq!(
        region.fault::<DescribeServices>(elsewhere),
        "ClusterNotFoundException: Cluster not found."
    );
}

#[test]
fn one_to_ten_services_are_described_at_a_time() {
    let mut region = region();
    for (request, expected) in [
        (describe(&[]), "Services cannot be empty."),
        (describe(&["a"; 11]), "service names can have at most 10 items."),
        (
            DescribeServicesRequest {
                include: Some(vec!["EVENTS".to_owned()]),
                ..describe(&["a"])
            },
            "include should be one of [TAGS]",
        ),
    ] {
        let refused = region.fault::<DescribeServices>(request);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
}

#[test]
fn tags_of_a_service_are_shown_when_asked_for() {
    let mut region = region();
    let tags = vec![Tag { key: some("team"), value: some("shop") }];
    let request = CreateServiceRequest { tags: Some(tags.clone()), ..api() };
    assert_eq!(region.ok::<CreateService>(request).service.unwrap().tags.as_ref(), Some(&tags));
    assert_eq!(described(&mut region).tags, None);
    let with =
        DescribeServicesRequest { include: Some(vec!["TAGS".to_owned()]), ..describe(&["api"]) };
    let shown = region.ok::<DescribeServices>(with).services.unwrap().remove(0);
    assert_eq!(shown.tags, Some(tags));
}

#[test]
fn a_service_s_own_settings_are_shown_as_given() {
    let mut region = region();
    let breaker = DeploymentCircuitBreaker {
        enable: true,
        rollback: true,
        reset_on_healthy_task: Some(false),
        threshold_configuration: Some(ThresholdConfiguration {
            r#type: "COUNT".to_owned(),
            value: 4,
        }),
    };
    let balancers = balanced(&mut region);
    region.ok::<CreateService>(CreateServiceRequest {
        load_balancers: Some(balancers.clone()),
        health_check_grace_period_seconds: Some(30),
        platform_version: some("1.4.0"),
        enable_ecs_managed_tags: Some(true),
        propagate_tags: some("SERVICE"),
        availability_zone_rebalancing: some("DISABLED"),
        deployment_configuration: Some(DeploymentConfiguration {
            maximum_percent: Some(150),
            minimum_healthy_percent: Some(50),
            bake_time_in_minutes: Some(2),
            deployment_circuit_breaker: Some(breaker.clone()),
            ..DeploymentConfiguration::default()
        }),
        ..api()
    });
    let shown = described(&mut region);
    assert_eq!(shown.load_balancers, Some(balancers));
    assert_eq!(shown.health_check_grace_period_seconds, Some(30));
    assert_eq!(shown.platform_version.as_deref(), Some("1.4.0"));
    assert_eq!(shown.enable_ecs_managed_tags, Some(true));
    assert_eq!(shown.propagate_tags.as_deref(), Some("SERVICE"));
    assert_eq!(shown.availability_zone_rebalancing.as_deref(), Some("DISABLED"));
    let rules = shown.deployment_configuration.unwrap();
    assert_eq!((rules.maximum_percent, rules.minimum_healthy_percent), (Some(150), Some(50)));
    assert_eq!(rules.bake_time_in_minutes, Some(2));
    assert_eq!(rules.deployment_circuit_breaker, Some(breaker));
}

#[test]
fn a_service_is_deleted_when_it_wants_no_tasks_or_by_force() {
    let mut region = region();
    region.ok::<CreateService>(api());
    assert_eq!(
        region.fault::<DeleteService>(delete(None)),
        "InvalidParameterException: The service cannot be stopped while it is scaled above 0."
    );
    region.ok::<UpdateService>(UpdateServiceRequest {
        desired_count: Some(0),
        force_new_deployment: Some(true),
        ..change()
    });
    assert_eq!(
        region.fault::<DeleteService>(delete(Some(false))),
        "InvalidParameterException: The service cannot be stopped while deployments are active."
    );
    settle(&mut region, |service| {
        service.deployments.retain(|one| one.status == DeploymentStatus::Primary);
        service.deployments[0].rollout = RolloutState::Completed;
    });
    for force in [None, Some(true), None] {
        let shown = region.ok::<DeleteService>(delete(force)).service.unwrap();
        assert_eq!((shown.status.as_deref(), shown.desired_count), (Some("DRAINING"), Some(0)));
    }
}

#[test]
fn a_scaled_service_drains_when_it_is_deleted_by_force() {
    let mut region = region();
    region.ok::<CreateService>(api());
    put_task(&mut region, &mut Ids::seeded(1), Phase::Running);
    let shown = region.ok::<DeleteService>(delete(Some(true))).service.unwrap();
    assert_eq!((shown.status.as_deref(), shown.desired_count), (Some("DRAINING"), Some(0)));
    assert_eq!(shown.running_count, Some(1));
    let list = ListServicesRequest { cluster: some("shop"), ..ListServicesRequest::default() };
    assert_eq!(region.ok::<ListServices>(list).service_arns, Some(Vec::new()));
    settle(&mut region, |service| service.status = ServiceStatus::Inactive);
    assert_eq!(described(&mut region).status.as_deref(), Some("INACTIVE"));
    let mut draft = Draft::of(&region.world);
    draft.remove(RowKey::Service(key()));
    region.world = draft.commit().world;
    assert_eq!(
        region.fault::<DeleteService>(delete(None)),
        "ServiceNotFoundException: Service not found."
    );
}
