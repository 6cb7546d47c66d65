//! Measures the codecs on payloads of the usual sizes: `cargo run --release -p wire --example
//! measure`. One line a step: microseconds each, the best of several rounds.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
#![expect(clippy::print_stdout, reason = "a measurement says what it measured")]

use api::{Call, Field, Value, ecs, elbv2};
use http::{Method, Uri};
use model::Timestamp;
use std::hint::black_box;
use std::time::Instant;
use wire::Head;

const ROUNDS: u32 = 20;
const CALLS: u32 = 500;

fn main() {
    call::<ecs::DescribeServices>(
        describe(),
        ecs::DescribeServicesResponse {
            services: Some(vec![service(); 3]),
            failures: Some(Vec::new()),
        },
    );
    call::<ecs::RegisterTaskDefinition>(register(), ecs::RegisterTaskDefinitionResponse::default());
    call::<elbv2::DescribeTargetHealth>(
        elbv2::DescribeTargetHealthInput { target_group_arn: "arn".into(), ..Default::default() },
        elbv2::DescribeTargetHealthOutput { target_health_descriptions: Some(vec![target(); 10]) },
    );
}

/// Measures one call from end to end, step by step.
fn call<C: Call>(input: C::Input, output: C::Output) {
    let (operation, input, output) = (C::OPERATION, input.into_value(), output.into_value());
    let protocol = operation.service.model().protocol();
    let request = wire::client::encode(protocol, operation, &input);
    let answer = wire::encode(protocol, operation, &output, "id");
    println!(
        "{}: {} bytes in, {} bytes out",
        operation.name,
        request.body.len(),
        answer.body.len()
    );
    let (method, uri) = (Method::POST, Uri::from_static("/"));
    let head = Head { method: &method, uri: &uri, headers: &request.headers };
    step("target", || wire::target(&head, &request.body).is_ok());
    step("decode", || wire::decode(protocol, operation, &head, &request.body).is_ok());
    step("validate", || wire::validate(operation, &input).is_ok());
    step("encode", || wire::encode(protocol, operation, &output, "id"));
    step("all four", || served(&head, &request.body, &output));
    step("client encode", || wire::client::encode(protocol, operation, &input));
    step("client decode", || {
        wire::client::decode(protocol, operation, answer.status, &answer.headers, &answer.body)
            .is_ok()
    });
}

/// What the server does for one request, but for the handler.
fn served(head: &Head<'_>, body: &[u8], output: &Value) -> Result<wire::Answer, wire::Refusal> {
    let operation = wire::target(head, body)?.operation()?;
    let protocol = wire::dialect(head, body).protocol;
    let input = wire::decode(protocol, operation, head, body)?;
    wire::validate(operation, &input)?;
    Ok(wire::encode(protocol, operation, output, "id"))
}

fn step<T>(name: &str, mut work: impl FnMut() -> T) {
    let best = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(work());
        }
        start.elapsed() / CALLS
    });
    let micros = best.min().unwrap_or_default().as_nanos() as f64 / 1000.0;
    println!("  {name:<14}{micros:>8.2} µs");
}

fn describe() -> ecs::DescribeServicesRequest {
    ecs::DescribeServicesRequest {
        cluster: Some("shop".into()),
        services: vec!["api".into(), "site".into(), "worker".into()],
        include: Some(vec!["TAGS".into()]),
    }
}

/// A service in the middle of a rollout, with ten events.
fn service() -> ecs::Service {
    let now = Some(Timestamp::from_millis(1_795_159_860_123));
    let arn = |rest: &str| Some(format!("arn:aws:ecs:eu-west-1:000000000000:{rest}"));
    let network = ecs::NetworkConfiguration {
        awsvpc_configuration: Some(ecs::AwsVpcConfiguration {
            subnets: vec!["subnet-0123456789abcdef0".into(), "subnet-0123456789abcdef1".into()],
            security_groups: Some(vec!["sg-0123456789abcdef0".into()]),
            assign_public_ip: Some("DISABLED".into()),
        }),
    };
    let deployment = ecs::Deployment {
        id: Some("ecs-svc/1234567890123456789".into()),
        status: Some("PRIMARY".into()),
        task_definition: arn("task-definition/api:7"),
        desired_count: Some(2),
        running_count: Some(2),
        created_at: now,
        updated_at: now,
        launch_type: Some("FARGATE".into()),
        network_configuration: Some(network.clone()),
        rollout_state: Some("IN_PROGRESS".into()),
        rollout_state_reason: Some(
            "ECS deployment ecs-svc/1234567890123456789 in progress.".into(),
        ),
        ..Default::default()
    };
    let event = ecs::ServiceEvent {
        id: Some("5f1c9b7e-3a52-4d8e-9c1f-0a6b2d4e8f90".into()),
        created_at: now,
        message: Some("(service api) has reached a steady state.".into()),
    };
    ecs::Service {
        service_arn: arn("service/shop/api"),
        service_name: Some("api".into()),
        cluster_arn: arn("cluster/shop"),
        status: Some("ACTIVE".into()),
        desired_count: Some(2),
        running_count: Some(2),
        task_definition: arn("task-definition/api:7"),
        deployments: Some(vec![deployment; 2]),
        events: Some(vec![event; 10]),
        created_at: now,
        network_configuration: Some(network),
        ..Default::default()
    }
}

/// Two containers, as an application and its sidecar are described.
fn register() -> ecs::RegisterTaskDefinitionRequest {
    let pair = |n: usize| ecs::KeyValuePair {
        name: Some(format!("VARIABLE_{n}")),
        value: Some(format!("value of variable {n}")),
    };
    let secret = |n: usize| ecs::Secret {
        name: format!("SECRET_{n}"),
        value_from: format!("arn:aws:ssm:eu-west-1:000000000000:parameter/shop/prod/secret-{n}"),
    };
    let options = [("awslogs-group", "/ecs/shop"), ("awslogs-region", "eu-west-1")];
    let container = ecs::ContainerDefinition {
        name: Some("api".into()),
        image: Some("000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1".into()),
        cpu: Some(128),
        essential: Some(true),
        environment: Some((0..15).map(pair).collect()),
        secrets: Some((0..5).map(secret).collect()),
        command: Some(vec!["node".into(), "server.js".into()]),
        log_configuration: Some(ecs::LogConfiguration {
            log_driver: "awslogs".into(),
            options: Some(options.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
            secret_options: None,
        }),
        ..Default::default()
    };
    ecs::RegisterTaskDefinitionRequest {
        family: "api".into(),
        container_definitions: vec![container; 2],
        requires_compatibilities: Some(vec!["FARGATE".into()]),
        cpu: Some("256".into()),
        memory: Some("512".into()),
        ..Default::default()
    }
}

fn target() -> elbv2::TargetHealthDescription {
    elbv2::TargetHealthDescription {
        target: Some(elbv2::TargetDescription {
            id: "172.31.0.10".into(),
            port: Some(3000),
            availability_zone: Some("eu-west-1a".into()),
            ..Default::default()
        }),
        health_check_port: Some("3000".into()),
        target_health: Some(elbv2::TargetHealth {
            state: Some("healthy".into()),
            ..Default::default()
        }),
        ..Default::default()
    }
}
