//! `ContinueServiceDeployment`.

use super::find;
use crate::Cx;
use crate::ecs::fault;
use crate::ecs::service::strategy;
use api::Fault;
use api::ecs::{ContinueServiceDeploymentRequest, ContinueServiceDeploymentResponse};
use model::{HookId, Ids};
use world::Draft;
use world::service::HookAction;

/// Lets a deployment that has stopped at a pause go on, or sends it back.
pub(in crate::ecs) fn resume(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: ContinueServiceDeploymentRequest,
) -> Result<ContinueServiceDeploymentResponse, Fault> {
    let action = strategy::parse_action(input.action.as_deref())?;
    let mut held = find(draft, &input.service_deployment_arn)?.clone();
    let id = HookId::from(input.hook_id.as_str());
    if !held.resolve(&id, action.unwrap_or(HookAction::Continue)) {
        return Err(fault::deployment::not_paused(&input.hook_id));
    }
    held.updated_at = cx.now;
    draft.put(held);
    let service_deployment_arn = Some(input.service_deployment_arn);
    Ok(ContinueServiceDeploymentResponse { service_deployment_arn })
}
