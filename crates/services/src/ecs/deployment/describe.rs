//! `DescribeServiceDeployments`.

use super::show::show;
use crate::Cx;
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{DescribeServiceDeploymentsRequest, DescribeServiceDeploymentsResponse, Failure};
use world::World;

/// How many service deployments one request may name (reference §3.7).
const MOST: usize = 20;

/// Shows service deployments; one that is not there is a failure.
pub(in crate::ecs) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeServiceDeploymentsRequest,
) -> Result<DescribeServiceDeploymentsResponse, Fault> {
    let arns = &input.service_deployment_arns;
    match arns.len() {
        0 => return Err(fault::deployment::none_given("serviceDeploymentArns")),
        1..=MOST => {}
        _ => return Err(fault::too_many("serviceDeploymentArns", MOST)),
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        let key = names::service_deployment(&world.place, arn)?;
        let held = world.service_deployments.get(&key);
        match held.and_then(|held| show(world, held)) {
            Some(deployment) => shown.push(deployment),
            None => failures.push(Failure {
                arn: Some(arn.clone()),
                reason: Some("MISSING".to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DescribeServiceDeploymentsResponse {
        service_deployments: Some(shown),
        failures: Some(failures),
    })
}
