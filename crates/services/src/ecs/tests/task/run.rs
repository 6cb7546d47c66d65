//! `RunTask`: what starts, what is refused, and what a client token stands for.

use super::*;
use world::Draft;

fn refused(request: RunTaskRequest) -> String {
    region().fault::<RunTask>(request)
}

fn invalid(message: &str) -> String {
    format!("InvalidParameterException: {message}")
}

/// Overrides of one container.
fn overriding(name: &str, change: impl FnOnce(&mut ContainerOverride)) -> Option<TaskOverride> {
    let mut item = ContainerOverride { name: some(name), ..ContainerOverride::default() };
    change(&mut item);
    Some(TaskOverride { container_overrides: Some(vec![item]), ..TaskOverride::default() })
}

#[test]
fn a_task_begins_provisioning_in_the_group_of_its_family() {
    let mut region = region();
    let answer = region.ok::<RunTask>(RunTaskRequest { count: Some(3), ..run() });
    assert_eq!(answer.failures, Some(Vec::new()));
    let tasks = answer.tasks.unwrap();
    assert_eq!(tasks.len(), 3);
    let ids: BTreeSet<_> = tasks.iter().map(|task| task.task_arn.clone()).collect();
    assert_eq!(ids.len(), 3);
    for task in tasks {
        assert_eq!(task.last_status.as_deref(), Some("PROVISIONING"));
        assert_eq!(task.desired_status.as_deref(), Some("RUNNING"));
        assert_eq!(task.group.as_deref(), Some("family:web"));
        assert_eq!(task.launch_type.as_deref(), Some("FARGATE"));
        assert_eq!((task.started_by, task.created_at), (None, Some(region.now)));
    }
    let request = RunTaskRequest { group: some("batch"), started_by: some("me"), ..run() };
    let named = region.ok::<RunTask>(request).tasks.unwrap().remove(0);
    assert_eq!((named.group.as_deref(), named.started_by.as_deref()), (Some("batch"), Some("me")));
}

#[test]
fn overrides_are_echoed_and_sizes_taken_over() {
    let mut region = region();
    let overrides = TaskOverride {
        cpu: some("0.5 vCPU"),
        memory: some("2 GB"),
        ..overriding("app", |item| item.command = Some(vec!["sh".to_owned()])).unwrap()
    };
    let request = RunTaskRequest { overrides: Some(overrides), ..run() };
    let task = region.ok::<RunTask>(request).tasks.unwrap().remove(0);
    assert_eq!((task.cpu.as_deref(), task.memory.as_deref()), (Some("512"), Some("2048")));
    let shown = task.overrides.unwrap();
    assert_eq!((shown.cpu.as_deref(), shown.memory.as_deref()), (Some("512"), Some("2048")));
    let container = &shown.container_overrides.unwrap()[0];
    assert_eq!(container.command, Some(vec!["sh".to_owned()]));
}

#[test]
fn a_task_gets_the_tags_that_are_asked_for() {
    let mut region = region();
    let tag = |key: &str, value: &str| Tag { key: some(key), value: some(value) };
    region.ok::<RegisterTaskDefinition>(RegisterTaskDefinitionRequest {
        tags: Some(vec![tag("team", "shop"), tag("env", "any")]),
        ..web()
    });
    let mut tags = |request| region.ok::<RunTask>(request).tasks.unwrap().remove(0).tags.unwrap();
    assert_eq!(tags(run()), []);
    let all = RunTaskRequest {
        propagate_tags: some("TASK_DEFINITION"),
        tags: Some(vec![tag("env", "local")]),
        enable_ecs_managed_tags: Some(true),
        ..run()
    };
    let expected = [tag("aws:ecs:clusterName", "shop"), tag("env", "local"), tag("team", "shop")];
    assert_eq!(tags(all), expected);
}

#[test]
fn a_strategy_spreads_tasks_over_its_providers() {
    let mut region = region();
    let item = |provider: &str, weight, base| CapacityProviderStrategyItem {
        capacity_provider: provider.to_owned(),
        weight: Some(weight),
        base: Some(base),
    };
    let strategy = vec![item("FARGATE", 1, 2), item("FARGATE_SPOT", 3, 0)];
    let request = RunTaskRequest {
        launch_type: None,
        capacity_provider_strategy: Some(strategy),
        count: Some(6),
        ..run()
    };
    let tasks = region.ok::<RunTask>(request).tasks.unwrap();
    assert!(tasks.iter().all(|task| task.launch_type.is_none()));
    let placed = |provider: &str| {
        let names = tasks.iter().filter_map(|task| task.capacity_provider_name.as_deref());
        names.filter(|name| *name == provider).count()
    };
    assert_eq!((placed("FARGATE"), placed("FARGATE_SPOT")), (3, 3));
}

#[test]
fn a_task_without_an_address_is_a_failure() {
    let mut region = region();
    region.ok::<RunTask>(run());
    occupy_all_but_one(&mut region);
    let answer = region.ok::<RunTask>(RunTaskRequest { count: Some(2), ..run() });
    assert_eq!(answer.tasks.unwrap().len(), 1);
    let failure = Failure {
        arn: Some(format!("arn:aws:ec2:eu-west-1:000000000000:subnet/{SUBNET}")),
        reason: some("RESOURCE:ENI"),
        detail: Some(format!(
            "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet '{SUBNET}': InsufficientFreeAddressesInSubnet"
        )),
    };
    assert_eq!(answer.failures, Some(vec![failure]));
}

