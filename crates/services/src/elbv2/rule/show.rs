//! What ELBv2 answers of a rule.

use super::super::{action, condition};
use api::elbv2::Rule;
use world::{Listener, Rule as Row};

pub(super) fn rule(row: &Row) -> Rule {
    let actions = row.actions.iter().map(|action| action::show(action, row.order));
    Rule {
        rule_arn: Some(row.arn.to_string()),
        priority: Some(row.key.priority.to_string()),
        conditions: Some(row.conditions.iter().map(condition::show).collect()),
        actions: Some(actions.collect()),
        is_default: Some(false),
        transforms: None,
    }
}

/// A listener's default rule, which is no row of its own.
pub(super) fn default_rule(listener: &Listener) -> Rule {
    let actions = listener.default_actions.iter();
    Rule {
        rule_arn: Some(listener.default_rule.to_string()),
        priority: Some("default".to_owned()),
        conditions: Some(Vec::new()),
        actions: Some(actions.map(|action| action::show(action, listener.order)).collect()),
        is_default: Some(true),
        transforms: None,
    }
}
