//! `CreateLoadBalancer`.

use super::super::{fault, name, quota, tagging};
use super::{network, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{CreateLoadBalancerInput, CreateLoadBalancerOutput};
use model::{Ids, Span, SubnetId};
use std::collections::{BTreeMap, BTreeSet};
use world::{Draft, LoadBalancer};

/// How long a load balancer is `provisioning`; an AWS-side wait. AWS takes two to three minutes
/// (reference §7, unverified). A script has to meet that state, but nobody has to wait for it.
const PROVISIONING: Span = Span::seconds(10);

/// Makes a load balancer. A request that would make what is there already answers that.
pub(in super::super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateLoadBalancerInput,
) -> Result<CreateLoadBalancerOutput, Fault> {
    check_kind(&input)?;
    name::check_balancer(&input.name)?;
    let subnets = network::subnets(draft, input.subnets, input.subnet_mappings)?;
    let vpc = draft.vpc_of(&subnets);
    let security_groups = network::security_groups(draft, &vpc, input.security_groups)?;
    let scheme = input.scheme.unwrap_or_else(|| "internet-facing".to_owned());
    let balancer = LoadBalancer {
        arn: name::balancer(&draft.place, &input.name, ids),
        dns_name: name::host(&draft.place, &input.name, &scheme, ids),
        name: input.name,
        scheme,
        subnets,
        security_groups,
        ip_address_type: "ipv4".to_owned(),
        active_at: cx.now + cx.pace.wait(PROVISIONING),
        attributes: BTreeMap::new(),
        created_at: cx.now,
        tags: tagging::new(input.tags)?,
    };
    let named = draft.load_balancers.iter().find(|other| other.name == balancer.name).cloned();
    let shown = match named {
        Some(other) if is_alike(&other, &balancer) => show::balancer(&other, draft, cx.now),
        Some(_) => return Err(fault::balancer_differs(&balancer.name)),
        None if draft.load_balancers.len() >= quota::LOAD_BALANCERS => {
            return Err(fault::too_many_balancers());
        }
        None => {
            let shown = show::balancer(&balancer, draft, cx.now);
            draft.put(balancer);
            shown
        }
    };
    Ok(CreateLoadBalancerOutput { load_balancers: Some(vec![shown]) })
}

/// Refuses what is no Application Load Balancer with IPv4 addresses.
fn check_kind(input: &CreateLoadBalancerInput) -> Result<(), Fault> {
    match input.r#type.as_deref() {
        None | Some("application") => {}
        Some(kind) => return Err(fault::application_only(kind)),
    }
    if input.customer_owned_ipv4_pool.is_some() {
        return Err(fault::not_implemented("CustomerOwnedIpv4Pool"));
    }
    if input.ipam_pools.is_some() {
        return Err(fault::not_implemented("IpamPools"));
    }
    network::check_source_nat(input.enable_prefix_for_ipv6_source_nat.as_deref())?;
    network::check_address_type(input.ip_address_type.as_deref())
}

/// Whether AWS takes a request for one that was made before. Tags do not count.
fn is_alike(old: &LoadBalancer, new: &LoadBalancer) -> bool {
    let places = |row: &LoadBalancer| {
        let subnets: BTreeSet<SubnetId> = row.subnets.iter().cloned().collect();
        (row.scheme.clone(), subnets, row.security_groups.clone())
    };
    places(old) == places(new)
}