/// Puts tasks at the free addresses of the first subnet, but for one.
fn occupy_all_but_one(region: &mut Region) {
    let world = &region.world;
    let subnet = world.vpc.subnet(SUBNET).unwrap();
    let task = world.tasks.iter().next().unwrap();
    let addresses = (0..4096).filter_map(|number| world.vpc.address(subnet, number));
    let free = addresses.filter(|address| !world.address_taken(*address)).skip(1);
    let mut draft = Draft::of(world);
    for (number, address) in free.enumerate() {
        let mut task = task.clone();
        task.key.id = format!("{number:032x}").as_str().into();
        task.eni.address = address;
        draft.put(task);
    }
    region.world = draft.commit().world;
}

#[test]
fn a_client_token_stands_for_its_tasks_for_a_day() {
    let mut region = region();
    let token = || RunTaskRequest { client_token: some("t"), ..run() };
    let arn = start(&mut region, token());
    region.pass(Span::minutes(24 * 60 - 1));
    assert_eq!(start(&mut region, token()), arn);
    let other = RunTaskRequest { count: Some(2), ..token() };
    let fault = region.call::<RunTask>(other).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "ConflictException: The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different request."
    );
    assert_eq!(fault.details, [("resourceIds", vec![arn.clone()])]);
    region.pass(Span::minutes(1));
    assert_ne!(start(&mut region, token()), arn);
}

#[test]
fn a_token_belongs_to_its_cluster() {
    let mut region = region();
    region.ok::<CreateCluster>(CreateClusterRequest {
        cluster_name: some("other"),
        ..CreateClusterRequest::default()
    });
    let token =
        |cluster: &str| RunTaskRequest { cluster: some(cluster), client_token: some("t"), ..run() };
    let first = start(&mut region, token("shop"));
    assert_ne!(start(&mut region, token("other")), first);
}

#[test]
fn what_can_t_be_started_is_refused() {
    for (request, expected) in [
        (
            RunTaskRequest { cluster: some("none"), ..run() },
            "ClusterNotFoundException: Cluster not found.".to_owned(),
        ),
        (
            RunTaskRequest { task_definition: "none".to_owned(), ..run() },
            "ClientException: TaskDefinition not found.".to_owned(),
        ),
        (
            RunTaskRequest { launch_type: None, ..run() },
            invalid("No Container Instances were found in your cluster."),
        ),
        (
            RunTaskRequest { network_configuration: None, ..run() },
            invalid(
                "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
            ),
        ),
        (
            RunTaskRequest { platform_version: some("1.0.0"), ..run() },
            "PlatformUnknownException: The specified platform does not exist.".to_owned(),
        ),
    ] {
        assert_eq!(refused(request), expected);
    }
}

#[test]
fn what_is_given_stays_within_its_limits() {
    for (request, expected) in [
        (
            RunTaskRequest { count: Some(11), ..run() },
            invalid("Count must be between 1 and 10."),
        ),
        (RunTaskRequest { count: Some(0), ..run() }, invalid("Count must be between 1 and 10.")),
        (
            RunTaskRequest { started_by: some(&"x".repeat(129)), ..run() },
            invalid("startedBy longer than 128."),
        ),
        (
            RunTaskRequest { group: some("service:api"), ..run() },
            invalid("Invalid namespace for group"),
        ),
        (
            RunTaskRequest { client_token: some(&"x".repeat(65)), ..run() },
            invalid("clientToken can have at most 64 characters."),
        ),
        (
            RunTaskRequest {
                placement_constraints: Some(vec![PlacementConstraint::default()]),
                ..run()
            },
            invalid("Placement constraints are not supported with FARGATE launch type."),
        ),
        (
            RunTaskRequest {
                volume_configurations: Some(vec![TaskVolumeConfiguration::default()]),
                ..run()
            },
            "UnsupportedFeatureException: The local region does not implement 'volumeConfigurations': it does not have Amazon EBS.".to_owned(),
        ),
        (
            RunTaskRequest { propagate_tags: some("SERVICE"), ..run() },
            invalid("Tags can only be propagated from the task definition when running a task."),
        ),
    ] {
        assert_eq!(refused(request), expected);
    }
}

#[test]
fn an_inactive_revision_is_not_started() {
    let mut region = region();
    region.ok::<DeregisterTaskDefinition>(DeregisterTaskDefinitionRequest {
        task_definition: "web:1".to_owned(),
    });
    let named = RunTaskRequest { task_definition: "web:1".to_owned(), ..run() };
    assert_eq!(region.fault::<RunTask>(named), invalid("TaskDefinition is inactive"));
    assert_eq!(region.fault::<RunTask>(run()), "ClientException: TaskDefinition not found.");
}

#[test]
fn overrides_are_held_to_the_definition() {
    let file = EnvironmentFile { value: "arn:aws:s3:::b/e".to_owned(), r#type: "s3".to_owned() };
    let gpu = ResourceRequirement { r#type: "GPU".to_owned(), ..ResourceRequirement::default() };
    let sized = |memory: &str| TaskOverride { memory: some(memory), ..TaskOverride::default() };
    for (overrides, expected) in [
        (
            overriding("db", |_| {}),
            invalid("Override for container named db is not a container in the TaskDefinition."),
        ),
        (
            Some(sized("4096")),
            "ClientException: No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the Amazon ECS documentation for the valid values.".to_owned(),
        ),
        (
            overriding("app", |item| item.command = Some(vec!["x".repeat(8192)])),
            invalid("overrides can have at most 8192 characters."),
        ),
        (
            overriding("app", |item| item.environment_files = Some(vec![file])),
            "UnsupportedFeatureException: The local region does not implement 'overrides.environmentFiles': it does not have Amazon S3; 'environment' works.".to_owned(),
        ),
        (
            overriding("app", |item| item.resource_requirements = Some(vec![gpu])),
            "ClientException: Tasks using the Fargate launch type do not support GPU resource requirements.".to_owned(),
        ),
    ] {
        assert_eq!(refused(RunTaskRequest { overrides, ..run() }), expected);
    }
}
