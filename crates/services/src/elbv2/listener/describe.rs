//! `DescribeListeners`.

use super::super::{Wanted, balancer, fault, pages};
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{DescribeListenersInput, DescribeListenersOutput};
use world::{Listener, World};

/// The listeners of a load balancer, or those that are asked for by ARN.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeListenersInput,
) -> Result<DescribeListenersOutput, Fault> {
    let arns = input.listener_arns.unwrap_or_default();
    let rows: Vec<&Listener> = match (input.load_balancer_arn, arns.as_slice()) {
        (None, []) => return Err(fault::one_of("listener ARNs or a load balancer ARN")),
        (Some(balancer), []) => {
            let balancer = balancer::find(world, &balancer)?;
            world.listeners_of(&balancer.arn).collect()
        }
        (None, arns) if arns.iter().any(|arn| !world.listeners.contains(arn.as_str())) => {
            return Err(fault::no_listeners());
        }
        (None, arns) => {
            let asked = |row: &&Listener| arns.iter().any(|arn| arn == row.arn.as_str());
            world.listeners.iter().filter(asked).collect()
        }
        (Some(_), _) => return Err(fault::together("Listener ARNs and a load balancer ARN")),
    };
    let wanted =
        Wanted { listing: "DescribeListeners", marker: input.marker, size: input.page_size };
    let page = pages(rows, &wanted, |row| row.arn.to_string())?;
    let shown = page.rows.into_iter().map(show::listener).collect();
    Ok(DescribeListenersOutput { listeners: Some(shown), next_marker: page.next })
}
