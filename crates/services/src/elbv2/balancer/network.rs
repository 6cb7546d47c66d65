//! Where load balancers are: subnets and security groups of one VPC.

use super::super::fault;
use super::{find, show};
use crate::Cx;
use api::Fault;
use api::elbv2::*;
use model::{Ids, SecurityGroupId, SubnetId, VpcId};
use world::vpc::SubnetPlace;
use world::{Draft, World};

/// `SetSubnets`: the given subnets take the place of all others.
pub(in super::super) fn set_subnets(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetSubnetsInput,
) -> Result<SetSubnetsOutput, Fault> {
    let mut balancer = find(draft, &input.load_balancer_arn)?.clone();
    check_source_nat(input.enable_prefix_for_ipv6_source_nat.as_deref())?;
    check_address_type(input.ip_address_type.as_deref())?;
    balancer.subnets = subnets(draft, input.subnets, input.subnet_mappings)?;
    let availability_zones = Some(show::zones(&balancer, draft));
    let ip_address_type = Some(balancer.ip_address_type.clone());
    draft.put(balancer);
    Ok(SetSubnetsOutput { availability_zones, ip_address_type, ..Default::default() })
}

/// `SetSecurityGroups`: the given groups take the place of all others.
pub(in super::super) fn set_security_groups(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetSecurityGroupsInput,
) -> Result<SetSecurityGroupsOutput, Fault> {
    let mut balancer = find(draft, &input.load_balancer_arn)?.clone();
    if input.enforce_security_group_inbound_rules_on_private_link_traffic.is_some() {
        return Err(fault::no_private_link());
    }
    if input.security_groups.is_empty() {
        return Err(fault::no_groups_left());
    }
    let vpc = draft.vpc_of(&balancer.subnets);
    balancer.security_groups = security_groups(draft, &vpc, Some(input.security_groups))?;
    let ids = balancer.security_groups.iter().map(ToString::to_string).collect();
    draft.put(balancer);
    Ok(SetSecurityGroupsOutput { security_group_ids: Some(ids), ..Default::default() })
}

/// The subnets of a request: one a zone, in two zones of one VPC at least.
pub(super) fn subnets(
    world: &World,
    plain: Option<Vec<String>>,
    mapped: Option<Vec<SubnetMapping>>,
) -> Result<Vec<SubnetId>, Fault> {
    let (plain, mapped) = (plain.unwrap_or_default(), mapped.unwrap_or_default());
    if !plain.is_empty() && !mapped.is_empty() {
        return Err(fault::subnets_twice());
    }
    let mapped: Vec<String> = mapped.into_iter().map(unmapped).collect::<Result<_, _>>()?;
    let mut chosen: Vec<SubnetPlace<'_>> = Vec::new();
    for id in plain.iter().chain(&mapped) {
        let subnet = world.subnet_place(id).ok_or_else(|| fault::no_subnet(id))?;
        if chosen.iter().any(|other| other.vpc != subnet.vpc) {
            return Err(fault::vpcs_apart());
        }
        if chosen.iter().any(|other| other.zone == subnet.zone) {
            return Err(fault::zone_twice());
        }
        chosen.push(subnet);
    }
    if chosen.len() < 2 {
        return Err(fault::too_few_zones());
    }
    Ok(chosen.into_iter().map(|subnet| subnet.id).collect())
}

/// The subnet of a mapping, which for this type of load balancer can't map anything.
fn unmapped(mapping: SubnetMapping) -> Result<String, Fault> {
    if mapping.allocation_id.is_some() {
        return Err(fault::no_elastic_ips());
    }
    if mapping.private_i_pv4_address.is_some() {
        return Err(fault::no_private_addresses());
    }
    if mapping.i_pv6_address.is_some() {
        return Err(fault::no_ipv6());
    }
    if mapping.source_nat_ipv6_prefix.is_some() {
        return Err(fault::no_source_nat());
    }
    Ok(mapping.subnet_id.unwrap_or_default())
}

/// The security groups of a request: the VPC's default one when there are none.
pub(super) fn security_groups(
    world: &World,
    vpc: &VpcId,
    given: Option<Vec<String>>,
) -> Result<Vec<SecurityGroupId>, Fault> {
    let given = given.unwrap_or_default();
    if given.is_empty() {
        return Ok(vec![world.default_group(vpc)]);
    }
    let find = |id: &String| {
        let group = world.security_group(&id.as_str().into());
        let group = group.filter(|group| group.vpc == *vpc);
        group.map(|group| group.id).ok_or_else(fault::no_security_group)
    };
    given.iter().map(find).collect()
}

pub(super) fn check_address_type(kind: Option<&str>) -> Result<(), Fault> {
    match kind {
        None | Some("ipv4") => Ok(()),
        Some(_) => Err(fault::no_ipv6()),
    }
}

pub(super) fn check_source_nat(switch: Option<&str>) -> Result<(), Fault> {
    if switch.is_some() { Err(fault::no_source_nat()) } else { Ok(()) }
}
