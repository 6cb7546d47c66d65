//! `advancedConfiguration`: the second target group of a load balancer, and the rules that move
//! requests between the two (reference §3.8).

use crate::ecs::fault::service as refuse;
use api::Fault;
use api::ecs::AdvancedConfiguration;
use model::{RuleArn, TargetGroupArn};
use world::service::{Pair, ServiceBalancer, Strategy};
use world::{TargetGroup, World};

/// Parses the pair of a target group; both groups have to be led to by the rules.
pub(super) fn parse(
    world: &World,
    group: &TargetGroup,
    given: &AdvancedConfiguration,
) -> Result<Pair, Fault> {
    let alternate =
        required("alternateTargetGroupArn", given.alternate_target_group_arn.as_deref())?;
    let production = required("productionListenerRule", given.production_listener_rule.as_deref())?;
    let row = world.target_groups.get(&TargetGroupArn::from(alternate));
    let row = row.ok_or_else(|| refuse::unknown_group(alternate))?;
    if row.target_type != "ip" {
        return Err(refuse::group_type(alternate, &row.target_type));
    }
    if row.arn == group.arn {
        return Err(refuse::group_twice(alternate));
    }
    let production = rule("productionListenerRule", production)?;
    let test = given.test_listener_rule.as_deref();
    let test = test.map(|given| rule("testListenerRule", given)).transpose()?;
    if test.as_ref() == Some(&production) {
        return Err(refuse::one_rule_for_both(production.as_str()));
    }
    check_rules(world, [&group.arn, &row.arn], &production, test.as_ref())?;
    let alternate = row.arn.clone();
    Ok(Pair { alternate, production, test, role: given.role_arn.clone() })
}

/// The pair as AWS shows it.
pub(super) fn show(pair: &Pair) -> AdvancedConfiguration {
    AdvancedConfiguration {
        alternate_target_group_arn: Some(pair.alternate.to_string()),
        production_listener_rule: Some(pair.production.to_string()),
        test_listener_rule: pair.test.as_ref().map(ToString::to_string),
        role_arn: pair.role.clone(),
    }
}

/// Either all or none of a service's target groups are pairs, and a strategy that runs two revisions
/// beside each other needs them.
pub(super) fn check_all(balancers: &[ServiceBalancer], strategy: Strategy) -> Result<(), Fault> {
    let pairs = balancers.iter().filter(|balancer| balancer.pair.is_some()).count();
    match pairs {
        0 if strategy.has_stages() && !balancers.is_empty() => Err(refuse::pair_needed()),
        some if some != 0 && some != balancers.len() => Err(refuse::pairs_for_some()),
        _ => Ok(()),
    }
}

fn required<'a>(member: &str, given: Option<&'a str>) -> Result<&'a str, Fault> {
    given.filter(|text| !text.is_empty()).ok_or_else(|| refuse::pair_without(member))
}

fn rule(member: &str, given: &str) -> Result<RuleArn, Fault> {
    match given.contains(":listener-rule/") {
        true => Ok(given.into()),
        false => Err(refuse::no_rule_arn(member, given)),
    }
}

/// The production rule sends requests to exactly one group, one of the pair; each of the pair's groups
/// is led to by it or by the test rule.
fn check_rules(
    world: &World,
    groups: [&TargetGroupArn; 2],
    production: &RuleArn,
    test: Option<&RuleArn>,
) -> Result<(), Fault> {
    let found =
        |arn: &RuleArn| world.rule_with(arn).ok_or_else(|| refuse::unknown_rule(arn.as_str()));
    let serving = found(production)?.forwards();
    let tested = test.map(found).transpose()?.map_or(&[][..], |rule| rule.forwards());
    let busy: Vec<_> = serving.iter().filter(|held| held.weight > 0).collect();
    if busy.len() != 1 {
        return Err(refuse::not_one_serving(production.as_str(), busy.len()));
    }
    let led = |list: &[world::WeightedGroup], group: &TargetGroupArn| {
        list.iter().any(|held| held.group == *group)
    };
    if test.is_none() && !groups.iter().all(|group| led(serving, group)) {
        return Err(refuse::test_rule_needed());
    }
    match groups.iter().find(|group| !led(serving, group) && !led(tested, group)) {
        Some(group) => Err(refuse::group_not_led_to(group.as_str())),
        None if !groups.contains(&&busy[0].group) => {
            Err(refuse::group_not_led_to(groups[0].as_str()))
        }
        None => Ok(()),
    }
}
