//! `UpdateService`: what begins a deployment, what does not, and what is refused.

use super::*;
use model::Span;
use world::service::{RolloutState, ServiceStatus};

/// A region whose service `api` has completed its first deployment a minute ago.
fn standing() -> Region {
    let mut region = region();
    let balancers = balanced(&mut region);
    region.ok::<CreateService>(CreateServiceRequest { load_balancers: Some(balancers), ..api() });
    let mut service = region.world.services.get(&key()).unwrap().clone();
    service.deployments[0].rollout = RolloutState::Completed;
    region.put(service);
    region.pass(Span::minutes(1));
    region
}

fn update(region: &mut Region, request: UpdateServiceRequest) -> Service {
    region.ok::<UpdateService>(request).service.unwrap()
}

/// How many deployments there are after a change of a service that has one.
fn deployments_after(request: UpdateServiceRequest) -> usize {
    let mut region = standing();
    region.ok::<RegisterTaskDefinition>(web());
    update(&mut region, request).deployments.unwrap().len()
}

fn with_groups(groups: &[&str]) -> Option<NetworkConfiguration> {
    let mut given = network();
    let vpc = given.as_mut().unwrap().awsvpc_configuration.as_mut().unwrap();
    vpc.security_groups = Some(groups.iter().map(|id| (*id).to_owned()).collect());
    given
}

fn rules(change: impl FnOnce(&mut DeploymentConfiguration)) -> Option<DeploymentConfiguration> {
    let mut rules = DeploymentConfiguration::default();
    change(&mut rules);
    Some(rules)
}

#[test]
fn what_tasks_are_made_of_begins_a_deployment() {
    let group = empty().world.vpc.security_group.to_string();
    for request in [
        UpdateServiceRequest { task_definition: some("web:2"), ..change() },
        UpdateServiceRequest { task_definition: some("web"), ..change() },
        UpdateServiceRequest { network_configuration: with_groups(&[&group]), ..change() },
        UpdateServiceRequest { platform_version: some("1.4.0"), ..change() },
        UpdateServiceRequest { load_balancers: Some(Vec::new()), ..change() },
        UpdateServiceRequest { force_new_deployment: Some(true), ..change() },
    ] {
        assert_eq!(deployments_after(request.clone()), 2, "{request:?}");
    }
}

#[test]
fn the_rules_of_deployments_and_the_same_values_again_begin_none() {
    for request in [
        change(),
        UpdateServiceRequest { desired_count: Some(5), ..change() },
        UpdateServiceRequest { task_definition: some("web:1"), ..change() },
        UpdateServiceRequest { network_configuration: network(), ..change() },
        UpdateServiceRequest { platform_version: some("LATEST"), ..change() },
        UpdateServiceRequest {
            load_balancers: Some(vec![balancer("web", "app", 3000)]),
            ..change()
        },
        UpdateServiceRequest { force_new_deployment: Some(false), ..change() },
        UpdateServiceRequest { health_check_grace_period_seconds: Some(9), ..change() },
        UpdateServiceRequest { availability_zone_rebalancing: some("DISABLED"), ..change() },
        UpdateServiceRequest { propagate_tags: some("SERVICE"), ..change() },
        UpdateServiceRequest { enable_ecs_managed_tags: Some(true), ..change() },
        UpdateServiceRequest {
            deployment_configuration: rules(|r| r.maximum_percent = Some(150)),
            ..change()
        },
    ] {
        assert_eq!(deployments_after(request.clone()), 1, "{request:?}");
    }
}

#[test]
fn the_deployment_before_becomes_active_and_keeps_what_it_brought() {
    let mut region = standing();
    region.ok::<RegisterTaskDefinition>(web());
    let before = described(&mut region).deployments.unwrap().remove(0);
    let after = UpdateServiceRequest { task_definition: some("web:2"), ..change() };
    let service = update(&mut region, after);
    let definition = |revision| {
        Some(format!("arn:aws:ecs:eu-west-1:000000000000:task-definition/web:{revision}"))
    };
    assert_eq!(service.task_definition, definition(2));
    let deployments = service.deployments.unwrap();
    assert_eq!(deployments[0].task_definition, definition(2));
    assert_eq!(deployments[0].status.as_deref(), Some("PRIMARY"));
    assert_eq!(deployments[0].rollout_state.as_deref(), Some("IN_PROGRESS"));
    assert_eq!(deployments[0].created_at, Some(region.now));
    assert_eq!(deployments[1], Deployment { status: some("ACTIVE"), ..before });
}

#[test]
fn members_that_are_not_given_stay_as_they_are() {
    let mut region = standing();
    let breaker = DeploymentCircuitBreaker {
        enable: true,
        rollback: true,
        ..DeploymentCircuitBreaker::default()
    };
    let given = [
        UpdateServiceRequest {
            deployment_configuration: rules(|r| r.deployment_circuit_breaker = Some(breaker)),
            health_check_grace_period_seconds: Some(9),
            propagate_tags: some("SERVICE"),
            ..change()
        },
        UpdateServiceRequest {
            deployment_configuration: rules(|r| r.minimum_healthy_percent = Some(50)),
            desired_count: Some(4),
            ..change()
        },
    ];
    for request in given {
        update(&mut region, request);
    }
    let shown = described(&mut region);
    assert_eq!(shown.desired_count, Some(4));
    assert_eq!(shown.health_check_grace_period_seconds, Some(9));
    assert_eq!(shown.propagate_tags.as_deref(), Some("SERVICE"));
    let rules = shown.deployment_configuration.unwrap();
    assert_eq!((rules.minimum_healthy_percent, rules.maximum_percent), (Some(50), Some(200)));
    let breaker = rules.deployment_circuit_breaker.unwrap();
    assert_eq!((breaker.enable, breaker.rollback), (true, true));
}

