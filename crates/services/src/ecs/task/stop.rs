//! `StopTask`.

use super::show::show;
use crate::Cx;
use crate::ecs::{cluster, fault, names};
use api::Fault;
use api::ecs::{StopTaskRequest, StopTaskResponse};
use model::Ids;
use world::{Draft, StopCode};

/// What is said of a task that was stopped without a reason (reference §1.5).
const NO_REASON: &str = "Task stopped by user";

/// Gives a task a reason to stop. One that has a reason keeps it.
pub(in crate::ecs) fn stop(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: StopTaskRequest,
) -> Result<StopTaskResponse, Fault> {
    let cluster = cluster::find(draft, input.cluster.as_deref())?;
    let key = names::task(&draft.place, &cluster.name, &input.task)?;
    let mut task = draft.tasks.get(&key).ok_or_else(fault::task::not_found)?.clone();
    if task.stop.is_none() {
        let reason = input.reason.as_deref().filter(|reason| !reason.is_empty());
        task.stop_for(StopCode::UserInitiated, reason.unwrap_or(NO_REASON), cx.now);
        draft.put(task.clone());
    }
    Ok(StopTaskResponse { task: Some(show(draft, cx, &task)) })
}
