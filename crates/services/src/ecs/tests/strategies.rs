//! Strategies, pairs of target groups and pauses: what is taken, what is shown, what is refused
//! (reference §3.8).

use super::*;
use model::Span;
use world::Rule;
use world::service::deployment::{Pause, PauseStatus};
use world::service::{HookAction, Position, Stage, Strategy, TrafficShare};

const RULES: &str = "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/web/1/2";

fn rule(name: &str) -> String {
    format!("{RULES}/{name}")
}

/// The groups `web` and `web-2`, and a listener whose default rule leads to them; other rules by name
/// and with the groups that they lead to.
fn put_pair(region: &mut Region, weights: [u32; 2], rules: &[(&str, &[&str])]) {
    let groups = ["web", "web-2"].map(|name| put_group(region, name, "ip"));
    let forward = |groups: Vec<WeightedGroup>| {
        vec![Action::Forward(Forward { groups, stickiness_seconds: None })]
    };
    let both = groups.into_iter().zip(weights);
    let both = both.map(|(group, weight)| WeightedGroup { group, weight }).collect();
    let listener = RULES.replace(":listener-rule/", ":listener/");
    lead_to(region, group_arn("web").as_str().into());
    let held = region.world.listeners.iter().next().unwrap().clone();
    region.put(Listener {
        arn: listener.as_str().into(),
        default_rule: rule("default").as_str().into(),
        default_actions: forward(both),
        ..held
    });
    for (priority, (name, groups)) in (1..).zip(rules) {
        let group =
            |name: &&str| WeightedGroup { group: group_arn(name).as_str().into(), weight: 1 };
        region.put(Rule {
            key: world::RuleKey { listener: listener.as_str().into(), priority },
            arn: rule(name).as_str().into(),
            conditions: Vec::new(),
            actions: forward(groups.iter().map(group).collect()),
            order: None,
            tags: BTreeMap::new(),
        });
    }
}

fn paired(production: &str, test: Option<&str>) -> LoadBalancer {
    LoadBalancer {
        advanced_configuration: Some(AdvancedConfiguration {
            alternate_target_group_arn: Some(group_arn("web-2")),
            production_listener_rule: Some(rule(production)),
            test_listener_rule: test.map(rule),
            role_arn: some(ROLE),
        }),
        ..balancer("web", "app", 3000)
    }
}

fn strategy(word: &str) -> DeploymentConfiguration {
    DeploymentConfiguration { strategy: some(word), ..DeploymentConfiguration::default() }
}

fn with(rules: DeploymentConfiguration, balancers: Vec<LoadBalancer>) -> CreateServiceRequest {
    CreateServiceRequest {
        deployment_configuration: Some(rules),
        load_balancers: Some(balancers),
        ..api()
    }
}

fn pause(stages: &[&str]) -> DeploymentLifecycleHook {
    DeploymentLifecycleHook {
        target_type: some("PAUSE"),
        lifecycle_stages: Some(stages.iter().map(|stage| (*stage).to_owned()).collect()),
        ..DeploymentLifecycleHook::default()
    }
}

fn linear(percent: Option<f64>, minutes: Option<i32>) -> DeploymentConfiguration {
    DeploymentConfiguration {
        linear_configuration: Some(LinearConfiguration {
            step_percent: percent,
            step_bake_time_in_minutes: minutes,
        }),
        ..strategy("LINEAR")
    }
}

fn canary(percent: Option<f64>, minutes: Option<i32>) -> DeploymentConfiguration {
    DeploymentConfiguration {
        canary_configuration: Some(CanaryConfiguration {
            canary_percent: percent,
            canary_bake_time_in_minutes: minutes,
        }),
        ..strategy("CANARY")
    }
}

fn refused(request: CreateServiceRequest, expected: &str) {
    let mut region = region();
    put_pair(&mut region, [1, 0], &[("test", &["web-2"]), ("old", &["web"])]);
    let refused = region.fault::<CreateService>(request);
    assert_eq!(refused, format!("InvalidParameterException: {expected}"));
}

