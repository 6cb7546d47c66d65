//! `CreateRule`.

use super::super::action::{self, Site};
use super::super::{condition, fault, name, quota, tagging};
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{CreateRuleInput, CreateRuleOutput};
use model::{Ids, LoadBalancerArn};
use world::{Draft, Rule, RuleKey, World};

/// Makes a rule.
pub(in super::super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateRuleInput,
) -> Result<CreateRuleOutput, Fault> {
    let listener = draft.listeners.get(input.listener_arn.as_str());
    let listener = listener.ok_or_else(fault::no_listeners)?.clone();
    if input.transforms.is_some_and(|transforms| !transforms.is_empty()) {
        return Err(fault::not_implemented("Transforms"));
    }
    let conditions = condition::parse(input.conditions)?;
    let balancer = &listener.load_balancer;
    let chosen = action::parse(
        input.actions,
        &Site { world: draft, balancer, protocol: &listener.protocol },
    )?;
    let key = RuleKey {
        listener: listener.arn.clone(),
        priority: u32::try_from(input.priority).unwrap_or_default(),
    };
    if draft.rules.contains(&key) {
        return Err(fault::priority_taken(key.priority));
    }
    check_count(draft, balancer)?;
    let rule = Rule {
        key,
        arn: name::rule(&listener.arn, ids),
        conditions,
        actions: chosen.actions,
        order: chosen.order,
        tags: tagging::new(input.tags)?,
    };
    let shown = show::rule(&rule);
    draft.put(rule);
    action::check_groups(draft, balancer)?;
    Ok(CreateRuleOutput { rules: Some(vec![shown]) })
}

fn check_count(world: &World, balancer: &LoadBalancerArn) -> Result<(), Fault> {
    let listeners = world.listeners_of(balancer);
    let rules: usize = listeners.map(|listener| world.rules_of(&listener.arn).count()).sum();
    if rules >= quota::RULES_PER_BALANCER { Err(fault::too_many_rules()) } else { Ok(()) }
}
