//! What a container of a task definition can't say.

use super::*;

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
    check_container(
        |c| {
            c.restart_policy = Some(ContainerRestartPolicy {
                enabled: true,
                ignored_exit_codes: Some((0..51).collect()),
                ..ContainerRestartPolicy::default()
            });
        },
        &client("The 'ignoredExitCodes' setting for container 'app' can have at most 50 items."),
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
    let nowhere = MountPoint { source_volume: some("data"), ..MountPoint::default() };
    check_container(
        |c| c.mount_points = Some(vec![nowhere]),
        &client("Invalid 'containerPath' setting for container 'app'."),
    );
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
