//! Task definitions that AWS refuses, one mistake each, with AWS's words. Mistakes
//! inside of a container are in [`container`].

mod container;

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
        |c| c.cpu = Some(-1),
        &client("Invalid setting for container 'app'. 'cpu' must be greater than or equal to 0."),
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
