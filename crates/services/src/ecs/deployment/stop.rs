//! `StopServiceDeployment`.

use super::find;
use crate::Cx;
use crate::ecs::fault;
use api::Fault;
use api::ecs::{StopServiceDeploymentRequest, StopServiceDeploymentResponse};
use model::Ids;
use world::Draft;
use world::service::deployment::StopType;

/// Asks for a service deployment to be sent back, or to be stopped where it is; the scheduler's next
/// pass does it.
pub(in crate::ecs) fn stop(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: StopServiceDeploymentRequest,
) -> Result<StopServiceDeploymentResponse, Fault> {
    let to = match input.stop_type.as_deref() {
        None | Some("ROLLBACK") => StopType::RollBack,
        Some("ABORT") => StopType::Abort,
        Some(_) => return Err(fault::not_one_of("stopType", &["ABORT", "ROLLBACK"])),
    };
    let held = find(draft, &input.service_deployment_arn)?;
    let asked = held.asked(to, cx.now);
    let asked = asked.ok_or_else(|| fault::deployment::ended(held.status.as_str()))?;
    draft.put(asked);
    let service_deployment_arn = Some(input.service_deployment_arn);
    Ok(StopServiceDeploymentResponse { service_deployment_arn })
}