#[test]
fn a_pair_is_shown_as_given() {
    let mut region = region();
    put_pair(&mut region, [1, 0], &[("test", &["web-2"])]);
    let balancers = vec![paired("default", Some("test"))];
    region.ok::<CreateService>(with(strategy("BLUE_GREEN"), balancers.clone()));
    let shown = described(&mut region);
    assert_eq!(shown.load_balancers, Some(balancers));
    let rules = shown.deployment_configuration.unwrap();
    assert_eq!(rules.strategy.as_deref(), Some("BLUE_GREEN"));
    assert_eq!((rules.linear_configuration, rules.canary_configuration), (None, None));
}

#[test]
fn what_is_not_said_of_a_strategy_is_as_on_aws() {
    for (given, expected) in [
        (strategy("LINEAR"), Strategy::Linear { step: TrafficShare::tenths(100), bake_minutes: 6 }),
        (
            linear(Some(12.5), Some(0)),
            Strategy::Linear { step: TrafficShare::tenths(125), bake_minutes: 0 },
        ),
        (
            strategy("CANARY"),
            Strategy::Canary { first: TrafficShare::tenths(50), bake_minutes: 10 },
        ),
        (
            canary(Some(0.1), Some(1440)),
            Strategy::Canary { first: TrafficShare::tenths(1), bake_minutes: 1440 },
        ),
    ] {
        let mut region = region();
        region.ok::<CreateService>(with(given, Vec::new()));
        let service = region.world.services.get(&key()).unwrap();
        assert_eq!(service.configuration.strategy, expected);
    }
    let mut region = region();
    region.ok::<CreateService>(with(linear(Some(12.5), None), Vec::new()));
    let shown = described(&mut region).deployment_configuration.unwrap();
    assert_eq!(shown.linear_configuration, linear(Some(12.5), Some(6)).linear_configuration);
}

#[test]
fn shares_and_times_have_bounds() {
    for (given, expected) in [
        (linear(Some(2.9), None), "stepPercent must be a multiple of 0.1 from 3.0 to 100.0"),
        (linear(Some(10.05), None), "stepPercent must be a multiple of 0.1 from 3.0 to 100.0"),
        (canary(Some(0.0), None), "canaryPercent must be a multiple of 0.1 from 0.1 to 100.0"),
        (canary(Some(100.1), None), "canaryPercent must be a multiple of 0.1 from 0.1 to 100.0"),
        (linear(None, Some(1441)), "stepBakeTimeInMinutes must be at most 1440"),
        (canary(None, Some(-1)), "canaryBakeTimeInMinutes must be at least 0"),
        (
            DeploymentConfiguration { strategy: some("CANARY"), ..linear(None, None) },
            "linearConfiguration is only valid when the deployment strategy is LINEAR.",
        ),
        (
            DeploymentConfiguration { strategy: None, ..canary(None, None) },
            "canaryConfiguration is only valid when the deployment strategy is CANARY.",
        ),
        (strategy("SUDDEN"), "strategy should be one of [ROLLING,BLUE_GREEN,LINEAR,CANARY]"),
    ] {
        refused(with(given, Vec::new()), expected);
    }
}

#[test]
fn a_pair_is_two_groups_that_rules_lead_to() {
    let blue_green = || strategy("BLUE_GREEN");
    let arn = |name: &str| group_arn(name);
    let change = |change: &dyn Fn(&mut AdvancedConfiguration)| {
        let mut balancer = paired("default", None);
        change(balancer.advanced_configuration.as_mut().unwrap());
        vec![balancer]
    };
    for (balancers, expected) in [
        (
            vec![balancer("web", "app", 3000)],
            "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy".to_owned(),
        ),
        (
            change(&|pair| pair.alternate_target_group_arn = Some(arn("none"))),
            format!("The target group {} does not exist.", arn("none")),
        ),
        (
            change(&|pair| pair.alternate_target_group_arn = Some(arn("web"))),
            format!("Duplicate targetGroupArn found: {}", arn("web")),
        ),
        (
            change(&|pair| pair.production_listener_rule = None),
            "productionListenerRule is required in advancedConfiguration.".to_owned(),
        ),
        (
            change(&|pair| pair.production_listener_rule = some("arn:rule")),
            "productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: arn:rule".to_owned(),
        ),
        (
            vec![paired("gone", None)],
            format!("The listener rule {} does not exist.", rule("gone")),
        ),
        (
            vec![paired("default", Some("default"))],
            format!("The following rules cannot be used as both production and test listener rules: {}", rule("default")),
        ),
        (
            vec![paired("old", None)],
            "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup".to_owned(),
        ),
    ] {
        refused(with(blue_green(), balancers), &expected);
    }
}

