//! Rules of a stack that lead to two target groups, and which of the two serves.

use crate::client::{Absent as _, CallError, Client};
use api::elbv2::{DescribeRules, DescribeRulesInput, Rule};
use plan::{Stand, Weights};
use std::collections::BTreeMap;

/// The rules that lead to two target groups, by service, of those that are there.
pub(super) async fn rules(
    client: &Client,
    stand: &Stand,
) -> Result<BTreeMap<String, Rule>, CallError> {
    let mut rules = BTreeMap::new();
    for (service, arn) in &stand.rules {
        let request =
            DescribeRulesInput { rule_arns: Some(vec![arn.clone()]), ..Default::default() };
        let found = client.call::<DescribeRules>(request).await;
        let found = found.absent(&["RuleNotFound"])?;
        let found = found.and_then(|found| found.rules).into_iter().flatten().next();
        rules.extend(found.map(|rule| (service.clone(), rule)));
    }
    Ok(rules)
}

/// The weights of the two target groups, by service.
///
/// # Errors
/// When a call fails.
pub async fn weights(client: &Client, stand: &Stand) -> Result<Weights, CallError> {
    let rules = rules(client, stand).await?;
    let weights = rules.into_iter().filter_map(|(service, rule)| {
        let groups = [stand.target_groups.get(&service)?, stand.second_groups.get(&service)?];
        let weights = groups.map(|group| weight(&rule, group));
        Some((service, weights))
    });
    Ok(weights.collect())
}

/// How many of the requests of a rule go to a group, as its weight says.
fn weight(rule: &Rule, group: &str) -> i32 {
    let forwards = rule.actions.iter().flatten().filter_map(|it| it.forward_config.as_ref());
    let mut groups = forwards.flat_map(|held| held.target_groups.iter().flatten());
    let own = groups.find(|held| held.target_group_arn.as_deref() == Some(group));
    own.and_then(|held| held.weight).unwrap_or_default()
}
