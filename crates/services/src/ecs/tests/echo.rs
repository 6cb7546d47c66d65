//! Whole answers, compared with the ones that AWS gave (reference §10, T1).

use super::*;
use std::collections::BTreeMap;

const ACCOUNT: &str = "arn:aws:ecs:eu-west-1:000000000000";
const CALLER: &str = "arn:aws:iam::000000000000:root";

fn secret(name: &str, key: &str) -> Secret {
    let arn = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-1S78mu";
    Secret { name: name.to_owned(), value_from: format!("{arn}:{key}::") }
}

/// What was sent for T1.
fn given() -> RegisterTaskDefinitionRequest {
    let options = [
        ("awslogs-group", "/ecs/fp-app"),
        ("awslogs-region", "eu-west-1"),
        ("awslogs-stream-prefix", "ecs"),
    ];
    let variable =
        |(name, value): (&str, &str)| KeyValuePair { name: some(name), value: some(value) };
    let variables = [("DB_HOST", "db.local"), ("DB_PORT", "5432"), ("DB_NAME", "fpdb")];
    RegisterTaskDefinitionRequest {
        family: "fp-app".to_owned(),
        network_mode: some("awsvpc"),
        requires_compatibilities: Some(vec!["FARGATE".to_owned()]),
        cpu: some("256"),
        memory: some("512"),
        execution_role_arn: some("arn:aws:iam::000000000000:role/fp-execution"),
        task_role_arn: some("arn:aws:iam::000000000000:role/fp-task"),
        container_definitions: vec![ContainerDefinition {
            name: some("fp-app"),
            image: some("000000000000.dkr.ecr.eu-west-1.amazonaws.com/fp-app:v1"),
            essential: Some(true),
            port_mappings: Some(vec![PortMapping { protocol: some("tcp"), ..port(8080) }]),
            environment: Some(variables.into_iter().map(variable).collect()),
            secrets: Some(vec![secret("DB_USER", "username"), secret("DB_PASSWORD", "password")]),
            log_configuration: Some(LogConfiguration {
                log_driver: "awslogs".to_owned(),
                options: Some(
                    options.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
                ),
                secret_options: None,
            }),
            ..ContainerDefinition::default()
        }],
        ..RegisterTaskDefinitionRequest::default()
    }
}

#[test]
fn a_task_definition_is_echoed_as_aws_echoes_it() {
    let mut region = empty();
    let given = given();
    let answer = region.ok::<RegisterTaskDefinition>(given.clone());
    let attribute = |name: &str| Attribute { name: name.to_owned(), ..Attribute::default() };
    let attributes = [
        "com.amazonaws.ecs.capability.logging-driver.awslogs",
        "ecs.capability.execution-role-awslogs",
        "com.amazonaws.ecs.capability.ecr-auth",
        "com.amazonaws.ecs.capability.docker-remote-api.1.19",
        "ecs.capability.secrets.asm.environment-variables",
        "com.amazonaws.ecs.capability.task-iam-role",
        "ecs.capability.execution-role-ecr-pull",
        "com.amazonaws.ecs.capability.docker-remote-api.1.18",
        "ecs.capability.task-eni",
    ];
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let expected = TaskDefinition {
        task_definition_arn: Some(format!("{ACCOUNT}:task-definition/fp-app:1")),
        container_definitions: Some(vec![ContainerDefinition {
            cpu: Some(0),
            port_mappings: Some(vec![PortMapping {
                container_port: Some(8080),
                host_port: Some(8080),
                protocol: some("tcp"),
                ..PortMapping::default()
            }]),
            mount_points: Some(Vec::new()),
            volumes_from: Some(Vec::new()),
            system_controls: Some(Vec::new()),
            ..given.container_definitions[0].clone()
        }]),
        family: some("fp-app"),
        task_role_arn: given.task_role_arn,
        execution_role_arn: given.execution_role_arn,
        network_mode: some("awsvpc"),
        revision: Some(1),
        volumes: Some(Vec::new()),
        status: some("ACTIVE"),
        requires_attributes: Some(attributes.map(attribute).into()),
        placement_constraints: Some(Vec::new()),
        compatibilities: words(&["EC2", "FARGATE", "MANAGED_INSTANCES"]),
        requires_compatibilities: words(&["FARGATE"]),
        cpu: some("256"),
        memory: some("512"),
        registered_at: Some(region.now),
        registered_by: some(CALLER),
        ..TaskDefinition::default()
    };
    assert_eq!(
        answer,
        RegisterTaskDefinitionResponse { task_definition: Some(expected), tags: None }
    );
}