#[test]
fn one_group_serves_when_a_pair_is_made() {
    for (weights, found) in [([1, 1], 2), ([0, 0], 0)] {
        let mut region = region();
        put_pair(&mut region, weights, &[]);
        let request = with(strategy("BLUE_GREEN"), vec![paired("default", None)]);
        let expected = format!(
            "InvalidParameterException: productionListenerRule {} should have exactly one target group serving traffic but found {found}",
            rule("default")
        );
        assert_eq!(region.fault::<CreateService>(request), expected);
    }
    let mut region = region();
    put_pair(&mut region, [1, 0], &[("old", &["web"]), ("test", &["web-2"])]);
    let request = with(strategy("BLUE_GREEN"), vec![paired("old", Some("test"))]);
    region.ok::<CreateService>(request);
}

#[test]
fn pauses_stop_where_nothing_moves() {
    let hooks = |hooks: Vec<DeploymentLifecycleHook>| DeploymentConfiguration {
        lifecycle_hooks: Some(hooks),
        ..strategy("BLUE_GREEN")
    };
    let timed = |minutes, action: &str| DeploymentLifecycleHook {
        timeout_configuration: Some(DeploymentLifecycleHookTimeoutConfiguration {
            timeout_in_minutes: Some(minutes),
            action: some(action),
        }),
        ..pause(&["POST_SCALE_UP"])
    };
    for (given, expected) in [
        (pause(&[]), "lifecycleStages can not be empty."),
        (
            pause(&["PRODUCTION_TRAFFIC_SHIFT"]),
            "lifecycleStages of a PAUSE hook should be one of [RECONCILE_SERVICE,PRE_SCALE_UP,POST_SCALE_UP,POST_TEST_TRAFFIC_SHIFT,PRE_PRODUCTION_TRAFFIC_SHIFT,POST_PRODUCTION_TRAFFIC_SHIFT]",
        ),
        (
            pause(&["BAKE_TIME"]),
            "lifecycleStages should be one of [RECONCILE_SERVICE,PRE_SCALE_UP,POST_SCALE_UP,TEST_TRAFFIC_SHIFT,POST_TEST_TRAFFIC_SHIFT,PRE_PRODUCTION_TRAFFIC_SHIFT,PRODUCTION_TRAFFIC_SHIFT,POST_PRODUCTION_TRAFFIC_SHIFT]",
        ),
        (timed(0, "ROLLBACK"), "timeoutInMinutes must be at least 1"),
        (timed(20_161, "ROLLBACK"), "timeoutInMinutes must be at most 20160"),
        (timed(1, "WAIT"), "action should be one of [CONTINUE,ROLLBACK]"),
        (
            DeploymentLifecycleHook { hook_target_arn: some("arn:f"), ..pause(&["POST_SCALE_UP"]) },
            "hookTargetArn is not applicable for PAUSE hooks.",
        ),
    ] {
        refused(with(hooks(vec![given]), Vec::new()), expected);
    }
    refused(
        with(hooks(vec![pause(&["PRE_SCALE_UP"]); 11]), Vec::new()),
        "pause lifecycle hooks can have at most 10 items.",
    );
    let mut region = region();
    region.ok::<CreateService>(with(hooks(vec![timed(30, "CONTINUE")]), Vec::new()));
    let shown = described(&mut region).deployment_configuration.unwrap();
    assert_eq!(shown.lifecycle_hooks, Some(vec![timed(30, "CONTINUE")]));
    let kept = UpdateServiceRequest { desired_count: Some(1), ..change() };
    let shown = region.ok::<UpdateService>(kept).service.unwrap().deployment_configuration;
    assert_eq!(shown.unwrap().lifecycle_hooks.unwrap().len(), 1);
}

