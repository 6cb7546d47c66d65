//! What is shipped on what stands, and what is said of what does not.

use super::*;
use crate::observed::{Definition, Group, Role};
use crate::step::Act;
use crate::wish::{Artifact, ArtifactKind};
use api::elbv2::TargetGroup;
use api::{Field as _, Operation};
use manifest::{parse, resolve};
use std::collections::BTreeMap;

const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/api/1";

/// A routed service in `prod`, with more of it.
fn wish(more: &str) -> Wish {
    let text = format!(
        "app: shop
services:
  api: {{image: shop, port: 3000, health: /health{more}}}
environments:
  prod:
    region: eu-west-1
    foundation:
      existing:
        cluster: team
        subnets: [subnet-0123456789abcdef0]
        security_groups: [sg-0123456789abcdef0]
        execution_role: arn:aws:iam::000000000000:role/execution
        target_groups: {{api: '{GROUP}'}}
"
    );
    let (manifest, found) = parse(&text);
    let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
    let (resolved, found) = resolve(&manifest, "prod", &Default::default());
    let image = "shop@sha256:1".to_owned();
    let artifact = Artifact { image, digest: None, kind: ArtifactKind::Container };
    Wish {
        manifest: resolved.unwrap_or_else(|| panic!("{found:?}")),
        artifacts: BTreeMap::from([("api".to_owned(), artifact)]),
    }
}

/// Everything that it stands on.
fn observed() -> Observed {
    let group = TargetGroup {
        target_group_arn: Some(GROUP.to_owned()),
        load_balancer_arns: Some(vec!["balancer".to_owned()]),
        ..Default::default()
    };
    let arn = "arn:aws:iam::000000000000:role/execution".to_owned();
    Observed {
        region: "eu-west-1".to_owned(),
        cluster: Some(ecs::Cluster::default()),
        subnets: vec!["subnet-0123456789abcdef0".to_owned()],
        security_groups: vec!["sg-0123456789abcdef0".to_owned()],
        roles: [("shop-prod-execution".to_owned(), Role { arn, ..Role::default() })].into(),
        groups: [("shop-prod-api".to_owned(), Group { group, ..Group::default() })].into(),
        log_groups: [("/shop/prod/api".to_owned(), Some(30))].into(),
        ..Observed::default()
    }
}

fn problems(wish: &Wish, observed: &Observed) -> Vec<String> {
    let plan = ship(wish, observed);
    assert!(plan.problems.is_empty() || plan.steps.is_empty(), "nothing is begun: {plan:?}");
    plan.problems.into_iter().map(|problem| problem.what).collect()
}

/// The input of the one step of an operation.
fn input<C: api::Call>(plan: &Plan) -> Option<C::Input> {
    plan.steps.iter().find_map(|step| match &step.act {
        Act::Call { operation, input } if is(operation, C::OPERATION) => {
            C::Input::from_value(input.clone()).ok()
        }
        _ => None,
    })
}

fn is(one: &Operation, other: &Operation) -> bool {
    one.service == other.service && one.name == other.name
}

/// What was observed once the definition of a plan is registered.
fn registered(wish: &Wish, mut observed: Observed) -> Observed {
    let plan = ship(wish, &observed);
    let request = input::<ecs::RegisterTaskDefinition>(&plan).expect("it registers");
    let definition = ecs::TaskDefinition {
        task_definition_arn: Some(format!("arn/{}:1", request.family)),
        container_definitions: Some(request.container_definitions),
        ..Default::default()
    };
    let tags = request.tags.into_iter().flatten();
    let tags = tags.filter_map(|tag| Some((tag.key?, tag.value?))).collect();
    observed.definitions.insert(request.family, Definition { definition, tags });
    observed
}

#[test]
fn a_service_is_made_on_what_stands_and_nothing_else_is() {
    let wish = wish("");
    let observed = registered(&wish, observed());
    let plan = ship(&wish, &observed);
    let made = input::<ecs::CreateService>(&plan).expect("it makes a service");
    assert_eq!(made.cluster.as_deref(), Some("team"));
    assert_eq!(made.desired_count, Some(1));
    let network = made.network_configuration.and_then(|held| held.awsvpc_configuration);
    let network = network.expect("it has a network");
    assert_eq!(network.subnets, observed.subnets);
    assert_eq!(network.assign_public_ip.as_deref(), Some("DISABLED"));
    let group = made.load_balancers.and_then(|held| held.first()?.target_group_arn.clone());
    assert_eq!(group.as_deref(), Some(GROUP));
    assert!(plan.steps.iter().all(|step| match &step.act {
        Act::Call { operation, .. } => {
            [api::Service::Ecs, api::Service::Logs].contains(&operation.service)
        }
        Act::Before(_) => false,
    }));
}

#[test]
fn what_does_not_stand_is_named() {
    let without = |change: fn(&mut Observed)| {
        let mut observed = observed();
        change(&mut observed);
        problems(&wish(""), &observed)
    };
    assert_eq!(without(|_| ()), [""; 0]);
    assert_eq!(without(|it| it.cluster = None), ["there is no cluster `team` in eu-west-1"]);
    assert_eq!(without(|it| it.subnets.clear()), ["no subnets of the tasks are in eu-west-1"]);
    assert_eq!(
        without(|it| it.security_groups.clear()),
        ["no security groups of the tasks are there"]
    );
    assert_eq!(without(|it| it.roles.clear()), ["the role that prepares tasks is not there"]);
    assert_eq!(without(|it| it.groups.clear()), ["there is no target group for service api"]);
    let lonely = without(|it| {
        it.groups.values_mut().for_each(|held| held.group.load_balancer_arns = None);
    });
    assert_eq!(lonely, ["no load balancer leads to the target group of service api"]);
}

