//! `DescribeTasks`.

use super::show::{show, show_tagged};
use crate::Cx;
use crate::ecs::{cluster, fault, names};
use api::Fault;
use api::ecs::{DescribeTasksRequest, DescribeTasksResponse, Failure};
use world::World;

/// How many tasks one request may name.
const MOST: usize = 100;

/// Shows tasks; one that is not there, or no longer, is a failure.
pub(in crate::ecs) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeTasksRequest,
) -> Result<DescribeTasksResponse, Fault> {
    let include = input.include.unwrap_or_default();
    if include.iter().any(|word| word != "TAGS") {
        return Err(fault::not_one_of("include", &["TAGS"]));
    }
    match input.tasks.len() {
        0 => return Err(fault::task::none_given()),
        1..=MOST => {}
        _ => return Err(fault::too_many("taskIds", MOST)),
    }
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    let show = if include.is_empty() { show } else { show_tagged };
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    for given in &input.tasks {
        let key = names::task(&world.place, &cluster.name, given)?;
        match world.tasks.get(&key) {
            Some(task) => tasks.push(show(world, cx, task)),
            None => failures.push(Failure {
                arn: Some(world.place.task_arn(&key.cluster, &key.id)),
                reason: Some("MISSING".to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DescribeTasksResponse { tasks: Some(tasks), failures: Some(failures) })
}
