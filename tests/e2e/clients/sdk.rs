//! AWS's SDK for Rust: another implementation of both protocols, with types of its own.

use crate::stage::region::NAME;
use crate::stage::{Cluster, Driver, PATIENCE, Region};
use aws_sdk_ecs as ecs;
use aws_sdk_elasticloadbalancingv2 as elb;
use ecs::client::Waiters as _;
use ecs::config::{BehaviorVersion, Credentials, Region as SdkRegion};
use ecs::types::{
    AssignPublicIp, AwsVpcConfiguration, Compatibility, ContainerDefinition, LaunchType,
    NetworkConfiguration, NetworkMode,
};
use elb::types::{
    Action, ActionTypeEnum, FixedResponseActionConfig, LoadBalancerStateEnum, ProtocolEnum,
};

fn ecs_client(region: &Region) -> ecs::Client {
    let config = ecs::Config::builder().behavior_version(BehaviorVersion::latest());
    let config = config.region(SdkRegion::new(NAME)).endpoint_url(region.endpoint());
    let keys = Credentials::new("test", "test", None, None, "test");
    ecs::Client::from_conf(config.credentials_provider(keys).build())
}

fn elb_client(region: &Region) -> elb::Client {
    let config = elb::Config::builder().behavior_version(elb::config::BehaviorVersion::latest());
    let config = config.region(elb::config::Region::new(NAME)).endpoint_url(region.endpoint());
    let keys = elb::config::Credentials::new("test", "test", None, None, "test");
    elb::Client::from_conf(config.credentials_provider(keys).build())
}

#[tokio::test]
async fn a_task_runs_to_its_end() {
    let region = Region::shared(Driver::Process).await;
    let (client, cluster) = (ecs_client(&region), Cluster::new(&region).await.name);
    let container = ContainerDefinition::builder().name("main").image("busybox");
    let container = container.entry_point("/bin/sh").command("-c").command("exit 5").build();
    let defined = client
        .register_task_definition()
        .family(&cluster)
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities(Compatibility::Fargate)
        .cpu("256")
        .memory("512")
        .container_definitions(container)
        .send()
        .await
        .unwrap();
    let definition = defined.task_definition().unwrap().task_definition_arn().unwrap();
    let vpc = AwsVpcConfiguration::builder().set_subnets(Some(region.subnets().await));
    let vpc = vpc.assign_public_ip(AssignPublicIp::Enabled).build().unwrap();
    let ran = client
        .run_task()
        .cluster(&cluster)
        .task_definition(definition)
        .launch_type(LaunchType::Fargate)
        .network_configuration(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
        .send()
        .await
        .unwrap();
    let task = ran.tasks()[0].task_arn().unwrap();
    let waited =
        client.wait_until_tasks_stopped().cluster(&cluster).tasks(task).wait(PATIENCE).await;
    let seen = waited.unwrap().into_result().unwrap();
    let seen = &seen.tasks()[0];
    assert_eq!(seen.stop_code().unwrap(), &ecs::types::TaskStopCode::EssentialContainerExited);
    assert_eq!(seen.containers()[0].exit_code(), Some(5));
    assert!(seen.stopped_at().unwrap() >= seen.created_at().unwrap());
}

/// An error is the operation's own type, with AWS's message.
#[tokio::test]
async fn an_error_has_its_own_type() {
    let region = Region::shared(Driver::Process).await;
    let client = ecs_client(&region);
    let refused = client.describe_services().cluster("nowhere").services("web").send().await;
    let refused = refused.unwrap_err().into_service_error();
    assert!(refused.is_cluster_not_found_exception(), "{refused:?}");
    assert_eq!(refused.meta().message(), Some("Cluster not found."));
    let absent = client.list_container_instances().send().await.unwrap_err().into_service_error();
    assert_eq!(absent.meta().code(), Some("UnknownOperationException"));
    assert!(absent.meta().message().unwrap().contains("ListContainerInstances"), "{absent:?}");
}

/// The other protocol: form parameters in, XML out.
#[tokio::test]
async fn a_load_balancer_is_made_and_described() {
    let region = Region::shared(Driver::Process).await;
    let (client, name) = (elb_client(&region), Cluster::new(&region).await.name);
    let subnets = Some(region.subnets().await);
    let made = client.create_load_balancer().name(&name).set_subnets(subnets).send().await.unwrap();
    let arn = made.load_balancers()[0].load_balancer_arn().unwrap();
    let fixed = FixedResponseActionConfig::builder().status_code("204").build();
    let action = Action::builder().r#type(ActionTypeEnum::FixedResponse);
    let made = client
        .create_listener()
        .load_balancer_arn(arn)
        .protocol(ProtocolEnum::Http)
        .port(80)
        .default_actions(action.fixed_response_config(fixed).build())
        .send()
        .await
        .unwrap();
    assert_eq!(made.listeners()[0].port(), Some(80));
    let mut pages = client.describe_load_balancers().page_size(1).into_paginator().items().send();
    let mut found = None;
    while let Some(balancer) = pages.next().await {
        let balancer = balancer.unwrap();
        if balancer.load_balancer_name() == Some(&name) {
            found = Some(balancer);
        }
    }
    let found = found.unwrap();
    let state = found.state().unwrap().code().unwrap();
    assert!(matches!(state, LoadBalancerStateEnum::Provisioning | LoadBalancerStateEnum::Active));
    assert!(found.created_time().unwrap().secs() > 1_700_000_000);
    let gone = client.describe_load_balancers().names("nowhere").send().await;
    assert!(gone.unwrap_err().into_service_error().is_load_balancer_not_found_exception());
}