#[test]
fn a_new_cluster_is_echoed_as_aws_echoes_it() {
    let answer = empty().ok::<CreateCluster>(CreateClusterRequest {
        cluster_name: some("fp-cluster"),
        capacity_providers: Some(vec!["FARGATE".to_owned()]),
        tags: Some(vec![Tag { key: some("Name"), value: some("fp-cluster") }]),
        ..CreateClusterRequest::default()
    });
    let expected = Cluster {
        cluster_arn: Some(format!("{ACCOUNT}:cluster/fp-cluster")),
        cluster_name: some("fp-cluster"),
        status: some("ACTIVE"),
        registered_container_instances_count: Some(0),
        running_tasks_count: Some(0),
        pending_tasks_count: Some(0),
        active_services_count: Some(0),
        statistics: Some(Vec::new()),
        tags: Some(vec![Tag { key: some("Name"), value: some("fp-cluster") }]),
        settings: Some(vec![ClusterSetting {
            name: some("containerInsights"),
            value: some("disabled"),
        }]),
        capacity_providers: Some(vec!["FARGATE".to_owned()]),
        default_capacity_provider_strategy: Some(Vec::new()),
        ..Cluster::default()
    };
    assert_eq!(answer.cluster, Some(expected));
}

fn shown_network() -> Option<NetworkConfiguration> {
    Some(NetworkConfiguration {
        awsvpc_configuration: Some(AwsVpcConfiguration {
            subnets: vec![SUBNET.to_owned()],
            security_groups: Some(vec!["sg-00000000000000001".to_owned()]),
            assign_public_ip: some("DISABLED"),
        }),
    })
}

fn new_deployment(id: &str, now: Timestamp) -> Deployment {
    Deployment {
        id: some(id),
        status: some("PRIMARY"),
        task_definition: Some(format!("{ACCOUNT}:task-definition/web:1")),
        desired_count: Some(0),
        pending_count: Some(0),
        running_count: Some(0),
        failed_tasks: Some(0),
        created_at: Some(now),
        updated_at: Some(now),
        launch_type: some("FARGATE"),
        platform_version: some("1.4.0"),
        platform_family: some("Linux"),
        network_configuration: shown_network(),
        rollout_state: some("IN_PROGRESS"),
        rollout_state_reason: Some(format!("ECS deployment {id} in progress.")),
        ..Deployment::default()
    }
}

/// The revision of the deployment, which has its digits.
fn new_revision(deployment: &str) -> ServiceCurrentRevisionSummary {
    let digits = deployment.strip_prefix("ecs-svc/").unwrap();
    ServiceCurrentRevisionSummary {
        arn: Some(format!("{ACCOUNT}:service-revision/shop/api/{digits}")),
        requested_task_count: Some(0),
        running_task_count: Some(0),
        pending_task_count: Some(0),
    }
}

