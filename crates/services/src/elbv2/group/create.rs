//! `CreateTargetGroup`.

use super::super::{fault, name, quota, tagging};
use super::check::{self, Asked, Kind};
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{CreateTargetGroupInput, CreateTargetGroupOutput};
use model::Ids;
use std::collections::BTreeMap;
use world::{Draft, TargetGroup, World};

/// Makes a target group. A request that would make what is there already answers that.
pub(in super::super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateTargetGroupInput,
) -> Result<CreateTargetGroupOutput, Fault> {
    name::check_group(&input.name)?;
    let target_type = target_type(input.target_type.as_deref())?;
    let (protocol, port, vpc) = place(&input, draft)?;
    let version = protocol_version(input.protocol_version.as_deref())?;
    let kind = Kind { target_type: &target_type, protocol_version: &version };
    let check = check::changed(check::default(&version), Asked::from(&input), &kind)?;
    let group = TargetGroup {
        arn: name::group(&draft.place, &input.name, ids),
        name: input.name,
        protocol,
        protocol_version: version,
        port,
        vpc: Some(vpc),
        target_type,
        ip_address_type: address_type(input.ip_address_type.as_deref())?,
        check,
        attributes: BTreeMap::new(),
        created_at: cx.now,
        tags: tagging::new(input.tags)?,
    };
    let named = draft.target_groups.iter().find(|other| other.name == group.name).cloned();
    let shown = match named {
        Some(other) if is_alike(&other, &group) => show::group(&other, draft),
        Some(_) => return Err(fault::group::differs(&group.name)),
        None if draft.target_groups.len() >= quota::TARGET_GROUPS => {
            return Err(fault::group::too_many());
        }
        None => {
            let shown = show::group(&group, draft);
            draft.put(group);
            shown
        }
    };
    Ok(CreateTargetGroupOutput { target_groups: Some(vec![shown]) })
}

fn target_type(given: Option<&str>) -> Result<String, Fault> {
    match given.unwrap_or("instance") {
        kind @ ("instance" | "ip") => Ok(kind.to_owned()),
        kind => Err(fault::group::no_target_type(kind)),
    }
}

/// Protocol, port and VPC, in the order in which AWS asks for them.
fn place(input: &CreateTargetGroupInput, world: &World) -> Result<(String, u16, String), Fault> {
    let protocol = match input.protocol.as_deref() {
        Some(protocol @ ("HTTP" | "HTTPS")) => protocol.to_owned(),
        Some(protocol) => return Err(fault::group::bad_protocol(protocol)),
        None => return Err(fault::group::needs("protocol")),
    };
    let port = input.port.and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| fault::group::needs("port"))?;
    let id = input.vpc_id.as_deref().ok_or_else(|| fault::group::needs("VPC ID"))?;
    if world.network(&id.into()).is_none() {
        return Err(fault::group::no_vpc(id));
    }
    match input.target_control_port {
        Some(_) => Err(fault::group::no_control_port()),
        None => Ok((protocol, port, id.to_owned())),
    }
}

fn protocol_version(given: Option<&str>) -> Result<String, Fault> {
    match given.unwrap_or("HTTP1") {
        version @ ("HTTP1" | "HTTP2" | super::GRPC) => Ok(version.to_owned()),
        version => Err(fault::group::bad_protocol_version(version)),
    }
}

fn address_type(given: Option<&str>) -> Result<String, Fault> {
    match given.unwrap_or("ipv4") {
        kind @ "ipv4" => Ok(kind.to_owned()),
        _ => Err(fault::group::no_ipv6()),
    }
}

/// Whether AWS takes a request for one that was made before. Tags and attributes do not count.
fn is_alike(old: &TargetGroup, new: &TargetGroup) -> bool {
    let new = TargetGroup {
        arn: old.arn.clone(),
        attributes: old.attributes.clone(),
        created_at: old.created_at,
        tags: old.tags.clone(),
        ..new.clone()
    };
    *old == new
}
