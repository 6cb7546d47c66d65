//! `SetRulePriorities`.

use super::super::fault;
use super::{find_own, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{RulePriorityPair, SetRulePrioritiesInput, SetRulePrioritiesOutput};
use model::Ids;
use world::{Draft, RowKey, Rule, RuleKey};

/// Puts rules in another order. All of them leave their places before one takes a new place, so two
/// rules can change places in one request.
pub(in super::super) fn set(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetRulePrioritiesInput,
) -> Result<SetRulePrioritiesOutput, Fault> {
    let mut moved: Vec<Rule> = Vec::new();
    for pair in input.rule_priorities {
        let rule = at_new_place(draft, pair)?;
        if moved.iter().any(|other| other.arn == rule.arn) {
            return Err(fault::rule_twice(rule.arn.as_str()));
        }
        if moved.iter().any(|other| other.key == rule.key) {
            return Err(fault::priority_twice(rule.key.priority));
        }
        moved.push(rule);
    }
    for rule in &moved {
        let old = find_own(draft, rule.arn.as_str(), "modified")?.key.clone();
        draft.remove(RowKey::Rule(old));
    }
    let shown = moved.iter().map(show::rule).collect();
    for rule in moved {
        if draft.rules.contains(&rule.key) {
            return Err(fault::priority_taken(rule.key.priority));
        }
        draft.put(rule);
    }
    Ok(SetRulePrioritiesOutput { rules: Some(shown) })
}

fn at_new_place(draft: &Draft, pair: RulePriorityPair) -> Result<Rule, Fault> {
    let arn = pair.rule_arn.unwrap_or_default();
    let rule = find_own(draft, &arn, "modified")?.clone();
    let priority = pair.priority.and_then(|priority| u32::try_from(priority).ok());
    let key = RuleKey { priority: priority.unwrap_or(rule.key.priority), ..rule.key };
    Ok(Rule { key, ..rule })
}
