//! Forwarding to target groups by weight.

use super::super::listener::HTTPS;
use super::super::quota;
use super::{Site, fault};
use api::Fault;
use api::elbv2::{Action, ForwardActionConfig, TargetGroupStickinessConfig, TargetGroupTuple};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use world::balancer::{Forward, WeightedGroup};

/// The weight of a group when nothing is said.
const DEFAULT_WEIGHT: i32 = 1;
const WEIGHTS: RangeInclusive<u32> = 0..=999;
/// Up to seven days.
const STICKY_SECONDS: RangeInclusive<u32> = 1..=604_800;

/// Where an action forwards to.
pub(super) fn parse(
    single: Option<String>,
    config: Option<ForwardActionConfig>,
    site: &Site<'_>,
) -> Result<Forward, Fault> {
    let config = config.unwrap_or_default();
    let given = tuples(single, config.target_groups.unwrap_or_default())?;
    let refusal = if given.len() > 1 { fault::bad_weights } else { fault::bad_weight };
    let mut groups = Vec::new();
    let mut seen = BTreeSet::new();
    for tuple in given {
        let group = weighted(tuple, refusal)?;
        check(&group, site)?;
        if !seen.insert(group.group.clone()) {
            return Err(fault::group_twice(group.group.as_str()));
        }
        groups.push(group);
    }
    let stickiness_seconds = stickiness(config.target_group_stickiness_config)?;
    Ok(Forward { groups, stickiness_seconds })
}

/// The groups of a request: a single one, a list, or both when they agree. One that is alone needs
/// no weight.
fn tuples(
    single: Option<String>,
    mut list: Vec<TargetGroupTuple>,
) -> Result<Vec<TargetGroupTuple>, Fault> {
    if list.len() > quota::GROUPS_PER_ACTION {
        return Err(fault::too_many_groups());
    }
    if let [only] = list.as_mut_slice() {
        only.weight.get_or_insert(DEFAULT_WEIGHT);
    }
    match (single, list) {
        (None, list) if list.is_empty() => {
            Err(fault::action_needs("forward", "TargetGroupArn or ForwardConfig"))
        }
        (Some(single), list) if list.is_empty() => Ok(vec![TargetGroupTuple {
            target_group_arn: Some(single),
            weight: Some(DEFAULT_WEIGHT),
        }]),
        (Some(single), list) => {
            let agree = list.len() == 1 && list[0].target_group_arn.as_ref() == Some(&single);
            if agree { Ok(list) } else { Err(fault::other_group()) }
        }
        (None, list) => Ok(list),
    }
}

fn weighted(tuple: TargetGroupTuple, refusal: fn() -> Fault) -> Result<WeightedGroup, Fault> {
    let weight = tuple.weight.and_then(|weight| u32::try_from(weight).ok());
    let weight = weight.filter(|weight| WEIGHTS.contains(weight)).ok_or_else(refusal)?;
    let group = tuple.target_group_arn.unwrap_or_default().into();
    Ok(WeightedGroup { group, weight })
}

/// Whether the load balancer may lead to a group.
pub(super) fn check(weighted: &WeightedGroup, site: &Site<'_>) -> Result<(), Fault> {
    let arn = &weighted.group;
    let group = site.world.target_groups.get(arn);
    let group = group.ok_or_else(|| fault::no_group(arn.as_str()))?;
    if site.world.balancer_of(arn).is_some_and(|other| other != site.balancer) {
        return Err(fault::other_balancer(arn.as_str()));
    }
    // gRPC and HTTP/2 come over TLS only.
    match (group.protocol_version.as_str(), site.protocol) {
        ("HTTP1", _) | (_, HTTPS) => Ok(()),
        (version, _) => Err(fault::needs_https(version)),
    }
}

fn stickiness(config: Option<TargetGroupStickinessConfig>) -> Result<Option<u32>, Fault> {
    let config = config.unwrap_or_default();
    let seconds = config.duration_seconds.map(|seconds| u32::try_from(seconds).unwrap_or(0));
    if seconds.is_some_and(|seconds| !STICKY_SECONDS.contains(&seconds)) {
        return Err(fault::bad_stickiness_duration());
    }
    match (config.enabled, seconds) {
        (Some(true), None) => Err(fault::no_stickiness_duration()),
        (Some(true), seconds) => Ok(seconds),
        (None | Some(false), _) => Ok(None),
    }
}

/// The action as AWS answers it: a single group stands in both places.
pub(super) fn show(forward: &Forward) -> Action {
    let tuple = |weighted: &WeightedGroup| TargetGroupTuple {
        target_group_arn: Some(weighted.group.to_string()),
        weight: i32::try_from(weighted.weight).ok(),
    };
    let single = match forward.groups.as_slice() {
        [only] => Some(only.group.to_string()),
        _ => None,
    };
    let stickiness = TargetGroupStickinessConfig {
        enabled: Some(forward.stickiness_seconds.is_some()),
        duration_seconds: forward.stickiness_seconds.and_then(|n| i32::try_from(n).ok()),
    };
    Action {
        r#type: "forward".to_owned(),
        target_group_arn: single,
        forward_config: Some(ForwardActionConfig {
            target_groups: Some(forward.groups.iter().map(tuple).collect()),
            target_group_stickiness_config: Some(stickiness),
        }),
        ..Action::default()
    }
}
