//! Tasks of backing services that are ready: where they are reached, and what they printed.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::ecs::{Container, DescribeTasks, DescribeTasksRequest, ListTasks, ListTasksRequest, Task};
use api::logs::{GetLogEvents, GetLogEventsRequest};
use model::Secret;
use plan::backing::Sought;
use plan::observed::{Observed, Ready};

/// How many lines of a task's output are read, from its beginning: what it gives it says at its start.
const LINES: i32 = 10_000;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let cluster = scope.cluster.to_owned();
    for sought in scope.backing.iter().filter(|it| observed.services.contains_key(&it.service)) {
        let request = ListTasksRequest {
            cluster: Some(cluster.clone()),
            service_name: Some(sought.service.clone()),
            desired_status: Some("RUNNING".to_owned()),
            ..Default::default()
        };
        let arns = client.call::<ListTasks>(request).await?.task_arns.unwrap_or_default();
        if arns.is_empty() {
            continue;
        }
        let request =
            DescribeTasksRequest { cluster: Some(cluster.clone()), tasks: arns, include: None };
        let tasks = client.call::<DescribeTasks>(request).await?.tasks.into_iter().flatten();
        let newest = tasks.filter(is_ready).max_by_key(|task| task.started_at);
        if let Some(ready) = newest.and_then(|task| ready(&task, sought)) {
            let output = match &sought.log_group {
                Some(group) => output(client, group, sought, &ready.task).await?,
                None => Secret::default(),
            };
            observed.ready.insert(sought.service.clone(), Ready { output, ..ready });
        }
    }
    Ok(())
}

fn is_ready(task: &Task) -> bool {
    let runs = task.last_status.as_deref() == Some("RUNNING");
    runs && task.health_status.as_deref() == Some("HEALTHY")
}

/// Where a task is reached. Its port is the container's own, unless it is bound to another one.
fn ready(task: &Task, sought: &Sought) -> Option<Ready> {
    let mut containers = task.containers.iter().flatten();
    let own: &Container =
        containers.find(|held| held.name.as_deref() == Some(sought.service.as_str()))?;
    let mut interfaces = own.network_interfaces.iter().flatten();
    let host = interfaces.find_map(|held| held.private_ipv4_address.clone())?;
    let mut bindings = own.network_bindings.iter().flatten();
    let bound = bindings.find(|held| held.container_port == Some(i32::from(sought.port)));
    let bound = bound.and_then(|held| u16::try_from(held.host_port?).ok());
    let task = task.task_arn.as_deref()?.rsplit('/').next()?.to_owned();
    Some(Ready { task, host, port: bound.unwrap_or(sought.port), output: Secret::default() })
}

/// What a task printed. It may be a secret, and is treated so.
async fn output(
    client: &Client,
    group: &str,
    sought: &Sought,
    task: &str,
) -> Result<Secret, CallError> {
    let request = GetLogEventsRequest {
        log_group_name: Some(group.to_owned()),
        log_stream_name: format!("ecs/{}/{task}", sought.service),
        limit: Some(LINES),
        start_from_head: Some(true),
        ..Default::default()
    };
    let page = client.call::<GetLogEvents>(request).await;
    let page = page.absent(&["ResourceNotFoundException"])?;
    let events = page.and_then(|page| page.events).into_iter().flatten();
    let lines: Vec<String> = events.filter_map(|event| event.message).collect();
    Ok(Secret::from(lines.join("\n")))
}
