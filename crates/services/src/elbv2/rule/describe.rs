//! `DescribeRules`.

use super::super::{Wanted, fault, pages};
use super::{listener_of, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{DescribeRulesInput, DescribeRulesOutput, Rule};
use world::World;

/// The rules of a listener in the order in which they are tried, or those that are asked for by
/// ARN.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeRulesInput,
) -> Result<DescribeRulesOutput, Fault> {
    let arns = input.rule_arns.unwrap_or_default();
    let rules = match (input.listener_arn, arns.as_slice()) {
        (None, []) => return Err(fault::one_of("listener rule ARNs or a listener ARN")),
        (Some(listener), []) => of_listener(world, &listener)?,
        (None, arns) => arns.iter().map(|arn| by_arn(world, arn)).collect::<Result<_, _>>()?,
        (Some(_), _) => return Err(fault::together("Listener rule ARNs and a listener ARN")),
    };
    // Rules have no key that rises in both ways of asking; their number on the list does.
    let numbered = rules.into_iter().enumerate();
    let wanted = Wanted { listing: "DescribeRules", marker: input.marker, size: input.page_size };
    let page = pages(numbered, &wanted, |(number, _)| *number)?;
    let shown = page.rows.into_iter().map(|(_, rule)| rule).collect();
    Ok(DescribeRulesOutput { rules: Some(shown), next_marker: page.next })
}

fn of_listener(world: &World, arn: &str) -> Result<Vec<Rule>, Fault> {
    let listener = world.listeners.get(arn).ok_or_else(fault::no_listeners)?;
    let own = world.rules_of(&listener.arn).map(show::rule);
    Ok(own.chain([show::default_rule(listener)]).collect())
}

fn by_arn(world: &World, arn: &str) -> Result<Rule, Fault> {
    let listener = listener_of(world, arn).ok_or_else(fault::no_rules)?;
    if listener.default_rule.as_str() == arn {
        return Ok(show::default_rule(listener));
    }
    let rule = world.rules_of(&listener.arn).find(|rule| rule.arn.as_str() == arn);
    rule.map(show::rule).ok_or_else(fault::no_rules)
}
