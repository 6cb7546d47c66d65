//! `ListTasks`.

use crate::Cx;
use crate::ecs::{cluster, fault, names};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{ListTasksRequest, ListTasksResponse};
use world::{Cluster, Task, World};

/// What `desiredStatus` may say. `PENDING` is a word that no task ever has.
const STATUSES: [&str; 3] = ["RUNNING", "PENDING", "STOPPED"];

/// Lists the tasks of a cluster that should run, unless asked otherwise (reference §1.1, §1.3).
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTasksRequest,
) -> Result<ListTasksResponse, Fault> {
    check_filters(&input)?;
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    let ask = Ask {
        listing: "ListTasks",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 100, 100),
    };
    let tasks = candidates(world, cluster, &input)?.filter(|task| is_asked(task, &input));
    let page = page(tasks, &ask, |task| task.key.id.to_string());
    let page = page.map_err(|_| fault::invalid_token())?;
    let arn = |task: &&Task| world.place.task_arn(&cluster.name, &task.key.id);
    Ok(ListTasksResponse {
        task_arns: Some(page.rows.iter().map(arn).collect()),
        next_token: page.next,
    })
}

/// Some filters stand alone; a status goes with any of them.
fn check_filters(input: &ListTasksRequest) -> Result<(), Fault> {
    let status = input.desired_status.as_deref();
    if status.is_some_and(|word| !STATUSES.contains(&word)) {
        return Err(fault::not_one_of("desiredStatus", &STATUSES));
    }
    let by_place = input.container_instance.is_some() || input.family.is_some();
    let others = by_place || input.service_name.is_some() || input.launch_type.is_some();
    if input.started_by.is_some() && others {
        return Err(fault::task::exclusive("startedBy"));
    }
    if input.service_name.is_some() && by_place {
        return Err(fault::task::exclusive("serviceName"));
    }
    // There are no container instances, so none can be the one that is meant.
    if input.container_instance.is_some() {
        return Err(fault::task::no_container_instance());
    }
    Ok(())
}

/// The tasks to look through: those of one service, over its index, or all of the cluster.
fn candidates<'w>(
    world: &'w World,
    cluster: &'w Cluster,
    input: &ListTasksRequest,
) -> Result<Box<dyn Iterator<Item = &'w Task> + 'w>, Fault> {
    let Some(given) = input.service_name.as_deref() else {
        return Ok(Box::new(world.tasks_in(&cluster.name)));
    };
    let key = names::service(&world.place, &cluster.name, given)?;
    let service = world.services.get(&key).ok_or_else(fault::service::not_found)?;
    Ok(Box::new(world.tasks_of(&service.key)))
}

fn is_asked(task: &Task, input: &ListTasksRequest) -> bool {
    let status = input.desired_status.as_deref().unwrap_or("RUNNING");
    let family = input.family.as_deref();
    // Capacity providers start on Fargate too, and AWS lists their tasks with its launch type.
    task.desired_status() == status
        && family.is_none_or(|family| task.definition.family.as_str() == family)
        && input.started_by.as_ref().is_none_or(|by| task.started_by.as_ref() == Some(by))
        && input.launch_type.as_deref().is_none_or(|word| word == "FARGATE")
        && input.daemon_name.is_none()
}
