//! Task definitions that AWS refuses, one mistake each, with AWS's words.

use super::*;

/// Registers `web` with one change.
fn check(change: impl FnOnce(&mut RegisterTaskDefinitionRequest), expected: &str) {
    let mut request = web();
    change(&mut request);
    let refused = empty().fault::<RegisterTaskDefinition>(request);
    assert_eq!(refused, expected);
}

/// The same with a change of its one container.
fn check_container(change: impl FnOnce(&mut ContainerDefinition), expected: &str) {
    check(|request| change(&mut request.container_definitions[0]), expected);
}

fn client(message: &str) -> String {
    format!("ClientException: {message}")
}

#[test]
fn names_and_images_have_aws_s_characters() {
    check(|r| r.family.clear(), &client("Family can not be blank."));
    check(|r| r.family = "web app".to_owned(), &client("Family contains invalid characters."));
    check_container(|c| c.name = None, &client("Container.name should not be null or empty."));
    check_container(
        |c| c.name = some("a b"),
        &client("Container.name contains invalid characters."),
    );
    check_container(
        |c| c.image = some(""),
        &client("Container.image should not be null or empty."),
    );
    for image in ["$IMAGE", "node:22 ", "node@sha256:12"] {
        check_container(
            |c| c.image = some(image),
            &client("Container.image contains invalid characters."),
        );
    }
    check(|r| r.task_role_arn = some("arn:aws:s3:::bucket"), &client("Role is not valid"));
}

#[test]
fn a_definition_has_one_to_ten_containers_with_names_of_their_own_and_one_essential() {
    check(|r| r.container_definitions.clear(), &client("Container list cannot be empty."));
    check(
        |r| r.container_definitions = (0..11).map(|n| container(&format!("c{n}"))).collect(),
        &client("Too many containers"),
    );
    check(
        |r| r.container_definitions.push(container("app")),
        &client("Container names must be unique within a task definition."),
    );
    check_container(
        |c| c.essential = Some(false),
        &client("Task definition doesn't have any essential container."),
    );
}

#[test]
fn fargate_has_sizes() {
    check(|r| r.cpu = None, &client("Fargate requires that 'cpu' be defined at the task level."));
    check(
        |r| {
            r.memory = None;
            r.container_definitions[0].memory = Some(512);
        },
        &client("Fargate requires that 'memory' be defined at the task level."),
    );
    check(
        |r| r.memory = None,
        &client(
            "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
        ),
    );
    check(
        |r| r.memory = some("4096"),
        &client(
            "No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the Amazon ECS documentation for the valid values.",
        ),
    );
    check(|r| r.cpu = some("half"), &client("Invalid 'cpu' setting for task."));
}

#[test]
fn containers_share_what_the_task_has() {
    check_container(
        |c| c.cpu = Some(257),
        &client(
            "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
        ),
    );
    check_container(
        |c| c.memory = Some(513),
        &client("The 'memory' setting for container 'app' is greater than for the task."),
    );
    check_container(
        |c| (c.memory, c.memory_reservation) = (Some(128), Some(256)),
        &client(
            "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
        ),
    );
    check_container(
        |c| c.memory_reservation = Some(600),
        &client(
            "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.",
        ),
    );
    check_container(
        |c| c.memory = Some(4),
        &client(
            "Invalid setting for container 'app'. 'memory' must be greater than or equal to 6.",
        ),
    );
}

