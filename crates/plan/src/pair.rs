//! Pairs of target groups: what a service has whose versions come up beside each other (reference
//! §3.8). ECS moves requests by the weights of the rule that leads to both, so the weights are ECS's
//! own; here it is only seen to that both groups are led to.

use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::rules;
use crate::wish::Wish;
use api::ecs::{AdvancedConfiguration, LoadBalancer};
use api::elbv2::{Action, ForwardActionConfig, Rule, TargetGroupTuple};
use manifest::{Service, Strategy};

/// Whether a service has two target groups. One that has them keeps them, also when its strategy no
/// longer needs them: the second group may be the one that serves.
pub(crate) fn is_paired(observed: &Observed, name: &str, service: &Service) -> bool {
    let balancers = observed.services.get(name).and_then(|there| there.load_balancers.as_ref());
    let mut balancers = balancers.into_iter().flatten();
    let has_pair = balancers.any(|balancer| balancer.advanced_configuration.is_some());
    !service.routes().is_empty() && (service.deploy.strategy != Strategy::Rolling || has_pair)
}

/// The target groups of a service, the first one first.
pub(crate) fn groups(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
) -> Vec<String> {
    let first = wish.names().group(name);
    let second = is_paired(observed, name, service).then(|| format!("{first}-2"));
    [first].into_iter().chain(second).collect()
}

/// The rule that leads to both groups of a service, once it is there.
pub(crate) fn rule<'a>(wish: &Wish, observed: &'a Observed, name: &str) -> Option<&'a Rule> {
    let of_stack = observed.pair_rules.get(name);
    of_stack.or_else(|| rules::of_service(wish, observed, name))
}

/// ECS moves the requests of one rule, so a service whose versions come up beside each other has one
/// route; so does one that has two groups from earlier, for another rule would not be moved.
pub(crate) fn check(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        if !is_paired(observed, name, service) || service.routes().len() <= 1 {
            continue;
        }
        let (what, hint) = match service.deploy.strategy {
            Strategy::Rolling => (
                "this service has two target groups from an earlier strategy, and ECS moves the \
                 requests of one route",
                "keep one route; the paths of one may be several",
            ),
            _ => (
                "ECS moves the requests of one route, and this service has several",
                "keep one route, or say `strategy: rolling`",
            ),
        };
        plan.problems.push(Problem {
            path: format!("services.{name}.deploy.strategy"),
            what: what.to_owned(),
            hint: hint.to_owned(),
        });
    }
}

/// Sends requests to the first of two groups, until ECS moves them.
pub(crate) fn forward(groups: &[String]) -> Action {
    let weighted = |(at, arn): (usize, &String)| TargetGroupTuple {
        target_group_arn: Some(arn.clone()),
        weight: Some(i32::from(at == 0)),
    };
    Action {
        r#type: "forward".to_owned(),
        forward_config: Some(ForwardActionConfig {
            target_groups: Some(groups.iter().enumerate().map(weighted).collect()),
            target_group_stickiness_config: None,
        }),
        ..Default::default()
    }
}

/// Whether a rule leads to both groups, with whatever weights.
pub(crate) fn leads_to(there: &Rule, groups: &[String]) -> bool {
    let [action] = there.actions.as_deref().unwrap_or_default() else { return false };
    let held = action.forward_config.as_ref().and_then(|held| held.target_groups.as_deref());
    let held = held.unwrap_or_default().iter().filter_map(|held| held.target_group_arn.as_ref());
    let mut held: Vec<&String> = held.collect();
    let mut groups: Vec<&String> = groups.iter().collect();
    held.sort();
    groups.sort();
    held == groups
}

/// The second group and the rule that leads to both, for the service.
pub(crate) fn configuration(
    observed: &Observed,
    alternate: &str,
    rule: &Rule,
) -> AdvancedConfiguration {
    AdvancedConfiguration {
        alternate_target_group_arn: Some(alternate.to_owned()),
        production_listener_rule: rule.rule_arn.clone(),
        role_arn: observed.infrastructure_role.clone(),
        ..Default::default()
    }
}

/// The pair of a service, in words: its second group and the rule.
pub(crate) fn words(balancers: Option<&Vec<LoadBalancer>>) -> String {
    let mut balancers = balancers.into_iter().flatten();
    let pair = balancers.find_map(|held| held.advanced_configuration.as_ref());
    let last = |arn: &Option<String>| {
        let name = arn.as_deref().unwrap_or_default();
        name.split_once(':').map_or(name, |_| name.rsplit(':').next().unwrap_or(name)).to_owned()
    };
    pair.map_or("none".to_owned(), |pair| {
        let group = last(&pair.alternate_target_group_arn);
        format!("{group} by {}", last(&pair.production_listener_rule))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_leads_to_a_pair_whatever_the_weights_are() {
        let groups = ["a".to_owned(), "b".to_owned()];
        let rule = |weights: &[(&str, i32)]| {
            let tuple = |(arn, weight): &(&str, i32)| TargetGroupTuple {
                target_group_arn: Some((*arn).to_owned()),
                weight: Some(*weight),
            };
            let config = ForwardActionConfig {
                target_groups: Some(weights.iter().map(tuple).collect()),
                target_group_stickiness_config: None,
            };
            let action = Action { forward_config: Some(config), ..forward(&groups) };
            Rule { actions: Some(vec![action]), ..Default::default() }
        };
        for (weights, expected) in [
            (vec![("a", 1), ("b", 0)], true),
            (vec![("b", 95), ("a", 5)], true),
            (vec![("a", 1)], false),
            (vec![("a", 1), ("b", 0), ("c", 0)], false),
        ] {
            assert_eq!(leads_to(&rule(&weights), &groups), expected, "{weights:?}");
        }
    }
}
