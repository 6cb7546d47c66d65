//! Rules: which requests go to which service.

use crate::balancer;
use crate::observed::Observed;
use crate::pair;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::elbv2::{
    Action, CreateRule, CreateRuleInput, DeleteRule, DeleteRuleInput, HostHeaderConditionConfig,
    ModifyRule, ModifyRuleInput, PathPatternConditionConfig, Rule, RuleCondition,
};
use manifest::{Route, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Where priorities begin that nobody chose, and how far apart they are: between two of them there
/// is room for a route with a priority of its own.
const FIRST: u16 = 100;
const APART: u16 = 10;

/// A rule as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Desired {
    service: String,
    groups: Vec<String>,
    hosts: BTreeSet<String>,
    paths: BTreeSet<String>,
}

/// Makes, changes and removes rules until they are the routes.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let desired = desired(wish, observed);
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
        let arns = rule.groups.iter().map(|group| observed.groups.get(group).and_then(arn));
        let Some(arns) = arns.collect::<Option<Vec<_>>>() else {
            plan.hold(format!("rule {priority} to {}", rule.service), "the target group");
            continue;
        };
        match held.get(priority) {
            Some(there) if same(there, rule, &arns) => {}
            Some(there) => plan.steps.push(modify(*priority, there, rule, &arns)),
            None => plan.steps.push(create(wish, &listener, *priority, rule, &arns)),
        }
    }
}

/// The rule of a service that has one route, once it is there and leads to all of its groups.
pub(crate) fn of_service<'a>(
    wish: &Wish,
    observed: &'a Observed,
    service: &str,
) -> Option<&'a Rule> {
    let desired = desired(wish, observed);
    let (wanted, rule) = desired.iter().find(|(_, rule)| rule.service == service)?;
    let arns = rule.groups.iter().map(|group| observed.groups.get(group).and_then(arn));
    let arns = arns.collect::<Option<Vec<_>>>()?;
    let mut held = observed.rules.iter().filter_map(priority);
    let (_, there) = held.find(|(priority, _)| priority == wanted)?;
    same(there, rule, &arns).then_some(there)
}

/// The routes of all services by priority, as rules.
fn desired(wish: &Wish, observed: &Observed) -> BTreeMap<u16, Desired> {
    let services = wish.services().map(|(name, service)| (name.as_str(), service));
    let rule = |(name, service, route): (&str, &Service, &Route)| {
        rule(name, pair::groups(wish, observed, name, service), route)
    };
    in_order(services).into_iter().map(|(priority, held)| (priority, rule(held))).collect()
}

/// Routes by priority. Chosen priorities stay; the others follow from how specific a route is.
pub(crate) fn in_order<'a>(
    services: impl Iterator<Item = (&'a str, &'a Service)>,
) -> BTreeMap<u16, (&'a str, &'a Service, &'a Route)> {
    let routes = services.flat_map(|(name, service)| {
        service.routes().iter().map(move |route| (name, service, route))
    });
    let (chosen, mut others): (Vec<_>, Vec<_>) =
        routes.partition(|(.., route)| route.priority.is_some());
    others.sort_by_key(|(name, _, route)| (route.specificity(), (*name).to_owned()));
    let mut rules = BTreeMap::new();
    for held in chosen {
        rules.insert(held.2.priority.unwrap_or_default(), held);
    }
    let mut next = FIRST;
    for held in others {
        while rules.contains_key(&next) {
            next += 1;
        }
        rules.insert(next, held);
        next += APART;
    }
    rules
}

fn rule(service: &str, groups: Vec<String>, route: &Route) -> Desired {
    Desired {
        service: service.to_owned(),
        groups,
        hosts: route.hosts().map(str::to_owned).collect(),
        paths: route.path.iter().cloned().collect(),
    }
}

fn create(wish: &Wish, listener: &str, priority: u16, rule: &Desired, groups: &[String]) -> Step {
    let request = CreateRuleInput {
        listener_arn: listener.to_owned(),
        priority: i32::from(priority),
        conditions: conditions(rule),
        actions: vec![forward(groups)],
        tags: tags::elbv2(tags::of_service(wish, &rule.service)),
        ..Default::default()
    };
    let what = format!("create rule {priority}: {} → {}", words(rule), rule.service);
    Step::call::<CreateRule>(what, request)
}

/// Weights that are there stay: a deployment may be moving them.
fn modify(priority: u16, there: &Rule, rule: &Desired, groups: &[String]) -> Step {
    let actions = if leads_to(there, groups) { None } else { Some(vec![forward(groups)]) };
    let request = ModifyRuleInput {
        rule_arn: there.rule_arn.clone().unwrap_or_default(),
        conditions: Some(conditions(rule)),
        actions,
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

fn forward(groups: &[String]) -> Action {
    match groups {
        [group] => Action {
            r#type: "forward".to_owned(),
            target_group_arn: Some(group.clone()),
            ..Default::default()
        },
        groups => pair::forward(groups),
    }
}

fn leads_to(there: &Rule, groups: &[String]) -> bool {
    match (groups, there.actions.as_deref().unwrap_or_default()) {
        ([group], [action]) => action.target_group_arn.as_ref() == Some(group),
        (groups, _) => pair::leads_to(there, groups),
    }
}

fn same(there: &Rule, rule: &Desired, groups: &[String]) -> bool {
    values(there, "host-header") == rule.hosts
        && values(there, "path-pattern") == rule.paths
        && there.conditions.as_ref().is_some_and(|held| held.len() <= 2)
        && leads_to(there, groups)
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
