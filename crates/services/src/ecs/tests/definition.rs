//! Revisions: parsed, numbered, found, retired.

use super::*;
use model::Span;
use world::definition::{
    AwsLogs, Capabilities, Dependency, DependencyCondition, HealthCheck as Check, HealthCommand,
    Mount, PortSpec, RestartPolicy, SecretRef, Ulimit as Limit,
};
use world::{ContainerSpec, DefinitionKey, Draft, RowKey};

fn register(region: &mut Region, request: RegisterTaskDefinitionRequest) -> TaskDefinition {
    region.ok::<RegisterTaskDefinition>(request).task_definition.unwrap()
}

fn reference(text: &str) -> DescribeTaskDefinitionRequest {
    DescribeTaskDefinitionRequest { task_definition: text.to_owned(), include: None }
}

fn describe(region: &mut Region, text: &str) -> TaskDefinition {
    region.ok::<DescribeTaskDefinition>(reference(text)).task_definition.unwrap()
}

fn deregister(region: &mut Region, text: &str) -> TaskDefinition {
    let request = DeregisterTaskDefinitionRequest { task_definition: text.to_owned() };
    region.ok::<DeregisterTaskDefinition>(request).task_definition.unwrap()
}

fn delete(region: &mut Region, texts: &[&str]) -> DeleteTaskDefinitionsResponse {
    let task_definitions = texts.iter().map(|text| (*text).to_owned()).collect();
    region.ok::<DeleteTaskDefinitions>(DeleteTaskDefinitionsRequest { task_definitions })
}

