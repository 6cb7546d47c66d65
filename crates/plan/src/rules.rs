//! Rules: which requests go to which service.

use crate::balancer;
use crate::observed::Observed;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::elbv2::{
    Action, CreateRule, CreateRuleInput, DeleteRule, DeleteRuleInput, HostHeaderConditionConfig,
    ModifyRule, ModifyRuleInput, PathPatternConditionConfig, Rule, RuleCondition,
};
use manifest::Route;
use std::collections::{BTreeMap, BTreeSet};

/// Where priorities begin that nobody chose, and how far apart they are: between two of them there
/// is room for a route with a priority of its own.
const FIRST: u16 = 100;
const APART: u16 = 10;

/// A rule as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Desired {
    service: String,
    group: String,
    hosts: BTreeSet<String>,
    paths: BTreeSet<String>,
}

/// Makes, changes and removes rules until they are the routes.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let desired = desired(wish);
    let listener = balancer::listener(observed).and_then(|held| held.listener_arn.clone());
    let Some(listener) = listener else {
        if !desired.is_empty() {
            plan.hold("rules of the listener", "the listener");
        }
        return;
    };
    let held: BTreeMap<u16, &Rule> = observed.rules.iter().filter_map(priority).collect();
    for (priority, rule) in &held {
        if !desired.contains_key(priority) {
            let what = format!("remove rule {priority}");
            let request = DeleteRuleInput { rule_arn: rule.rule_arn.clone().unwrap_or_default() };
            let why = ["no route has this priority".to_owned()];
            plan.steps.push(Step::call::<DeleteRule>(what, request).because(why));
        }
    }
    for (priority, rule) in &desired {
        let Some(arn) = observed.groups.get(&rule.group).and_then(arn) else {
            plan.hold(format!("rule {priority} to {}", rule.service), "the target group");
            continue;
        };
        match held.get(priority) {
            Some(there) if same(there, rule, &arn) => {}
            Some(there) => plan.steps.push(modify(*priority, there, rule, &arn)),
            None => plan.steps.push(create(wish, &listener, *priority, rule, &arn)),
        }
    }
}

/// The routes of all services by priority. Chosen priorities stay; the others follow from how
/// specific a route is.
fn desired(wish: &Wish) -> BTreeMap<u16, Desired> {
    let routes = wish.services().flat_map(|(name, service)| {
        service.routes().iter().map(move |route| (name.as_str(), route))
    });
    let (chosen, mut others): (Vec<_>, Vec<_>) =
        routes.partition(|(_, route)| route.priority.is_some());
    others.sort_by_key(|(name, route)| (route.specificity(), (*name).to_owned()));
    let mut rules = BTreeMap::new();
    for (name, route) in chosen {
        rules.insert(route.priority.unwrap_or_default(), rule(wish, name, route));
    }
    let mut next = FIRST;
    for (name, route) in others {
        while rules.contains_key(&next) {
            next += 1;
        }
        rules.insert(next, rule(wish, name, route));
        next += APART;
    }
    rules
}

fn rule(wish: &Wish, service: &str, route: &Route) -> Desired {
    Desired {
        service: service.to_owned(),
        group: wish.names().group(service),
        hosts: route.hosts().map(str::to_owned).collect(),
        paths: route.path.iter().cloned().collect(),
    }
}

fn create(wish: &Wish, listener: &str, priority: u16, rule: &Desired, group: &str) -> Step {
    let request = CreateRuleInput {
        listener_arn: listener.to_owned(),
        priority: i32::from(priority),
        conditions: conditions(rule),
        actions: vec![forward(group)],
        tags: tags::elbv2(tags::of_service(wish, &rule.service)),
        ..Default::default()
    };
    let what = format!("create rule {priority}: {} → {}", words(rule), rule.service);
    Step::call::<CreateRule>(what, request)
}

fn modify(priority: u16, there: &Rule, rule: &Desired, group: &str) -> Step {
    let request = ModifyRuleInput {
        rule_arn: there.rule_arn.clone().unwrap_or_default(),
        conditions: Some(conditions(rule)),
        actions: Some(vec![forward(group)]),
        ..Default::default()
    };
    let what = format!("change rule {priority}: {} → {}", words(rule), rule.service);
    Step::call::<ModifyRule>(what, request)
}

fn words(rule: &Desired) -> String {
    let all = rule.hosts.iter().chain(&rule.paths);
    all.map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn conditions(rule: &Desired) -> Vec<RuleCondition> {
    let list = |values: &BTreeSet<String>| Some(values.iter().cloned().collect::<Vec<_>>());
    let hosts = (!rule.hosts.is_empty()).then(|| RuleCondition {
        field: Some("host-header".to_owned()),
        host_header_config: Some(HostHeaderConditionConfig {
            values: list(&rule.hosts),
            ..Default::default()
        }),
        ..Default::default()
    });
    let paths = RuleCondition {
        field: Some("path-pattern".to_owned()),
        path_pattern_config: Some(PathPatternConditionConfig {
            values: list(&rule.paths),
            ..Default::default()
        }),
        ..Default::default()
    };
    hosts.into_iter().chain([paths]).collect()
}

fn forward(group: &str) -> Action {
    Action {
        r#type: "forward".to_owned(),
        target_group_arn: Some(group.to_owned()),
        ..Default::default()
    }
}

fn same(there: &Rule, rule: &Desired, group: &str) -> bool {
    let forwards_to = |action: &Action| action.target_group_arn.as_deref() == Some(group);
    let actions = there.actions.as_deref().unwrap_or_default();
    values(there, "host-header") == rule.hosts
        && values(there, "path-pattern") == rule.paths
        && there.conditions.as_ref().is_some_and(|held| held.len() <= 2)
        && matches!(actions, [action] if forwards_to(action))
}

/// The values of a rule's condition, in whichever of the two forms they are answered.
fn values(rule: &Rule, field: &str) -> BTreeSet<String> {
    let conditions = rule.conditions.iter().flatten();
    let conditions = conditions.filter(|held| held.field.as_deref() == Some(field));
    conditions.flat_map(condition_values).collect()
}

fn condition_values(held: &RuleCondition) -> Vec<String> {
    let host = held.host_header_config.as_ref().and_then(|config| config.values.clone());
    let path = held.path_pattern_config.as_ref().and_then(|config| config.values.clone());
    host.or(path).or(held.values.clone()).unwrap_or_default()
}

fn priority(rule: &Rule) -> Option<(u16, &Rule)> {
    Some((rule.priority.as_ref()?.parse().ok()?, rule))
}

fn arn(group: &crate::observed::Group) -> Option<String> {
    group.group.target_group_arn.clone()
}