#[test]
fn fargate_leaves_out_what_belongs_to_machines() {
    check(
        |r| r.network_mode = some("bridge"),
        &client("Fargate only supports network mode ‘awsvpc’."),
    );
    check(|r| r.network_mode = None, &client("Fargate only supports network mode ‘awsvpc’."));
    check(
        |r| r.pid_mode = some("host"),
        &client(
            "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
        ),
    );
    check(
        |r| r.ipc_mode = some("host"),
        &client("Fargate compatible task definitions do not support ipcMode"),
    );
    check(
        |r| r.placement_constraints = Some(vec![TaskDefinitionPlacementConstraint::default()]),
        &client("Fargate compatible task definitions do not support constraints"),
    );
    check(
        |r| r.inference_accelerators = Some(vec![InferenceAccelerator::default()]),
        &client("Unsupported field 'inferenceAccelerators'."),
    );
    for (gib, text) in [
        (20, "EphemeralStorage size should be at least 21"),
        (201, "EphemeralStorage size should be at most 200"),
    ] {
        let storage = EphemeralStorage { size_in_gi_b: gib };
        check(|r| r.ephemeral_storage = Some(storage), &client(text));
    }
    check_container(
        |c| c.privileged = Some(true),
        &client(
            "Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.",
        ),
    );
    check_container(
        |c| c.docker_security_options = Some(vec!["no-new-privileges".to_owned()]),
        &client("Fargate compatible task definitions do not support dockerSecurityOptions"),
    );
    let gpu = ResourceRequirement { r#type: "GPU".to_owned(), ..ResourceRequirement::default() };
    check_container(
        |c| c.resource_requirements = Some(vec![gpu]),
        &client("Tasks using the Fargate launch type do not support GPU resource requirements."),
    );
}

#[test]
fn fargate_allows_few_linux_parameters() {
    let check_linux = |linux: LinuxParameters, expected: &str| {
        check_container(|c| c.linux_parameters = Some(linux), &client(expected));
    };
    let add = KernelCapabilities {
        add: Some(vec!["SYS_PTRACE".to_owned(), "NET_ADMIN".to_owned()]),
        drop: None,
    };
    check_linux(
        LinuxParameters { capabilities: Some(add), ..LinuxParameters::default() },
        "NET_ADMIN is not allowed on Fargate.",
    );
    let devices = vec![Device::default()];
    let tmpfs = vec![Tmpfs::default()];
    for (linux, member) in [
        (LinuxParameters { devices: Some(devices), ..LinuxParameters::default() }, "devices"),
        (
            LinuxParameters { shared_memory_size: Some(64), ..LinuxParameters::default() },
            "sharedMemorySize",
        ),
        (LinuxParameters { tmpfs: Some(tmpfs), ..LinuxParameters::default() }, "tmpfs"),
        (LinuxParameters { max_swap: Some(1), ..LinuxParameters::default() }, "maxSwap"),
        (LinuxParameters { swappiness: Some(1), ..LinuxParameters::default() }, "swappiness"),
    ] {
        check_linux(linux, &format!("Fargate compatible task definitions do not support {member}"));
    }
}

#[test]
fn awsvpc_leaves_out_what_a_shared_interface_can_t_have() {
    let one = || Some(vec!["x".to_owned()]);
    check_container(
        |c| c.links = one(),
        &client("Links are not supported when networkMode=awsvpc."),
    );
    check_container(
        |c| c.hostname = some("x"),
        &client("hostname is not supported on container when networkMode=awsvpc."),
    );
    check_container(
        |c| c.disable_networking = Some(true),
        &client("Disable Networking is not supported on container when networkMode=awsvpc."),
    );
    check_container(
        |c| c.dns_servers = one(),
        &client("DNS servers are not supported on container when networkMode=awsvpc."),
    );
    check_container(
        |c| c.extra_hosts = Some(vec![HostEntry::default()]),
        &client("Extra hosts are not supported on container when networkMode=awsvpc."),
    );
}

#[test]
fn ports_belong_to_one_container_and_match_the_host_s() {
    check_container(
        |c| c.port_mappings = Some(vec![PortMapping { host_port: Some(80), ..port(3000) }]),
        &client(
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
        ),
    );
    check_container(
        |c| c.port_mappings = Some(vec![port(3000), port(3000)]),
        &client(
            "TCP container port '3000' is used multiple times in task when networkMode=awsvpc.",
        ),
    );
    let range =
        |text: &str| PortMapping { container_port_range: some(text), ..PortMapping::default() };
    check_container(
        |c| c.port_mappings = Some(vec![range("8080-8090"), range("8085-8095")]),
        &client(
            "TCP container port '8085' is used multiple times in task when networkMode=awsvpc.",
        ),
    );
    check_container(
        |c| c.port_mappings = Some(vec![range("8090-8080")]),
        &client("Invalid 'containerPortRange' setting for container 'app'."),
    );
    check_container(
        |c| {
            let both = PortMapping { container_port: Some(80), ..range("81-82") };
            c.port_mappings = Some(vec![both]);
        },
        &client(
            "Invalid port mapping for container 'app', cannot specify both single port and port range.",
        ),
    );
    let named = |number| PortMapping { name: some("http"), ..port(number) };
    check_container(
        |c| c.port_mappings = Some(vec![named(80), named(81)]),
        &client("When networkMode=awsvpc, port mapping name is already used"),
    );
    check_container(
        |c| c.port_mappings = Some(vec![PortMapping { name: some("-A"), ..port(80) }]),
        &client("Invalid 'name' setting in port mapping for container 'app'."),
    );
    for number in [0, 65_536] {
        check_container(
            |c| c.port_mappings = Some(vec![port(number)]),
            &client("Invalid 'containerPort' setting for container 'app'."),
        );
    }
}

/// `app` depends on `side` in some way.
fn check_dependency(condition: &str, side: ContainerDefinition, expected: &str) {
    let on = |name: &str| ContainerDependency {
        container_name: name.to_owned(),
        condition: condition.to_owned(),
    };
    check(
        |r| {
            r.container_definitions[0].depends_on = Some(vec![on("side")]);
            r.container_definitions.push(side);
        },
        &client(expected),
    );
}

#[test]
fn dependencies_can_be_met() {
    check_dependency(
        "START",
        container("other"),
        "Cannot depend on container + 'side' because it does not exist",
    );
    for condition in ["COMPLETE", "SUCCESS"] {
        check_dependency(
            condition,
            container("side"),
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
        );
    }
    check_dependency(
        "HEALTHY",
        container("side"),
        "A dependency container with HEALTHY condition must have health check configured",
    );
    check_dependency(
        "READY",
        container("side"),
        "condition should be one of [START,COMPLETE,SUCCESS,HEALTHY]",
    );
    let back =
        ContainerDependency { container_name: "app".to_owned(), condition: "START".to_owned() };
    check_dependency(
        "START",
        ContainerDefinition { depends_on: Some(vec![back.clone()]), ..container("side") },
        "Container dependencies should not have a cycle",
    );
    check_container(
        |c| c.depends_on = Some(vec![back]),
        &client("Container dependencies should not have a cycle"),
    );
}

#[test]
fn health_checks_stay_within_their_ranges() {
    let base = || HealthCheck {
        command: vec!["CMD-SHELL".to_owned(), "true".to_owned()],
        ..HealthCheck::default()
    };
    let above = |member: &str, most: i32| {
        client(&format!(
            "Health check {member} must be less than or equal to the maximum allowed value {most} for container 'app'"
        ))
    };
    for (check, expected) in [
        (HealthCheck { interval: Some(301), ..base() }, above("interval", 300)),
        (HealthCheck { timeout: Some(61), ..base() }, above("timeout", 60)),
        (HealthCheck { retries: Some(11), ..base() }, above("retries", 10)),
        (HealthCheck { start_period: Some(301), ..base() }, above("startPeriod", 300)),
        (
            HealthCheck { interval: Some(4), ..base() },
            client(
                "Health check interval must be greater than or equal to the minimum allowed value 5 for container 'app'",
            ),
        ),
        (
            HealthCheck { command: vec!["curl".to_owned(), "-f".to_owned()], ..base() },
            client("Health check command must start with CMD or CMD-SHELL for container 'app'"),
        ),
    ] {
        check_container(|c| c.health_check = Some(check), &expected);
    }
}

#[test]
fn timeouts_restarts_and_limits_stay_within_their_ranges() {
    check_container(
        |c| c.stop_timeout = Some(1),
        &client("Granular stop timeout on container 'app' must be at least 2 seconds."),
    );
    check_container(
        |c| c.stop_timeout = Some(121),
        &client(
            "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
        ),
    );
    check_container(
        |c| {
            c.restart_policy = Some(ContainerRestartPolicy {
                enabled: true,
                restart_attempt_period: Some(59),
                ..ContainerRestartPolicy::default()
            });
        },
        &client(
            "The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.",
        ),
    );
    let limit =
        |soft_limit, hard_limit| Ulimit { name: "nofile".to_owned(), soft_limit, hard_limit };
    check_container(
        |c| c.ulimits = Some(vec![limit(2, 1)]),
        &client("Soft limit exceeds hard limit for ulimit nofile"),
    );
    let other = Ulimit { name: "memlock".to_owned(), ..limit(1, 1) };
    check_container(
        |c| c.ulimits = Some(vec![other]),
        &client("Fargate compatible task definitions do not support ulimit memlock"),
    );
}

#[test]
fn volumes_are_there_and_have_no_host() {
    let mount =
        MountPoint { source_volume: some("data"), container_path: some("/data"), read_only: None };
    check_container(|c| c.mount_points = Some(vec![mount]), &client("Unknown volume 'data'."));
    let from = VolumeFrom { source_container: some("nope"), read_only: None };
    check_container(
        |c| c.volumes_from = Some(vec![from]),
        &client("Invalid 'volumesFrom' setting. Unknown container: 'nope'."),
    );
    let volume = || Volume { name: some("data"), ..Volume::default() };
    let check_volume = |volume: Volume, expected: &str| {
        check(|r| r.volumes = Some(vec![volume]), &client(expected));
    };
    let host = HostVolumeProperties { source_path: some("/srv") };
    check_volume(
        Volume { host: Some(host), ..volume() },
        "Fargate compatible task definitions do not support sourcePath",
    );
    check_volume(
        Volume {
            docker_volume_configuration: Some(DockerVolumeConfiguration::default()),
            ..volume()
        },
        "Fargate compatible task definitions do not support dockerVolumeConfiguration",
    );
    check(
        |r| r.volumes = Some(vec![volume(), volume()]),
        &client("Volume names must be unique and should not be null or empty."),
    );
}

#[test]
fn secrets_need_a_role_a_name_of_their_own_and_a_source() {
    let secret =
        |value_from: &str| Secret { name: "TOKEN".to_owned(), value_from: value_from.to_owned() };
    check_container(
        |c| c.secrets = Some(vec![secret("/shop/token")]),
        &client(
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
        ),
    );
    let check_secret = |value_from: &str, expected: &str| {
        check(
            |r| {
                r.execution_role_arn = some(ROLE);
                r.container_definitions[0].secrets = Some(vec![secret(value_from)]);
            },
            &client(expected),
        );
    };
    check_secret(
        "shop/token:key::",
        "The Systems Manager parameter name specified for secret TOKEN is invalid.",
    );
    check_secret(
        "arn:aws:ssm:eu-west-1:123456789012:parameter/token",
        "The Systems Manager parameter ARN has a different account ID than the current account. The current account ID is 000000000000 and the ARN account ID is 123456789012. Cross-account access for ARNs is not currently supported.",
    );
    let shared = KeyValuePair { name: some("TOKEN"), value: some("x") };
    check(
        |r| {
            r.execution_role_arn = some(ROLE);
            r.container_definitions[0].secrets = Some(vec![secret("token")]);
            r.container_definitions[0].environment = Some(vec![shared]);
        },
        &client(
            "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'TOKEN'.",
        ),
    );
}

fn check_log(driver: &str, options: &[&str], role: Option<&str>, expected: &str) {
    let options = options.iter().map(|name| ((*name).to_owned(), "x".to_owned()));
    let log = LogConfiguration {
        log_driver: driver.to_owned(),
        options: Some(options.collect()),
        secret_options: None,
    };
    check(
        |r| {
            r.execution_role_arn = role.map(str::to_owned);
            r.container_definitions[0].log_configuration = Some(log);
        },
        &client(expected),
    );
}

#[test]
fn logs_name_their_group_and_prefix() {
    let (group, region, prefix) = ("awslogs-group", "awslogs-region", "awslogs-stream-prefix");
    check_log(
        "json-file",
        &[],
        None,
        "json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]",
    );
    check_log("awslogs", &[region], None, "Log driver awslogs requires options: awslogs-group");
    check_log(
        "awslogs",
        &[],
        None,
        "Log driver awslogs requires options: awslogs-region, awslogs-group",
    );
    check_log(
        "awslogs",
        &[group, region, "awslogs-endpoint"],
        None,
        "Log driver awslogs disallows options: awslogs-endpoint",
    );
    check_log(
        "awslogs",
        &[group, region],
        Some(ROLE),
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
    );
    check_log(
        "awslogs",
        &[group, region, prefix],
        None,
        "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    );
    check_log(
        "awsfirelens",
        &[],
        None,
        "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.",
    );
}

#[test]
fn an_image_in_ecr_needs_a_role() {
    check_container(
        |c| c.image = some("123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"),
        &client(
            "Fargate requires task definition to have execution role ARN to support ECR images.",
        ),
    );
}

#[test]
fn a_definition_has_a_length() {
    let long = KeyValuePair { name: some("A"), value: Some("x".repeat(70_000)) };
    let mut request = web();
    request.container_definitions[0].environment = Some(vec![long]);
    let refused = empty().fault::<RegisterTaskDefinition>(request);
    assert!(refused.starts_with("ClientException: Actual length: '70"), "{refused}");
    assert!(refused.ends_with("'. Max allowed length is '65536' bytes."), "{refused}");
}

#[test]
fn what_the_region_does_not_have_is_said_to_be_the_region_s_limit() {
    let not_here = |member: &str, why: &str| {
        client(&format!("The local region does not implement '{member}': {why}."))
    };
    let volume = |volume: Volume| {
        move |r: &mut RegisterTaskDefinitionRequest| r.volumes = Some(vec![volume])
    };
    let named = || Volume { name: some("data"), ..Volume::default() };
    check(
        volume(Volume {
            efs_volume_configuration: Some(EFSVolumeConfiguration::default()),
            ..named()
        }),
        &not_here(
            "efsVolumeConfiguration",
            "it does not have Amazon EFS; a volume without configuration works",
        ),
    );
    check(
        volume(Volume { configured_at_launch: Some(true), ..named() }),
        &not_here(
            "configuredAtLaunch",
            "it does not have Amazon EBS; a volume without configuration works",
        ),
    );
    check_container(
        |c| c.environment_files = Some(vec![EnvironmentFile::default()]),
        &not_here(
            "environmentFiles",
            "it does not have Amazon S3; 'environment' and 'secrets' work",
        ),
    );
    let windows = RuntimePlatform {
        operating_system_family: some("WINDOWS_SERVER_2022_CORE"),
        cpu_architecture: None,
    };
    check(
        |r| r.runtime_platform = Some(windows),
        &not_here("runtimePlatform.operatingSystemFamily", "it runs Linux containers only"),
    );
}

#[test]
fn a_refused_definition_takes_no_revision() {
    let mut region = empty();
    region.fault::<RegisterTaskDefinition>(RegisterTaskDefinitionRequest { cpu: None, ..web() });
    let answer = region.ok::<RegisterTaskDefinition>(web());
    assert_eq!(answer.task_definition.unwrap().revision, Some(1));
    let none = RegisterTaskDefinitionRequest { tags: Some(Vec::new()), ..web() };
    assert_eq!(
        region.fault::<RegisterTaskDefinition>(none),
        "ClientException: Tags can not be empty."
    );
}
