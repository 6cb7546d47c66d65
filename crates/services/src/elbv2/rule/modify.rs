//! `ModifyRule`.

use super::super::action::{self, Site};
use super::super::{condition, fault, listener};
use super::{find_own, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{ModifyRuleInput, ModifyRuleOutput};
use model::Ids;
use world::Draft;

/// Changes a rule: the conditions that are given take the place of all others, and so do actions.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyRuleInput,
) -> Result<ModifyRuleOutput, Fault> {
    let mut rule = find_own(draft, &input.rule_arn, "modified")?.clone();
    if input.transforms.is_some_and(|transforms| !transforms.is_empty()) {
        return Err(fault::not_implemented("Transforms"));
    }
    let conditions = input.conditions.filter(|conditions| !conditions.is_empty());
    let actions = input.actions.filter(|actions| !actions.is_empty());
    // A rule has no transforms, so there is none to reset: that request changes nothing.
    let resets = input.reset_transforms == Some(true);
    if conditions.is_none() && actions.is_none() && !resets {
        return Err(fault::routing::nothing_to_modify());
    }
    let listener = listener::find(draft, rule.key.listener.as_str())?.clone();
    let balancer = &listener.load_balancer;
    if let Some(conditions) = conditions {
        rule.conditions = condition::parse(conditions)?;
    }
    if let Some(actions) = actions {
        let site = Site { world: draft, balancer, protocol: &listener.protocol };
        let chosen = action::parse(actions, &site)?;
        (rule.actions, rule.order) = (chosen.actions, chosen.order);
    }
    let shown = show::rule(&rule);
    draft.put(rule);
    action::check_groups(draft, balancer)?;
    Ok(ModifyRuleOutput { rules: Some(vec![shown]) })
}