#[test]
fn a_strategy_holds_for_the_tasks_to_come_and_an_empty_one_leads_back() {
    let mut region = standing();
    let strategy = vec![CapacityProviderStrategyItem {
        capacity_provider: "FARGATE_SPOT".to_owned(),
        weight: Some(1),
        base: Some(0),
    }];
    for (given, launch_type, shown) in
        [(strategy.clone(), None, Some(strategy)), (Vec::new(), some("FARGATE"), None)]
    {
        let service = update(
            &mut region,
            UpdateServiceRequest { capacity_provider_strategy: Some(given), ..change() },
        );
        let deployments = service.deployments.unwrap();
        assert_eq!(deployments.len(), 1);
        for seen in [
            (&service.launch_type, &service.capacity_provider_strategy),
            (&deployments[0].launch_type, &deployments[0].capacity_provider_strategy),
        ] {
            assert_eq!(seen, (&launch_type, &shown));
        }
    }
}

#[test]
fn a_change_of_what_is_not_there_is_refused() {
    for (request, expected) in [
        (
            UpdateServiceRequest { service: "none".to_owned(), ..change() },
            "ServiceNotFoundException: Service not found.",
        ),
        (
            UpdateServiceRequest { cluster: some("none"), ..change() },
            "ClusterNotFoundException: Cluster not found.",
        ),
        (
            UpdateServiceRequest { task_definition: some("web:9"), ..change() },
            "ClientException: TaskDefinition not found.",
        ),
    ] {
        assert_eq!(standing().fault::<UpdateService>(request), expected);
    }
    for status in [ServiceStatus::Draining, ServiceStatus::Inactive] {
        let mut region = standing();
        let service = region.world.services.get(&key()).unwrap().clone();
        region.put(world::Service { status, ..service });
        assert_eq!(
            region.fault::<UpdateService>(change()),
            "ServiceNotActiveException: Service was not ACTIVE."
        );
    }
}

#[test]
fn a_service_goes_on_with_a_revision_that_no_other_can_begin_with() {
    let mut region = standing();
    region.ok::<DeregisterTaskDefinition>(DeregisterTaskDefinitionRequest {
        task_definition: "web:1".to_owned(),
    });
    let forced = UpdateServiceRequest { force_new_deployment: Some(true), ..change() };
    assert_eq!(update(&mut region, forced).deployments.unwrap().len(), 2);
    let named = UpdateServiceRequest { task_definition: some("web:1"), ..change() };
    assert_eq!(region.fault::<UpdateService>(named), "ClientException: TaskDefinition is inactive");
}

#[test]
fn a_change_is_held_to_the_same_rules_as_a_new_service() {
    let check = |request: UpdateServiceRequest, expected: &str| {
        let mut region = standing();
        let other = RegisterTaskDefinitionRequest {
            family: "other".to_owned(),
            container_definitions: vec![container("main")],
            ..web()
        };
        region.ok::<RegisterTaskDefinition>(other);
        let before = region.world.services.get(&key()).unwrap().clone();
        assert_eq!(region.fault::<UpdateService>(request), expected);
        assert_eq!(region.world.services.get(&key()), Some(&before));
    };
    check(
        UpdateServiceRequest { desired_count: Some(-1), ..change() },
        "InvalidParameterException: Task count can not be lesser than 0",
    );
    check(
        UpdateServiceRequest { task_definition: some("other"), ..change() },
        "InvalidParameterException: The container app does not exist in the task definition.",
    );
    check(
        UpdateServiceRequest { enable_execute_command: Some(true), ..change() },
        "InvalidParameterException: The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
    );
    check(
        UpdateServiceRequest { network_configuration: with_groups(&["sg-1"]), ..change() },
        "InvalidParameterException: Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist (ErrorCode: InvalidGroup.NotFound)",
    );
    check(
        UpdateServiceRequest {
            deployment_configuration: rules(|r| r.maximum_percent = Some(100)),
            ..change()
        },
        "InvalidParameterException: Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
    check(
        UpdateServiceRequest {
            deployment_configuration: rules(|r| {
                (r.maximum_percent, r.minimum_healthy_percent) = (Some(100), Some(0));
            }),
            ..change()
        },
        "InvalidParameterException: Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration.",
    );
    check(
        UpdateServiceRequest {
            deployment_controller: Some(DeploymentController { r#type: "EXTERNAL".to_owned() }),
            ..change()
        },
        "UnsupportedFeatureException: The local region does not implement 'deploymentController': its services are deployed by ECS itself, which is type 'ECS'.",
    );
}
