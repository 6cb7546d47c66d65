//! `DescribeTargetHealth` (reference §4.3).

use super::super::group::find;
use super::key;
use crate::Cx;
use api::Fault;
use api::elbv2::*;
use world::{Target, TargetGroup as Group, TargetKey, World};

/// The health of the targets that are asked for, or of all of them.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTargetHealthInput,
) -> Result<DescribeTargetHealthOutput, Fault> {
    let group = find(world, &input.target_group_arn)?;
    let asked = input.targets.unwrap_or_default();
    let shown = if asked.is_empty() {
        world.targets_of(&group.arn).map(|target| there(target, group)).collect()
    } else {
        asked.iter().flat_map(|asked| health(world, group, asked)).collect()
    };
    Ok(DescribeTargetHealthOutput { target_health_descriptions: Some(shown) })
}

/// One target's health. Without a port all ports of the address are meant.
fn health(world: &World, group: &Group, asked: &TargetDescription) -> Vec<TargetHealthDescription> {
    let key = key(group, asked);
    let meant = |target: &&Target| {
        target.key.id == key.id && (asked.port.is_none() || target.key.port == key.port)
    };
    let found: Vec<_> = world.targets_of(&group.arn).filter(meant).collect();
    if found.is_empty() {
        return vec![absent(&key, group)];
    }
    found.into_iter().map(|target| there(target, group)).collect()
}

fn there(target: &Target, group: &Group) -> TargetHealthDescription {
    let health = TargetHealth {
        state: Some(target.state.as_str().to_owned()),
        reason: target.state.reason().map(str::to_owned),
        description: target.state.description(),
    };
    show(&target.key, target.zone.clone(), group, health)
}

/// A target that is not registered.
fn absent(key: &TargetKey, group: &Group) -> TargetHealthDescription {
    let health = TargetHealth {
        state: Some("unused".to_owned()),
        reason: Some("Target.NotRegistered".to_owned()),
        description: Some("Target is not registered to the target group".to_owned()),
    };
    show(key, None, group, health)
}

fn show(
    key: &TargetKey,
    zone: Option<String>,
    group: &Group,
    health: TargetHealth,
) -> TargetHealthDescription {
    TargetHealthDescription {
        target: Some(TargetDescription {
            id: key.id.clone(),
            port: Some(key.port.into()),
            availability_zone: zone,
            quic_server_id: None,
        }),
        health_check_port: Some(group.check.port.unwrap_or(key.port).to_string()),
        target_health: Some(health),
        ..TargetHealthDescription::default()
    }
}