fn words(words: &[&str]) -> Option<Vec<String>> {
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A container with everything that has an effect here.
fn full() -> ContainerDefinition {
    ContainerDefinition {
        essential: Some(true),
        entry_point: words(&["/init"]),
        command: words(&["serve"]),
        working_directory: some("/srv"),
        user: some("node"),
        environment: Some(vec![KeyValuePair { name: some("A"), value: some("1") }]),
        secrets: Some(vec![Secret { name: "T".to_owned(), value_from: "/t".to_owned() }]),
        depends_on: Some(vec![ContainerDependency {
            container_name: "db".to_owned(),
            condition: "HEALTHY".to_owned(),
        }]),
        start_timeout: Some(60),
        stop_timeout: Some(5),
        log_configuration: Some(LogConfiguration {
            log_driver: "awslogs".to_owned(),
            options: Some(pairs(&[
                ("awslogs-group", "/shop"),
                ("awslogs-region", "us-east-1"),
                ("awslogs-stream-prefix", "ecs"),
                ("awslogs-create-group", "true"),
            ])),
            secret_options: None,
        }),
        cpu: Some(128),
        memory: Some(256),
        memory_reservation: Some(64),
        ulimits: Some(vec![Ulimit {
            name: "nofile".to_owned(),
            soft_limit: 1024,
            hard_limit: 4096,
        }]),
        readonly_root_filesystem: Some(true),
        linux_parameters: Some(LinuxParameters {
            init_process_enabled: Some(true),
            capabilities: Some(KernelCapabilities {
                add: words(&["SYS_PTRACE"]),
                drop: words(&["ALL"]),
            }),
            ..LinuxParameters::default()
        }),
        system_controls: Some(vec![SystemControl {
            namespace: some("net.core.somaxconn"),
            value: some("1024"),
        }]),
        docker_labels: Some(pairs(&[("team", "shop")])),
        mount_points: Some(vec![MountPoint {
            source_volume: some("data"),
            container_path: some("/data"),
            read_only: None,
        }]),
        restart_policy: Some(ContainerRestartPolicy {
            enabled: true,
            ignored_exit_codes: Some(vec![0]),
            restart_attempt_period: None,
        }),
        pseudo_terminal: Some(true),
        interactive: Some(true),
        ..container("app")
    }
}

#[test]
fn a_container_becomes_what_running_it_needs() {
    let db = ContainerDefinition {
        health_check: Some(HealthCheck {
            command: vec!["CMD".to_owned(), "pg_isready".to_owned()],
            start_period: Some(10),
            ..HealthCheck::default()
        }),
        volumes_from: Some(vec![VolumeFrom {
            source_container: some("app"),
            read_only: Some(true),
        }]),
        ..container("db")
    };
    let mut region = empty();
    register(
        &mut region,
        RegisterTaskDefinitionRequest {
            execution_role_arn: some("execution"),
            volumes: Some(vec![Volume { name: some("data"), ..Volume::default() }]),
            container_definitions: vec![full(), db],
            ..web()
        },
    );
    let row = region.world.definitions.iter().next().unwrap();
    assert_eq!(row.execution_role.as_deref(), Some("arn:aws:iam::000000000000:role/execution"));
    assert_eq!(
        (row.volumes.as_slice(), row.architecture.as_str()),
        (&["data".to_owned()][..], "X86_64")
    );
    assert_eq!(row.containers, [full_spec(), db_spec()]);
}

fn mount() -> Mount {
    Mount { volume: "data".to_owned(), path: "/data".to_owned(), read_only: false }
}

/// What [`full`] becomes.
fn full_spec() -> ContainerSpec {
    ContainerSpec {
        name: "app".into(),
        image: "node:22-alpine".to_owned(),
        essential: true,
        entry_point: words(&["/init"]),
        command: words(&["serve"]),
        working_directory: some("/srv"),
        user: some("node"),
        environment: pairs(&[("A", "1")]),
        secrets: vec![SecretRef { name: "T".to_owned(), value_from: "/t".to_owned() }],
        ports: vec![PortSpec { container_port: 3000, protocol: "tcp".to_owned(), name: None }],
        depends_on: vec![Dependency {
            container: "db".into(),
            condition: DependencyCondition::Healthy,
        }],
        start_timeout: Some(Span::seconds(60)),
        stop_timeout: Some(Span::seconds(5)),
        health_check: None,
        log: Some(AwsLogs {
            group: "/shop".to_owned(),
            create_group: true,
            prefix: "ecs".to_owned(),
        }),
        cpu: 128,
        memory: Some(256),
        memory_reservation: Some(64),
        ulimits: vec![Limit { name: "nofile".to_owned(), soft: 1024, hard: 4096 }],
        read_only_root: true,
        init: true,
        capabilities: Capabilities {
            add: vec!["SYS_PTRACE".to_owned()],
            drop: vec!["ALL".to_owned()],
        },
        system_controls: pairs(&[("net.core.somaxconn", "1024")]),
        labels: pairs(&[("team", "shop")]),
        mounts: vec![mount()],
        restart: Some(RestartPolicy {
            ignored_exit_codes: vec![0],
            attempt_period: Span::seconds(300),
        }),
        tty: true,
        stdin: true,
    }
}

fn db_spec() -> ContainerSpec {
    ContainerSpec {
        name: "db".into(),
        image: "node:22-alpine".to_owned(),
        essential: true,
        health_check: Some(Check {
            command: HealthCommand::Exec(vec!["pg_isready".to_owned()]),
            interval: Span::seconds(30),
            timeout: Span::seconds(5),
            retries: 3,
            start_period: Span::seconds(10),
        }),
        mounts: vec![Mount { read_only: true, ..mount() }],
        ..ContainerSpec::default()
    }
}

#[test]
fn revisions_count_up_and_are_never_given_twice() {
    let mut region = empty();
    assert_eq!(register(&mut region, web()).revision, Some(1));
    assert_eq!(register(&mut region, web()).revision, Some(2));
    deregister(&mut region, "web:2");
    assert_eq!(delete(&mut region, &["web:2"]).failures, Some(Vec::new()));
    // The sweep takes the row away as soon as nothing uses it.
    let key = DefinitionKey { family: "web".into(), revision: 2 };
    let mut draft = Draft::of(&region.world);
    draft.remove(RowKey::TaskDefinition(key));
    region.world = draft.commit().world;
    assert_eq!(register(&mut region, web()).revision, Some(3));
}

#[test]
fn a_reference_without_a_revision_means_the_latest_active_one() {
    let mut region = empty();
    for _ in 0..3 {
        register(&mut region, web());
    }
    deregister(&mut region, "web:3");
    let arn = "arn:aws:ecs:eu-west-1:000000000000:task-definition/web";
    for (given, revision) in
        [("web", 2), ("web:1", 1), ("web:3", 3), (arn, 2), (&format!("{arn}:1"), 1)]
    {
        assert_eq!(describe(&mut region, given).revision, Some(revision), "{given}");
    }
    for (given, expected) in [
        ("web:4", "ClientException: Unable to describe task definition."),
        ("api", "ClientException: Unable to describe task definition."),
        ("web:x", "InvalidParameterException: Invalid revision number. Number: x"),
    ] {
        assert_eq!(region.fault::<DescribeTaskDefinition>(reference(given)), expected);
    }
}

#[test]
fn tags_of_a_definition_are_shown_when_asked_for() {
    let mut region = empty();
    let tags = vec![Tag { key: some("team"), value: some("shop") }];
    let request = RegisterTaskDefinitionRequest { tags: Some(tags.clone()), ..web() };
    assert_eq!(region.ok::<RegisterTaskDefinition>(request).tags.as_ref(), Some(&tags));
    let with = DescribeTaskDefinitionRequest { include: words(&["TAGS"]), ..reference("web") };
    assert_eq!(region.ok::<DescribeTaskDefinition>(with).tags, Some(tags));
    assert_eq!(region.ok::<DescribeTaskDefinition>(reference("web")).tags, Some(Vec::new()));
}

#[test]
fn a_deregistered_revision_is_inactive_and_says_since_when() {
    let mut region = region();
    region.pass(Span::minutes(1));
    let now = region.now;
    let shown = deregister(&mut region, "web:1");
    assert_eq!((shown.status.as_deref(), shown.deregistered_at), (Some("INACTIVE"), Some(now)));
    region.pass(Span::minutes(1));
    assert_eq!(deregister(&mut region, "web:1").deregistered_at, Some(now));
    for (given, expected) in [
        ("web", "ClientException: Revision is missing."),
        ("web:9", "ClientException: Unable to describe task definition."),
    ] {
        let request = DeregisterTaskDefinitionRequest { task_definition: given.to_owned() };
        assert_eq!(region.fault::<DeregisterTaskDefinition>(request), expected);
    }
}

#[test]
fn only_inactive_revisions_are_deleted() {
    let mut region = region();
    register(&mut region, web());
    deregister(&mut region, "web:1");
    let answer = delete(&mut region, &["web:1", "web:2", "web:7", "web"]);
    let deleted = &answer.task_definitions.unwrap()[0];
    assert_eq!(deleted.status.as_deref(), Some("DELETE_IN_PROGRESS"));
    assert_eq!(deleted.delete_requested_at, Some(region.now));
    let reasons: Vec<_> =
        answer.failures.unwrap().into_iter().map(|failure| failure.reason.unwrap()).collect();
    assert_eq!(
        reasons,
        [
            "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
            "The specified task definition does not exist. Specify a valid account, family, revision and try again.",
            "The specified task definition identifier is invalid. Specify a valid name or ARN and try again.",
        ]
    );
    let many = |count: usize| DeleteTaskDefinitionsRequest {
        task_definitions: vec!["web:1".to_owned(); count],
    };
    assert_eq!(
        region.fault::<DeleteTaskDefinitions>(many(0)),
        "InvalidParameterException: size of TaskDefinition references list must be greater than 0"
    );
    assert_eq!(
        region.fault::<DeleteTaskDefinitions>(many(11)),
        "InvalidParameterException: Size of TaskDefinition references list cannot exceed 10"
    );
    let request = DeregisterTaskDefinitionRequest { task_definition: "web:1".to_owned() };
    assert_eq!(
        region.fault::<DeregisterTaskDefinition>(request),
        "ClientException: The task definition could not be deregistered because it is in the process of being deleted."
    );
}

#[test]
fn a_definition_that_does_not_ask_for_fargate_is_found_fit_or_not() {
    let check = |request: RegisterTaskDefinitionRequest, expected: &[&str]| {
        let request = RegisterTaskDefinitionRequest { requires_compatibilities: None, ..request };
        let shown = register(&mut empty(), request);
        assert_eq!(shown.compatibilities, words(expected));
    };
    check(web(), &["EC2", "FARGATE", "MANAGED_INSTANCES"]);
    check(
        RegisterTaskDefinitionRequest { memory: some("600"), ..web() },
        &["EC2", "MANAGED_INSTANCES"],
    );
    check(RegisterTaskDefinitionRequest { network_mode: None, ..web() }, &["EXTERNAL", "EC2"]);
    let storage = EphemeralStorage { size_in_gi_b: 30 };
    let on_ec2 = RegisterTaskDefinitionRequest {
        requires_compatibilities: words(&["EC2"]),
        ephemeral_storage: Some(storage),
        ..web()
    };
    assert_eq!(
        empty().fault::<RegisterTaskDefinition>(on_ec2),
        "ClientException: Tasks using the EC2 launch type do not support EphemeralStorage."
    );
}

#[test]
fn a_port_of_the_host_is_chosen_by_docker_on_a_bridge() {
    let request = RegisterTaskDefinitionRequest {
        network_mode: some("bridge"),
        requires_compatibilities: words(&["EC2"]),
        ..web()
    };
    let shown = register(&mut empty(), request).container_definitions.unwrap();
    assert_eq!(shown[0].port_mappings.as_ref().unwrap()[0].host_port, Some(0));
}