/// A region whose deployment has come to a pause; answers its ARN.
fn paused() -> (Region, String) {
    let mut region = region();
    let arn = region.ok::<CreateService>(with(strategy("CANARY"), Vec::new())).service.unwrap();
    let service = region.world.services.get(&key()).unwrap();
    let mut held = region.world.current_deployment(service).unwrap().clone();
    let now = region.now;
    let stage = Stage::PreProductionTrafficShift;
    held.position = Some(Position { stage, since: now, step: 1 });
    held.traffic.production = TrafficShare::tenths(50);
    held.pauses.push(Pause {
        id: "ecs-pause-1".into(),
        hook: 0,
        stage,
        step: 1,
        status: PauseStatus::AwaitingAction,
        expires_at: now + Span::minutes(30),
        action: HookAction::Rollback,
    });
    held.configuration.pauses.push(world::service::PauseHook {
        stages: vec![stage],
        timeout_minutes: 30,
        action: HookAction::Rollback,
    });
    region.put(held);
    (region, arn.current_service_deployment.unwrap())
}

fn describe(region: &mut Region, arn: &str) -> ServiceDeployment {
    let service_deployment_arns = vec![arn.to_owned()];
    let request = DescribeServiceDeploymentsRequest { service_deployment_arns };
    region.ok::<DescribeServiceDeployments>(request).service_deployments.unwrap().remove(0)
}

#[test]
fn a_deployment_shows_its_stage_its_pause_and_its_share_of_the_requests() {
    let (mut region, arn) = paused();
    let shown = describe(&mut region, &arn);
    assert_eq!(shown.lifecycle_stage.as_deref(), Some("PRODUCTION_TRAFFIC_SHIFT"));
    let hook = shown.lifecycle_hook_details.unwrap().remove(0);
    assert_eq!(hook.hook_id.as_deref(), Some("ecs-pause-1"));
    assert_eq!(hook.status.as_deref(), Some("AWAITING_ACTION"));
    assert_eq!(hook.expires_at, Some(region.now + Span::minutes(30)));
    let target = shown.target_service_revision.unwrap();
    assert_eq!(target.requested_production_traffic_weight, Some(5.0));
    assert_eq!(target.requested_test_traffic_weight, Some(0.0));
}

#[test]
fn a_person_answers_a_pause_once() {
    for (action, expected) in
        [(None, "SUCCEEDED"), (Some("CONTINUE"), "SUCCEEDED"), (Some("ROLLBACK"), "FAILED")]
    {
        let (mut region, arn) = paused();
        let request = ContinueServiceDeploymentRequest {
            service_deployment_arn: arn.clone(),
            hook_id: "ecs-pause-1".to_owned(),
            action: action.map(str::to_owned),
        };
        let answer = region.ok::<ContinueServiceDeployment>(request.clone());
        assert_eq!(answer.service_deployment_arn.as_ref(), Some(&arn));
        let hook = describe(&mut region, &arn).lifecycle_hook_details.unwrap().remove(0);
        assert_eq!(hook.status.as_deref(), Some(expected));
        let again =
            "InvalidParameterException: The lifecycle hook ecs-pause-1 is not awaiting an action.";
        assert_eq!(region.fault::<ContinueServiceDeployment>(request), again);
    }
    let (mut region, arn) = paused();
    let request = ContinueServiceDeploymentRequest {
        service_deployment_arn: arn,
        hook_id: "ecs-pause-2".to_owned(),
        action: some("WAIT"),
    };
    assert_eq!(
        region.fault::<ContinueServiceDeployment>(request),
        "InvalidParameterException: action should be one of [CONTINUE,ROLLBACK]"
    );
}
