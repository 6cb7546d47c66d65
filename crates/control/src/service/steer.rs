//! Which target groups a deployment's tasks are registered in, and how many of the requests go there:
//! the weights of rules, changed as ELBv2's `ModifyRule` would (reference §3.8).

use super::pass::Pass;
use model::{RuleArn, TargetGroupArn};
use world::service::deployment::{Failure, Traffic};
use world::service::{Pair, RevisionKey, ServiceBalancer, TrafficShare};
use world::{Deployment, World};

/// Chooses the PRIMARY deployment's target groups, and notes them in its revision. Beside a deployment
/// that serves these are the ones that do not; where tasks replace each other one by one, or nothing
/// serves, they are the ones that do, and all requests go there at once.
pub(super) fn choose(pass: &mut Pass<'_>) {
    let Some(current) = &mut pass.current else { return };
    let beside = current.position.is_some() && current.serving.is_some();
    current.traffic = if beside { Traffic::default() } else { Traffic::ALL };
    let Some(primary) = pass.service.primary().cloned() else { return };
    let resolved: Vec<_> = primary
        .load_balancers
        .iter()
        .map(|balancer| {
            let serving = serving(pass, balancer);
            let other = balancer.other(&serving).filter(|_| beside);
            other.unwrap_or(&serving).clone()
        })
        .collect();
    if resolved == primary.resolved {
        return;
    }
    let key = RevisionKey { service: pass.service.key.clone(), deployment: primary.id };
    if let Some(revision) = pass.world.service_revisions.get(&key) {
        let mut revision = revision.clone();
        revision.resolved.clone_from(&resolved);
        pass.put_other(revision);
    }
    if let Some(primary) = pass.primary_mut() {
        primary.resolved = resolved;
    }
}

/// The group of a pair that serves: the serving deployment's, or, without one, the rule's.
fn serving(pass: &Pass<'_>, balancer: &ServiceBalancer) -> TargetGroupArn {
    let deployment = pass.current.as_ref().and_then(|current| current.serving.as_ref());
    let deployment = deployment.and_then(|id| pass.service.deployment(id));
    let used = deployment.into_iter().flat_map(Deployment::registrations);
    let mut used =
        used.map(|(_, group)| group).filter(|used| balancer.groups().any(|g| g == *used));
    let by_rule = || {
        let rule = pass.world.rule_with(&balancer.pair.as_ref()?.production)?;
        let weighted = rule.forwards().iter().filter(|held| held.weight > 0);
        weighted.map(|held| &held.group).find(|held| balancer.groups().any(|g| g == *held))
    };
    used.next().or_else(by_rule).unwrap_or(&balancer.target_group).clone()
}

/// Brings the rules' weights to what the PRIMARY deployment is to get.
///
/// # Errors
/// What is wrong with a rule or a target group.
pub(super) fn steer(pass: &mut Pass<'_>, to_primary: Traffic) -> Result<(), Failure> {
    let Some(primary) = pass.service.primary().cloned() else { return Ok(()) };
    for (balancer, group) in primary.registrations() {
        let Some(pair) = &balancer.pair else { continue };
        check(pass.world, balancer, pair)?;
        let other = balancer.other(group).unwrap_or(group);
        set(pass, &pair.production, to_primary.production, (group, other));
        if let Some(test) = &pair.test {
            set(pass, test, to_primary.test, (group, other));
        }
    }
    Ok(())
}

fn set(
    pass: &mut Pass<'_>,
    rule: &RuleArn,
    share: TrafficShare,
    (group, other): (&TargetGroupArn, &TargetGroupArn),
) {
    let (to_group, to_other) = share.weights();
    let rule = pass.world.rule_with(rule);
    if let Some(row) = rule.and_then(|rule| rule.weighted(&[(group, to_group), (other, to_other)]))
    {
        pass.put_other(row);
    }
}

/// AWS's texts (reference §3.8); a rule that is gone has none that is known.
fn check(world: &World, balancer: &ServiceBalancer, pair: &Pair) -> Result<(), Failure> {
    let rules = [Some(&pair.production), pair.test.as_ref()];
    let mut forwarded = Vec::new();
    for arn in rules.into_iter().flatten() {
        let rule = world.rule_with(arn);
        let rule = rule.ok_or_else(|| Failure::Network(format!("Rule {arn} does not exist.")))?;
        forwarded.extend(rule.forwards().iter().map(|held| &held.group));
    }
    let groups = balancer.groups();
    let mut lost = groups
        .filter(|group| !forwarded.contains(group) || world.target_groups.get(*group).is_none());
    match lost.next() {
        None => Ok(()),
        Some(group) => Err(Failure::Network(format!(
            "Target group {group} is not associated with either productionListenerRule or \
             testListenerRule."
        ))),
    }
}
