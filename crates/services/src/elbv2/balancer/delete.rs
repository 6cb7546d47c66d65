//! `DeleteLoadBalancer`.

use super::super::{attribute, fault, listener};
use crate::Cx;
use api::Fault;
use api::elbv2::{DeleteLoadBalancerInput, DeleteLoadBalancerOutput};
use model::{Ids, LoadBalancerArn};
use world::{Draft, RowKey};

/// Deletes a load balancer with its listeners and their rules. One that is not there is no mistake.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteLoadBalancerInput,
) -> Result<DeleteLoadBalancerOutput, Fault> {
    let arn = LoadBalancerArn::from(input.load_balancer_arn);
    if draft.load_balancers.get(&arn).is_some_and(attribute::balancer::is_protected) {
        return Err(fault::protected(arn.as_str()));
    }
    let listeners: Vec<_> = draft.listeners_of(&arn).map(|listener| listener.arn.clone()).collect();
    for listener in &listeners {
        listener::delete::remove(draft, listener);
    }
    draft.remove(RowKey::LoadBalancer(arn));
    Ok(DeleteLoadBalancerOutput {})
}
