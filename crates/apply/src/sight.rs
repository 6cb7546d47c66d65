//! Looks at services under way: each service, its tasks, its targets, and the stage of its deployment.
//!
//! What does not depend on another answer is asked at the same time: somebody waits for what is seen, and
//! a busy machine may take long for each answer.

use crate::attempts::attempts;
use crate::client::{Absent as _, CallError, Client};
use crate::observe::states;
use api::ecs::{
    DescribeServiceDeployments, DescribeServiceDeploymentsRequest, DescribeServices,
    DescribeServicesRequest, DescribeTasks, DescribeTasksRequest, ListTasks, ListTasksRequest,
    Service, ServiceDeployment, Task,
};
use api::elbv2::{DescribeTargetHealth, DescribeTargetHealthInput, TargetHealthDescription};
use futures_util::future::{try_join_all, try_join4};
use plan::Sight;
use std::collections::{BTreeMap, BTreeSet};

/// How many tasks one call describes (reference §1.3).
const AT_ONCE: usize = 100;

/// Looks at services by name; those that the cluster does not have are absent.
///
/// # Errors
/// When a call fails.
pub async fn sights(
    client: &Client,
    cluster: &str,
    names: impl IntoIterator<Item = &String>,
) -> Result<BTreeMap<String, Sight>, CallError> {
    let looks = names.into_iter().map(async |name| {
        let found = sight(client, cluster, name).await?;
        Ok(found.map(|sight| (name.clone(), sight)))
    });
    Ok(try_join_all(looks).await?.into_iter().flatten().collect())
}

/// The same with the ends of their newest service deployments, and with the alarms that watch them,
/// except for these.
///
/// # Errors
/// When a call fails.
pub async fn sights_closely(
    client: &Client,
    cluster: &str,
    names: impl IntoIterator<Item = &String>,
    unminded: &BTreeSet<String>,
) -> Result<BTreeMap<String, Sight>, CallError> {
    let mut sights = sights(client, cluster, names).await?;
    let closer = sights.values_mut();
    try_join_all(closer.map(|sight| look_closer(client, cluster, sight, unminded))).await?;
    Ok(sights)
}

async fn sight(client: &Client, cluster: &str, service: &str) -> Result<Option<Sight>, CallError> {
    let request = DescribeServicesRequest {
        cluster: Some(cluster.to_owned()),
        services: vec![service.to_owned()],
        include: None,
    };
    let found = client.call::<DescribeServices>(request).await;
    let found = found.absent(&["ClusterNotFoundException"])?;
    let found = found.and_then(|found| found.services).into_iter().flatten().next();
    let Some(service) = found else { return Ok(None) };
    let (mut tasks, stopped, targets, deployment) = try_join4(
        tasks_of(client, cluster, &service, "RUNNING"),
        tasks_of(client, cluster, &service, "STOPPED"),
        targets(client, &service),
        deployment(client, &service),
    )
    .await?;
    tasks.extend(stopped);
    Ok(Some(Sight { service, tasks, targets, deployment, ..Sight::default() }))
}

async fn look_closer(
    client: &Client,
    cluster: &str,
    sight: &mut Sight,
    unminded: &BTreeSet<String>,
) -> Result<(), CallError> {
    let name = sight.service.service_name.clone().unwrap_or_default();
    sight.attempts = attempts(client, cluster, &name).await?;
    let configuration = sight.service.deployment_configuration.as_ref();
    let alarms = configuration.and_then(|held| held.alarms.as_ref()).filter(|held| held.enable);
    let names = alarms.map(|held| held.alarm_names.as_slice()).unwrap_or_default();
    let names: Vec<&String> = names.iter().filter(|name| !unminded.contains(*name)).collect();
    sight.alarms = states(client, &names).await?;
    Ok(())
}

/// The newest service deployment of a service whose strategy has stages, or that alarms watch.
async fn deployment(
    client: &Client,
    service: &Service,
) -> Result<Option<ServiceDeployment>, CallError> {
    let configuration = service.deployment_configuration.clone().unwrap_or_default();
    let staged = configuration.strategy.is_some_and(|strategy| strategy != "ROLLING");
    let watched = configuration.alarms.is_some_and(|alarms| alarms.enable);
    let telling = staged || watched;
    let Some(arn) = service.current_service_deployment.clone().filter(|_| telling) else {
        return Ok(None);
    };
    let request = DescribeServiceDeploymentsRequest { service_deployment_arns: vec![arn] };
    let found = client.call::<DescribeServiceDeployments>(request).await?;
    Ok(found.service_deployments.into_iter().flatten().next())
}

async fn tasks_of(
    client: &Client,
    cluster: &str,
    service: &Service,
    status: &str,
) -> Result<Vec<Task>, CallError> {
    let mut arns = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListTasksRequest {
            cluster: Some(cluster.to_owned()),
            service_name: service.service_name.clone(),
            desired_status: Some(status.to_owned()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListTasks>(request).await?;
        arns.extend(page.task_arns.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    let mut tasks = Vec::new();
    for arns in arns.chunks(AT_ONCE) {
        let request = DescribeTasksRequest {
            cluster: Some(cluster.to_owned()),
            tasks: arns.to_vec(),
            include: None,
        };
        let found = client.call::<DescribeTasks>(request).await?;
        tasks.extend(found.tasks.into_iter().flatten());
    }
    Ok(tasks)
}

async fn targets(
    client: &Client,
    service: &Service,
) -> Result<Vec<TargetHealthDescription>, CallError> {
    let mut targets = Vec::new();
    let balancers = service.load_balancers.iter().flatten();
    let groups = balancers.flat_map(|balancer| {
        let pair = balancer.advanced_configuration.as_ref();
        let second = pair.and_then(|pair| pair.alternate_target_group_arn.clone());
        balancer.target_group_arn.clone().into_iter().chain(second)
    });
    for arn in groups {
        let request = DescribeTargetHealthInput { target_group_arn: arn, ..Default::default() };
        let found = client.call::<DescribeTargetHealth>(request).await;
        // A group that was deleted has no targets.
        let found = found.absent(&["TargetGroupNotFound"])?;
        targets
            .extend(found.and_then(|found| found.target_health_descriptions).into_iter().flatten());
    }
    Ok(targets)
}
