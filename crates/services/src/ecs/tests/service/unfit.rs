//! Services that AWS refuses, or the local region: one mistake each.

use super::*;

/// Creates `api` with one change in a region with one change.
fn check_in(
    prepare: impl FnOnce(&mut Region),
    change: impl FnOnce(&mut CreateServiceRequest),
    expected: &str,
) {
    let mut region = region();
    prepare(&mut region);
    let mut request = api();
    change(&mut request);
    assert_eq!(region.fault::<CreateService>(request), expected);
}

fn check(change: impl FnOnce(&mut CreateServiceRequest), expected: &str) {
    check_in(|_| {}, change, expected);
}

fn invalid(message: &str) -> String {
    format!("InvalidParameterException: {message}")
}

fn absent(member: &str, why: &str) -> String {
    format!("UnsupportedFeatureException: The local region does not implement '{member}': {why}.")
}

fn item(provider: &str, weight: i32, base: i32) -> CapacityProviderStrategyItem {
    CapacityProviderStrategyItem {
        capacity_provider: provider.to_owned(),
        weight: Some(weight),
        base: Some(base),
    }
}

#[test]
fn a_name_has_aws_s_characters() {
    check(
        |r| r.service_name = "my api".to_owned(),
        &invalid(r"ServiceName must match ^[a-zA-Z0-9\-_]{1,255}$, but was my api"),
    );
    check(
        |r| r.client_token = some(&"x".repeat(37)),
        &invalid("idempotency token longer than 36."),
    );
}

#[test]
fn cluster_definition_and_count_are_named_and_there() {
    check(|r| r.cluster = some("none"), "ClusterNotFoundException: Cluster not found.");
    check(|r| r.task_definition = None, &invalid("TaskDefinition is missing"));
    for given in ["none", "web:9"] {
        check(|r| r.task_definition = some(given), "ClientException: TaskDefinition not found.");
    }
    check_in(
        |region| {
            let request = DeregisterTaskDefinitionRequest { task_definition: "web:1".to_owned() };
            region.ok::<DeregisterTaskDefinition>(request);
        },
        |r| r.task_definition = some("web:1"),
        "ClientException: TaskDefinition is inactive",
    );
    check(|r| r.desired_count = None, &invalid("DesiredCount is missing"));
    check(|r| r.desired_count = Some(-1), &invalid("DesiredCount can not be lesser than 0"));
}

#[test]
fn launch_type_and_strategy_exclude_each_other() {
    check(
        |r| r.capacity_provider_strategy = Some(vec![item("FARGATE", 1, 0)]),
        &invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        ),
    );
    check(
        |r| r.launch_type = some("LAMBDA"),
        &invalid("launch type should be one of [EC2,FARGATE,EXTERNAL]"),
    );
    let why =
        "it has no container instances; say launch type 'FARGATE' or a capacity provider strategy";
    check(|r| r.launch_type = None, &absent("launchType EC2", why));
    check(|r| r.launch_type = some("EXTERNAL"), &absent("launchType EXTERNAL", why));
    check(
        |r| r.platform_version = some("9.9.9"),
        "PlatformUnknownException: The specified platform does not exist.",
    );
}

#[test]
fn a_strategy_has_a_weight_and_at_most_one_base() {
    let check_strategy = |items: Vec<CapacityProviderStrategyItem>, expected: &str| {
        let change = |r: &mut CreateServiceRequest| {
            (r.launch_type, r.capacity_provider_strategy) = (None, Some(items));
        };
        check(change, &invalid(expected));
    };
    check_strategy(
        vec![item("FARGATE", 1, 1), item("FARGATE_SPOT", 1, 1)],
        "There are multiple capacity providers in the specified capacity provider strategy with a base value greater than zero. Only one capacity provider can have a base value greater than zero. Specify a valid capacity provider strategy and try again.",
    );
    check_strategy(
        vec![item("FARGATE", 0, 0)],
        "There are no capacity providers in the capacity provider strategy with a weight value greater than zero. Specify a weight value greater than zero for at least one capacity provider and try again.",
    );
    check_strategy(
        vec![item("mine", 1, 0)],
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
    );
}

