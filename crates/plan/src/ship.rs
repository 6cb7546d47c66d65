//! The service lane of an environment on AWS: task definitions and services on what stands already.
//!
//! What they stand on is looked at here and never changed: it is a stack's, or somebody else's.

use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::wish::Wish;
use crate::{alarms, definition, logs, pair, scaling, secrets, services, tags};
use api::ecs;
use manifest::Service;

/// The next steps from what was observed to services that run, on what stands already.
#[must_use]
pub fn ship(wish: &Wish, observed: &Observed) -> Plan {
    let mut plan = Plan::default();
    secrets::check(wish, observed, &mut plan);
    pair::check(wish, observed, &mut plan);
    alarms::check(wish, observed, &mut plan);
    stands(wish, observed, &mut plan);
    if !plan.problems.is_empty() {
        return plan;
    }
    logs::plan(wish, observed, &mut plan);
    definition::plan(wish, observed, &mut plan);
    services::plan(wish, observed, &mut plan);
    scaling::plan(wish, observed, &mut plan);
    services::leftovers(wish, observed, &mut plan);
    plan
}

/// The alarms that fire before anything was done, by service: ECS does not watch those.
#[must_use]
pub fn firing(wish: &Wish, observed: &Observed) -> Vec<(String, String)> {
    let watched = wish.services().flat_map(|(name, service)| {
        service.deploy.alarms.iter().map(move |alarm| (name.clone(), alarm.clone()))
    });
    let fires = |alarm: &String| observed.alarms.get(alarm).is_some_and(|it| it == "ALARM");
    watched.filter(|(_, alarm)| fires(alarm)).collect()
}

/// Says what is missing of that which the services stand on. Files alone stand on nothing.
fn stands(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    if wish.services().next().is_none() {
        return;
    }
    let mut missing = |key: &str, what: String, hint: &str| {
        let path = format!("environments.{}.foundation.existing.{key}", wish.manifest.name);
        plan.problems.push(Problem { path, what, hint: hint.to_owned() });
    };
    let region = &observed.region;
    if observed.cluster.is_none() {
        let what = format!("there is no cluster `{}` in {region}", wish.cluster());
        missing("cluster", what, FOUNDATION);
    }
    if observed.subnets.is_empty() {
        missing("subnets", format!("no subnets of the tasks are in {region}"), FOUNDATION);
    }
    if observed.security_groups.is_empty() {
        missing(
            "security_groups",
            "no security groups of the tasks are there".to_owned(),
            FOUNDATION,
        );
    }
    if !observed.roles.contains_key(&wish.names().execution_role()) {
        let what = "the role that prepares tasks is not there".to_owned();
        missing("execution_role", what, FOUNDATION);
    }
    for (name, service) in wish.services().filter(|(_, service)| !service.routes().is_empty()) {
        let key = format!("target_groups.{name}");
        if let Some((what, hint)) = unreached(wish, observed, name, service) {
            missing(&key, what, hint);
        }
    }
    for (name, _) in wish.services() {
        if let Some(other) = observed.services.get(name).and_then(|held| owner(wish, held)) {
            let what =
                format!("the service `{name}` of cluster `{}` belongs to {other}", wish.cluster());
            missing("cluster", what, "name another cluster, or call the service differently");
        }
    }
}

/// How what is missing comes to be there.
const FOUNDATION: &str =
    "name one that is there, or none: then it is made with the environment's stack";

/// Why no request would reach a service.
fn unreached(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
) -> Option<(String, &'static str)> {
    let Some(group) = observed.groups.get(&wish.names().group(name)) else {
        let what = format!("there is no target group for service {name}");
        return Some((what, FOUNDATION));
    };
    // ECS refuses a target group that no load balancer leads to (reference §3.13).
    if group.group.load_balancer_arns.as_ref().is_none_or(Vec::is_empty) {
        let what = format!("no load balancer leads to the target group of service {name}");
        return Some((what, "add a listener rule that forwards to it"));
    }
    if !pair::is_paired(observed, name, service) {
        return None;
    }
    let groups = pair::groups(wish, observed, name, service);
    if !groups.iter().all(|group| observed.groups.contains_key(group)) {
        let what = format!(
            "service {name} has one target group, and its strategy moves requests between two"
        );
        return Some((what, ONE_GROUP));
    }
    if !observed.pair_rules.contains_key(name) || observed.infrastructure_role.is_none() {
        let what = format!(
            "the rule that leads to both target groups of service {name}, or the role that moves it, \
             is not there"
        );
        return Some((what, FOUNDATION));
    }
    None
}

/// What to do about a target group that is named and has no second one.
const ONE_GROUP: &str = "say `deploy: {strategy: rolling}` in this environment, or do not name the \
    target group: then two are made with the environment's stack";

/// Whose a service is, when it is another application's or environment's.
fn owner(wish: &Wish, held: &ecs::Service) -> Option<String> {
    let value = |key: &str| {
        let mut tags = held.tags.iter().flatten();
        tags.find(|tag| tag.key.as_deref() == Some(key)).and_then(|tag| tag.value.clone())
    };
    let (app, environment) = (value(tags::APP)?, value(tags::ENVIRONMENT).unwrap_or_default());
    let ours = app == wish.manifest.app && environment == wish.manifest.name;
    (!ours).then(|| format!("application {app} in {environment}"))
}

#[cfg(test)]
mod tests;