#[test]
fn versions_beside_each_other_need_two_target_groups() {
    let what = "service api has one target group, and its strategy moves requests between two";
    assert_eq!(problems(&wish(", deploy: canary"), &observed()), [what]);
}

#[test]
fn a_pair_of_the_stack_is_given_to_the_service_with_its_rule_and_role() {
    let canary = wish(", deploy: canary");
    let mut observed = observed();
    let second = TargetGroup {
        target_group_arn: Some("arn:second".to_owned()),
        load_balancer_arns: Some(vec!["balancer".to_owned()]),
        ..Default::default()
    };
    let second = Group { group: second, ..Group::default() };
    observed.groups.insert("shop-prod-api-2".to_owned(), second);
    let what = "the rule that leads to both target groups of service api, or the role that moves it, \
        is not there";
    assert_eq!(problems(&canary, &observed), [what]);
    let rule =
        api::elbv2::Rule { rule_arn: Some("arn:rule".to_owned()), ..api::elbv2::Rule::default() };
    observed.pair_rules.insert("api".to_owned(), rule);
    observed.infrastructure_role = Some("arn:moves".to_owned());
    let observed = registered(&canary, observed);
    let made = input::<ecs::CreateService>(&ship(&canary, &observed)).expect("it makes a service");
    let balancer = made.load_balancers.and_then(|held| held.into_iter().next());
    let pair = balancer.and_then(|held| held.advanced_configuration).expect("it has a pair");
    assert_eq!(pair.alternate_target_group_arn.as_deref(), Some("arn:second"));
    assert_eq!(pair.production_listener_rule.as_deref(), Some("arn:rule"));
    assert_eq!(pair.role_arn.as_deref(), Some("arn:moves"));
}

#[test]
fn a_service_of_another_application_is_left_alone() {
    let tag = |key: &str, value: &str| ecs::Tag {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    let owned = |app: &str| {
        let tags = Some(vec![tag(tags::APP, app), tag(tags::ENVIRONMENT, "prod")]);
        let mut observed = observed();
        observed.services.insert("api".to_owned(), ecs::Service { tags, ..Default::default() });
        problems(&wish(""), &observed)
    };
    let what = "the service `api` of cluster `team` belongs to application blog in prod";
    assert_eq!(owned("blog"), [what]);
    assert_eq!(owned("shop"), [""; 0]);
}

#[test]
fn a_count_is_changed_only_where_the_manifest_names_one() {
    let count = |more: &str| {
        let wish = wish(more);
        let mut observed = registered(&wish, observed());
        let there = ecs::Service { desired_count: Some(7), ..Default::default() };
        observed.services.insert("api".to_owned(), there);
        let plan = ship(&wish, &observed);
        input::<ecs::UpdateService>(&plan).expect("it updates").desired_count
    };
    assert_eq!(count(""), None);
    assert_eq!(count(", count: 2"), Some(2));
    assert_eq!(count(", scale: {min: 2, max: 9, cpu: 60}"), None);
}

#[test]
fn alarms_that_fire_before_the_start_are_named() {
    let alarms = ["a", "b"].map(|name| format!(", deploy: {{alarms: [{name}]}}"));
    let mut observed = observed();
    observed.alarms =
        [("a", "ALARM"), ("b", "OK")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    let expected = [("api".to_owned(), "a".to_owned())];
    assert_eq!(firing(&wish(&alarms[0]), &observed), expected);
    assert_eq!(firing(&wish(&alarms[1]), &observed), []);
}

/// A cluster may be shared, with others who deploy by neargate too.
#[test]
fn only_services_of_this_application_and_environment_are_left_over() {
    for (app, environment, expected) in
        [("shop", "prod", true), ("shop", "staging", false), ("blog", "prod", false)]
    {
        let tags = [("app", app), ("environment", environment), ("service", "old")];
        let tags = tags.map(|(key, value)| ecs::Tag {
            key: Some(format!("neargate:{key}")),
            value: Some(value.to_owned()),
        });
        let old = ecs::Service { tags: Some(tags.into()), ..Default::default() };
        let services = BTreeMap::from([("old".to_owned(), old)]);
        let plan = ship(&wish(""), &Observed { services, ..observed() });
        let removed = input::<ecs::DeleteService>(&plan).is_some();
        assert_eq!(removed, expected, "{app} {environment}: {:?}", plan.steps);
    }
}

/// On AWS commands get in where the manifest says so; tasks that were started without never let them in.
#[test]
fn who_asks_for_commands_gets_them_in_new_tasks() {
    let made = |more: &str| {
        let wish = wish(more);
        let observed = registered(&wish, observed());
        let plan = ship(&wish, &observed);
        input::<ecs::CreateService>(&plan).expect("it makes a service").enable_execute_command
    };
    assert_eq!((made(""), made(", exec: true"), made(", exec: false")), (None, Some(true), None));
    let changed = |before: Option<bool>, more: &str| {
        let wish = wish(more);
        let mut observed = registered(&wish, observed());
        let there = ecs::Service {
            task_definition: Some("arn/shop-prod-api:1".to_owned()),
            enable_execute_command: before,
            ..Default::default()
        };
        observed.services.insert("api".to_owned(), there);
        let changed = input::<ecs::UpdateService>(&ship(&wish, &observed)).unwrap_or_default();
        (changed.enable_execute_command, changed.force_new_deployment)
    };
    assert_eq!(changed(Some(false), ", exec: true"), (Some(true), Some(true)));
    assert_eq!(changed(None, ", exec: true"), (Some(true), Some(true)));
    assert_eq!(changed(Some(true), ""), (Some(false), None));
    assert_eq!(changed(Some(true), ", exec: true"), (None, None));
    assert_eq!(changed(None, ""), (None, None));
}