#[test]
fn a_network_has_subnets_and_groups_of_the_vpc() {
    let check_network = |subnets: &[&str], groups: &[&str], expected: &str| {
        let list = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let mut given = network();
        let vpc = given.as_mut().unwrap().awsvpc_configuration.as_mut().unwrap();
        (vpc.subnets, vpc.security_groups) = (list(subnets), Some(list(groups)));
        check(|r| r.network_configuration = given, &invalid(expected));
    };
    let missing = "Network Configuration must be provided when networkMode 'awsvpc' is specified.";
    check(|r| r.network_configuration = None, &invalid(missing));
    check_network(&[], &[], "subnets can not be empty.");
    check_network(
        &[SUBNET, "subnet-1"],
        &[],
        "Error retrieving subnet information for [subnet-00000000000000001, subnet-1]: The subnet ID 'subnet-1' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    );
    check_network(
        &[SUBNET],
        &["sg-1"],
        "Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist (ErrorCode: InvalidGroup.NotFound)",
    );
    check_network(&[SUBNET; 17], &[], "subnets can have at most 16 items.");
    check_network(&[SUBNET], &["sg-1"; 6], "securityGroups can have at most 5 items.");
}

#[test]
fn a_definition_for_machines_does_not_fit() {
    let on_bridge = |region: &mut Region| {
        region.ok::<RegisterTaskDefinition>(RegisterTaskDefinitionRequest {
            network_mode: some("bridge"),
            requires_compatibilities: None,
            ..web()
        });
    };
    let text = "Task definition does not support launch_type FARGATE.";
    check_in(on_bridge, |_| {}, &invalid(text));
}

#[test]
fn a_target_group_is_there_behind_a_listener_and_takes_addresses() {
    let check_balancers = |given: Vec<LoadBalancer>, expected: &str| {
        let prepare = |region: &mut Region| {
            balanced(region);
            put_group(region, "alone", "ip");
            put_group(region, "machines", "instance");
        };
        check_in(prepare, |r| r.load_balancers = Some(given), expected);
    };
    let classic = LoadBalancer { load_balancer_name: some("elb"), ..LoadBalancer::default() };
    check_balancers(
        vec![classic.clone()],
        &invalid("Classic Load Balancers are not supported with Fargate."),
    );
    let both = LoadBalancer { target_group_arn: some(&group_arn("web")), ..classic };
    check_balancers(
        vec![both],
        &invalid(
            "loadBalancerName and targetGroupArn cannot both be specified. You must specify either a loadBalancerName or a targetGroupArn in all loadBalancer entries",
        ),
    );
    check_balancers(
        vec![LoadBalancer::default()],
        &invalid(
            "You must specify either a loadBalancerName or a targetGroupArn in all loadBalancer entries",
        ),
    );
    let arn = group_arn("none");
    check_balancers(
        vec![balancer("none", "app", 3000)],
        &invalid(&format!("The target group {arn} does not exist.")),
    );
    let arn = group_arn("machines");
    check_balancers(
        vec![balancer("machines", "app", 3000)],
        &invalid(&format!(
            "The provided target group {arn} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition."
        )),
    );
    let arn = group_arn("alone");
    check_balancers(
        vec![balancer("alone", "app", 3000)],
        &invalid(&format!(
            "The target group with targetGroupArn {arn} does not have an associated load balancer."
        )),
    );
}

#[test]
fn a_target_group_is_given_once_with_a_port_of_a_container() {
    let check_balancers = |given: Vec<LoadBalancer>, expected: &str| {
        let prepare = |region: &mut Region| drop(balanced(region));
        check_in(prepare, |r| r.load_balancers = Some(given), expected);
    };
    let one = || balancer("web", "app", 3000);
    check_balancers(
        vec![balancer("web", "db", 3000)],
        &invalid("The container db does not exist in the task definition."),
    );
    check_balancers(
        vec![balancer("web", "app", 80)],
        &invalid("The container app did not have a container port 80 defined."),
    );
    check_balancers(
        vec![one(), one()],
        &invalid(&format!("Duplicate targetGroupArn found: {}", group_arn("web"))),
    );
    check_balancers(vec![one(); 6], &invalid("load balancers can have at most 5 items."));
}

/// Creates `api` with a deployment configuration.
fn check_rules(rules: DeploymentConfiguration, expected: &str) {
    check(|r| r.deployment_configuration = Some(rules), expected);
}

fn percents(minimum: i32, maximum: i32) -> DeploymentConfiguration {
    DeploymentConfiguration {
        minimum_healthy_percent: Some(minimum),
        maximum_percent: Some(maximum),
        ..DeploymentConfiguration::default()
    }
}

#[test]
fn percentages_leave_room_to_deploy() {
    check_rules(percents(0, 99), &invalid("maximumPercent must be at least 100"));
    check_rules(percents(0, 201), &invalid("maximumPercent must be at most 200"));
    check_rules(percents(-1, 200), &invalid("minimumHealthyPercent must be at least 0"));
    check_rules(percents(101, 200), &invalid("minimumHealthyPercent must be at most 100"));
    check_rules(
        percents(100, 100),
        &invalid(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
        ),
    );
    check(
        |r| {
            r.deployment_configuration = Some(percents(0, 100));
            r.availability_zone_rebalancing = some("ENABLED");
        },
        &invalid(
            "Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration.",
        ),
    );
    let bake = DeploymentConfiguration {
        bake_time_in_minutes: Some(1441),
        ..DeploymentConfiguration::default()
    };
    check_rules(bake, &invalid("bakeTimeInMinutes must be at most 1440"));
    check(
        |r| r.health_check_grace_period_seconds = Some(-1),
        &invalid("healthCheckGracePeriodSeconds must be at least 0"),
    );
}

#[test]
fn a_circuit_breaker_has_a_threshold_in_its_bounds() {
    let check_threshold = |kind: &str, value: i32, expected: &str| {
        let breaker = DeploymentCircuitBreaker {
            enable: true,
            threshold_configuration: Some(ThresholdConfiguration {
                r#type: kind.to_owned(),
                value,
            }),
            ..DeploymentCircuitBreaker::default()
        };
        let rules = DeploymentConfiguration {
            deployment_circuit_breaker: Some(breaker),
            ..DeploymentConfiguration::default()
        };
        check_rules(rules, &invalid(expected));
    };
    check_threshold("BOUNDED_PERCENT", 101, "thresholdConfiguration.value must be at most 100");
    check_threshold("COUNT", 0, "thresholdConfiguration.value must be at least 1");
    check_threshold(
        "TASKS",
        3,
        "thresholdConfiguration.type should be one of [BOUNDED_PERCENT,UNBOUNDED_PERCENT,COUNT]",
    );
}

#[test]
fn a_breaker_that_is_off_rolls_nothing_back() {
    let mut region = region();
    let breaker =
        DeploymentCircuitBreaker { rollback: true, ..DeploymentCircuitBreaker::default() };
    region.ok::<CreateService>(CreateServiceRequest {
        deployment_configuration: Some(DeploymentConfiguration {
            deployment_circuit_breaker: Some(breaker),
            ..DeploymentConfiguration::default()
        }),
        ..api()
    });
    let shown = described(&mut region).deployment_configuration.unwrap();
    let shown = shown.deployment_circuit_breaker.unwrap();
    assert_eq!((shown.enable, shown.rollback), (false, false));
}

#[test]
fn ways_to_deploy_that_are_not_here_are_refused() {
    let rules = DeploymentConfiguration {
        lifecycle_hooks: Some(vec![DeploymentLifecycleHook::default()]),
        ..DeploymentConfiguration::default()
    };
    let member = "deploymentConfiguration.lifecycleHooks.targetType AWS_LAMBDA";
    check_rules(rules, &absent(member, "it has no Lambda, so hooks are of target type 'PAUSE'"));
}

#[test]
fn alarms_that_are_watched_have_to_be_there() {
    let rules = |names: &[&str], enable| DeploymentConfiguration {
        alarms: Some(DeploymentAlarms {
            alarm_names: names.iter().map(|name| (*name).to_owned()).collect(),
            rollback: true,
            enable,
        }),
        ..DeploymentConfiguration::default()
    };
    let missing = "The following CloudWatch alarms could not be found: a, b.";
    check_rules(rules(&["a", "b"], true), &invalid(missing));
    let none = "alarmNames must not be empty when deployment alarms are enabled.";
    check_rules(rules(&[], true), &invalid(none));
    let mut region = region();
    let deployment_configuration = Some(rules(&["a"], false));
    region.ok::<CreateService>(CreateServiceRequest { deployment_configuration, ..api() });
    let update = |rules| UpdateServiceRequest {
        service: "api".to_owned(),
        cluster: some("shop"),
        deployment_configuration: Some(rules),
        ..Default::default()
    };
    let fault = region.fault::<UpdateService>(update(rules(&["a"], true)));
    assert!(fault.contains("could not be found: a."), "{fault}");
    region.put(world::Alarm::new("a".into(), region.now));
    region.ok::<UpdateService>(update(rules(&["a"], true)));
    // One that went meanwhile is in the way of no other change.
    region.remove(world::RowKey::Alarm("a".into()));
    region.ok::<UpdateService>(update(DeploymentConfiguration {
        maximum_percent: Some(150),
        ..DeploymentConfiguration::default()
    }));
    let shown = described(&mut region).deployment_configuration.unwrap().alarms.unwrap();
    assert_eq!(
        (shown.alarm_names, shown.enable, shown.rollback),
        (vec!["a".to_owned()], true, true)
    );
}

#[test]
fn what_a_service_reaches_beyond_the_region_is_refused() {
    let cloud_map = "it has no Cloud Map, hence no names to discover services by";
    let connect =
        |enabled| ServiceConnectConfiguration { enabled, ..ServiceConnectConfiguration::default() };
    check(
        |r| r.service_registries = Some(vec![ServiceRegistry::default()]),
        &absent("serviceRegistries", cloud_map),
    );
    check(
        |r| r.service_connect_configuration = Some(connect(true)),
        &absent("serviceConnectConfiguration", cloud_map),
    );
    check(
        |r| r.volume_configurations = Some(vec![ServiceVolumeConfiguration::default()]),
        &absent("volumeConfigurations", "it does not have Amazon EBS"),
    );
    check(
        |r| r.vpc_lattice_configurations = Some(vec![VpcLatticeConfiguration::default()]),
        &absent("vpcLatticeConfigurations", "it does not have VPC Lattice"),
    );
    check(
        |r| r.gateway_connectors = Some(vec![GatewayConnector::default()]),
        &absent("gatewayConnectors", "it has no gateways"),
    );
    for kind in ["CODE_DEPLOY", "EXTERNAL"] {
        check(
            |r| r.deployment_controller = Some(DeploymentController { r#type: kind.to_owned() }),
            &absent(
                "deploymentController",
                "its services are deployed by ECS itself, which is type 'ECS'",
            ),
        );
    }
    region().ok::<CreateService>(CreateServiceRequest {
        service_registries: Some(Vec::new()),
        service_connect_configuration: Some(connect(false)),
        deployment_controller: Some(DeploymentController { r#type: "ECS".to_owned() }),
        ..api()
    });
}

#[test]
fn fargate_has_no_machines_to_place_on() {
    check(
        |r| r.scheduling_strategy = some("DAEMON"),
        &invalid(
            "The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again",
        ),
    );
    check(
        |r| r.placement_constraints = Some(vec![PlacementConstraint::default()]),
        &invalid("Placement constraints are not supported with FARGATE launch type."),
    );
    check(
        |r| r.placement_strategy = Some(vec![PlacementStrategy::default()]),
        &invalid("Placement strategies are not supported with FARGATE launch type."),
    );
    check(
        |r| r.role = some(ROLE),
        &invalid("You cannot specify an IAM role for services that require a service linked role."),
    );
}

#[test]
fn words_are_those_that_aws_knows() {
    check(
        |r| r.scheduling_strategy = some("ONCE"),
        &invalid("Scheduling strategy should be one of [REPLICA,DAEMON]"),
    );
    check(
        |r| r.propagate_tags = some("CLUSTER"),
        &invalid("propagateTags should be one of [TASK_DEFINITION,SERVICE,NONE]"),
    );
    check(
        |r| r.availability_zone_rebalancing = some("ON"),
        &invalid("availabilityZoneRebalancing should be one of [ENABLED,DISABLED]"),
    );
}

#[test]
fn commands_are_executed_with_a_role_of_the_task() {
    let text = "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.";
    check(|r| r.enable_execute_command = Some(true), &invalid(text));
    let mut region = region();
    region.ok::<RegisterTaskDefinition>(RegisterTaskDefinitionRequest {
        task_role_arn: some(ROLE),
        ..web()
    });
    let request = CreateServiceRequest { enable_execute_command: Some(true), ..api() };
    region.ok::<CreateService>(request);
    assert_eq!(described(&mut region).enable_execute_command, Some(true));
}