#[test]
fn a_new_service_is_echoed_as_aws_echoes_it() {
    let mut region = region();
    let load_balancers = balanced(&mut region);
    let answer = region.ok::<CreateService>(CreateServiceRequest {
        load_balancers: Some(load_balancers.clone()),
        health_check_grace_period_seconds: Some(60),
        network_configuration: shown_network(),
        ..api()
    });
    let service = answer.service.unwrap();
    let id = service.deployments.as_ref().unwrap()[0].id.clone().unwrap();
    let expected = Service {
        service_arn: Some(format!("{ACCOUNT}:service/shop/api")),
        service_name: some("api"),
        cluster_arn: Some(format!("{ACCOUNT}:cluster/shop")),
        load_balancers: Some(load_balancers),
        service_registries: Some(Vec::new()),
        status: some("ACTIVE"),
        desired_count: Some(2),
        running_count: Some(0),
        pending_count: Some(0),
        launch_type: some("FARGATE"),
        platform_version: some("LATEST"),
        platform_family: some("Linux"),
        task_definition: Some(format!("{ACCOUNT}:task-definition/web:1")),
        deployment_configuration: Some(default_configuration()),
        // Not in T1, which is of a service without task sets.
        task_sets: Some(Vec::new()),
        deployments: Some(vec![new_deployment(&id, region.now)]),
        role_arn: some(
            "arn:aws:iam::000000000000:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        ),
        events: Some(Vec::new()),
        created_at: Some(region.now),
        // Not in T1; reported of updates.
        current_service_deployment: service.current_service_deployment.clone(),
        current_service_revisions: Some(vec![new_revision(&id)]),
        placement_constraints: Some(Vec::new()),
        placement_strategy: Some(Vec::new()),
        network_configuration: shown_network(),
        health_check_grace_period_seconds: Some(60),
        scheduling_strategy: some("REPLICA"),
        deployment_controller: Some(DeploymentController { r#type: "ECS".to_owned() }),
        created_by: some(CALLER),
        enable_ecs_managed_tags: Some(false),
        propagate_tags: some("NONE"),
        enable_execute_command: Some(false),
        availability_zone_rebalancing: some("ENABLED"),
        resource_management_type: some("CUSTOMER"),
        ..Service::default()
    };
    assert_eq!(service, expected);
    assert_eq!(described(&mut region), expected);
}

/// T1's configuration with the members that came after it (reference §3.1).
fn default_configuration() -> DeploymentConfiguration {
    DeploymentConfiguration {
        deployment_circuit_breaker: Some(DeploymentCircuitBreaker {
            enable: false,
            rollback: false,
            reset_on_healthy_task: Some(true),
            threshold_configuration: Some(ThresholdConfiguration {
                r#type: "BOUNDED_PERCENT".to_owned(),
                value: 50,
            }),
        }),
        maximum_percent: Some(200),
        minimum_healthy_percent: Some(100),
        alarms: Some(DeploymentAlarms { alarm_names: Vec::new(), rollback: false, enable: false }),
        strategy: some("ROLLING"),
        bake_time_in_minutes: Some(0),
        ..DeploymentConfiguration::default()
    }
}

fn new_attachment(task: &world::Task) -> Attachment {
    Attachment {
        id: Some(task.eni.attachment.clone()),
        r#type: some("ElasticNetworkInterface"),
        status: some("PRECREATED"),
        details: Some(vec![KeyValuePair { name: some("subnetId"), value: some(SUBNET) }]),
    }
}

fn new_container(task: &world::Task) -> Container {
    let id = &task.key.id;
    Container {
        container_arn: Some(format!("{ACCOUNT}:container/shop/{id}/{}", task.containers[0].id)),
        task_arn: Some(format!("{ACCOUNT}:task/shop/{id}")),
        name: some("app"),
        image: some("node:22-alpine"),
        last_status: some("PENDING"),
        network_bindings: Some(Vec::new()),
        network_interfaces: Some(Vec::new()),
        health_status: some("UNKNOWN"),
        cpu: some("0"),
        ..Container::default()
    }
}

#[test]
fn a_run_task_is_answered_as_aws_answers_it() {
    let mut region = region();
    let answer = region.ok::<RunTask>(RunTaskRequest { started_by: some("me"), ..run() });
    assert_eq!(answer.failures, Some(Vec::new()));
    let task = answer.tasks.unwrap().remove(0);
    let id = task.task_arn.clone().unwrap().rsplit('/').next().unwrap().to_owned();
    let held = region.world.tasks.iter().next().unwrap().clone();
    let expected = Task {
        attachments: Some(vec![new_attachment(&held)]),
        attributes: Some(vec![Attribute {
            name: "ecs.cpu-architecture".to_owned(),
            value: some("x86_64"),
            ..Attribute::default()
        }]),
        availability_zone: some("eu-west-1a"),
        cluster_arn: Some(format!("{ACCOUNT}:cluster/shop")),
        containers: Some(vec![new_container(&held)]),
        cpu: some("256"),
        created_at: Some(region.now),
        desired_status: some("RUNNING"),
        enable_execute_command: Some(false),
        group: some("family:web"),
        health_status: some("UNKNOWN"),
        inference_accelerators: Some(Vec::new()),
        last_status: some("PROVISIONING"),
        launch_type: some("FARGATE"),
        memory: some("512"),
        overrides: Some(TaskOverride {
            container_overrides: Some(vec![ContainerOverride {
                name: some("app"),
                ..ContainerOverride::default()
            }]),
            inference_accelerator_overrides: Some(Vec::new()),
            ..TaskOverride::default()
        }),
        platform_version: some("1.4.0"),
        platform_family: some("Linux"),
        started_by: some("me"),
        tags: Some(Vec::new()),
        task_arn: Some(format!("{ACCOUNT}:task/shop/{id}")),
        task_definition_arn: Some(format!("{ACCOUNT}:task-definition/web:1")),
        version: Some(1),
        ephemeral_storage: Some(EphemeralStorage { size_in_gi_b: 20 }),
        fargate_ephemeral_storage: Some(TaskEphemeralStorage {
            size_in_gi_b: Some(20),
            kms_key_id: None,
        }),
        ..Task::default()
    };
    assert_eq!(task, expected);
}

#[test]
fn defaults_are_filled_in_wherever_aws_fills_them_in() {
    let container = ContainerDefinition {
        health_check: Some(HealthCheck {
            command: vec!["CMD-SHELL".to_owned(), "true".to_owned()],
            ..HealthCheck::default()
        }),
        docker_labels: Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])),
        ..container("app")
    };
    let request = RegisterTaskDefinitionRequest {
        cpu: some(".25 vCPU"),
        memory: some("0.5GB"),
        container_definitions: vec![container],
        ..web()
    };
    let answer = empty().ok::<RegisterTaskDefinition>(request);
    let shown = answer.task_definition.unwrap();
    assert_eq!((shown.cpu.as_deref(), shown.memory.as_deref()), (Some("256"), Some("512")));
    let container = &shown.container_definitions.unwrap()[0];
    let check = container.health_check.clone().unwrap();
    assert_eq!((check.interval, check.timeout, check.retries), (Some(30), Some(5), Some(3)));
    assert_eq!(check.start_period, None);
    assert_eq!(container.essential, Some(true));
    assert_eq!(container.docker_labels.as_ref().unwrap()["a"], "b");
}
