//! What is set up, changed and taken away.

use super::*;
use crate::observed::Group;
use crate::planner::Plan;
use crate::step::Act;
use manifest::{parse, resolve};

const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/api/2";
const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/1";

/// A service in `prod`, with its `scale`.
fn wish(scale: &str) -> Wish {
    let scale = if scale.is_empty() { String::new() } else { format!(", scale: {{{scale}}}") };
    let text = format!(
        "app: shop
services:
  api: {{image: shop, port: 3000, health: /health{scale}}}
environments:
  prod: {{region: eu-west-1}}
"
    );
    let (manifest, found) = parse(&text);
    let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
    let (resolved, found) = resolve(&manifest, "prod", &Default::default());
    let resolved = resolved.unwrap_or_else(|| panic!("{found:?}"));
    Wish { manifest: resolved, artifacts: Default::default() }
}

fn observed(scaling: Scaling) -> Observed {
    let group = api::elbv2::TargetGroup {
        target_group_arn: Some(GROUP.to_owned()),
        load_balancer_arns: Some(vec![BALANCER.to_owned()]),
        ..Default::default()
    };
    Observed {
        services: [("api".to_owned(), api::ecs::Service::default())].into(),
        groups: [("shop-prod-api".to_owned(), Group { group, ..Group::default() })].into(),
        scaling: [("api".to_owned(), scaling)].into(),
        ..Observed::default()
    }
}

/// What would be done, with the reasons.
fn steps(wish: &Wish, observed: &Observed) -> Vec<Step> {
    let mut made = Plan::default();
    plan(wish, observed, &mut made);
    made.steps
}

/// What there is after the steps were done.
fn after(mut held: Scaling, steps: &[Step]) -> Scaling {
    for step in steps {
        let Act::Call { operation, input } = &step.act else { panic!("{step:?}") };
        crate::preview::scaled(operation, input, &mut held);
    }
    held
}

#[track_caller]
fn check(scale: &str, held: &Scaling, expected: &[&str]) -> Scaling {
    let steps = steps(&wish(scale), &observed(held.clone()));
    let words: Vec<String> = steps
        .iter()
        .map(|step| [std::slice::from_ref(&step.what), step.why.as_slice()].concat().join("; "))
        .collect();
    assert_eq!(words, expected);
    after(held.clone(), &steps)
}

#[test]
fn what_a_manifest_says_is_set_up_once() {
    let scale = "max: 6, cpu: 60, requests: 500, \
                 schedule: [{when: cron(0 7 ? * MON-FRI *), timezone: Europe/Zurich, min: 4}]";
    let there = check(
        scale,
        &Scaling::default(),
        &[
            "keep service api between 1 and 6 tasks",
            "scale service api by cpu",
            "scale service api by requests",
            "scale service api at cron(0 7 ? * MON-FRI *)",
        ],
    );
    let requests = there.policies.iter().find(|held| metric_of(held) == Some(REQUESTS)).unwrap();
    let tracking = requests.target_tracking_scaling_policy_configuration.clone().unwrap();
    let label = tracking.predefined_metric_specification.unwrap().resource_label;
    assert_eq!(label.as_deref(), Some("app/shop/1/targetgroup/api/2"));
    assert_eq!((tracking.scale_out_cooldown, tracking.scale_in_cooldown), (Some(60), Some(300)));
    check(scale, &there, &[]);
}

#[test]
fn what_differs_is_changed_and_what_is_gone_is_removed() {
    let there = check(
        "max: 6, cpu: 60, memory: 80, schedule: [{when: rate(1 hour), max: 9}]",
        &Scaling::default(),
        &[
            "keep service api between 1 and 6 tasks",
            "scale service api by cpu",
            "scale service api by memory",
            "scale service api at rate(1 hour)",
        ],
    );
    check(
        "min: 2, max: 8, cpu: 70",
        &there,
        &[
            "keep service api between 2 and 8 tasks; min: 1 → 2; max: 6 → 8",
            "scale service api by cpu; target: 60 → 70",
            "remove scaling policy neargate-memory of service api; the manifest no longer has it",
            "remove scheduled action neargate-0 of service api; the manifest no longer has it",
        ],
    );
    let gone = ["end the scaling of service api; the manifest no longer has it"];
    let nothing = check("", &there, &gone);
    assert_eq!(nothing, Scaling::default());
    check("", &nothing, &[]);
}

#[test]
fn bounds_that_the_clock_has_set_are_left_alone() {
    let scale = "max: 6, schedule: [{when: rate(1 hour), min: 4}]";
    let mut there = after(Scaling::default(), &steps(&wish(scale), &observed(Scaling::default())));
    there.target.as_mut().unwrap().min_capacity = 4;
    check(scale, &there, &[]);
    there.target.as_mut().unwrap().min_capacity = 5;
    check(scale, &there, &["keep service api between 1 and 6 tasks; min: 5 → 1"]);
}

#[test]
fn policies_of_others_stay_unless_they_track_the_same() {
    let mut there =
        after(Scaling::default(), &steps(&wish("max: 6, cpu: 60"), &observed(Scaling::default())));
    there.policies[0].policy_name = "theirs".to_owned();
    let changed = check("max: 6, cpu: 70", &there, &["scale service api by cpu; target: 60 → 70"]);
    assert_eq!(changed.policies[0].policy_name, "theirs");
    check("", &there, &[]);
    check("max: 6, requests: 10", &there, &["scale service api by requests"]);
}
