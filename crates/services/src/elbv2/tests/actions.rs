use super::*;
use crate::elbv2::quota;

fn weighted(groups: &[(&str, Option<i32>)]) -> Action {
    let tuple = |(group, weight): &(&str, Option<i32>)| TargetGroupTuple {
        target_group_arn: Some((*group).to_owned()),
        weight: *weight,
    };
    let config = ForwardActionConfig {
        target_groups: Some(groups.iter().map(tuple).collect()),
        target_group_stickiness_config: None,
    };
    Action { target_group_arn: None, forward_config: Some(config), ..forward("") }
}

fn sticky(group: &str, enabled: Option<bool>, duration_seconds: Option<i32>) -> Action {
    let config = ForwardActionConfig {
        target_groups: None,
        target_group_stickiness_config: Some(TargetGroupStickinessConfig {
            enabled,
            duration_seconds,
        }),
    };
    Action { forward_config: Some(config), ..forward(group) }
}

fn redirect(config: RedirectActionConfig) -> Action {
    Action { r#type: "redirect".to_owned(), redirect_config: Some(config), ..Default::default() }
}

fn permanent() -> RedirectActionConfig {
    RedirectActionConfig { status_code: "HTTP_301".to_owned(), ..Default::default() }
}

/// The region, a load balancer and a target group.
fn served() -> (Region, String, String) {
    let mut region = region();
    let (shop, web) = (balancer(&mut region, "shop"), group(&mut region, "web"));
    (region, shop, web)
}

/// What AWS answers of an action that it takes.
fn shown(region: &mut Region, balancer: &str, action: Action) -> Action {
    let made = region.ok::<CreateListener>(new_listener(balancer, 80, action));
    only(only(made.listeners).default_actions)
}

fn refusal(region: &mut Region, balancer: &str, action: Action) -> String {
    region.fault::<CreateListener>(new_listener(balancer, 80, action))
}

#[test]
fn a_single_group_stands_in_both_places() {
    let (mut region, shop, web) = served();
    let action = shown(&mut region, &shop, Action { order: Some(1), ..forward(&web) });
    assert_eq!(action.target_group_arn.as_ref(), Some(&web));
    assert_eq!(action.order, Some(1));
    let config = action.forward_config.unwrap();
    let tuple = TargetGroupTuple { target_group_arn: Some(web), weight: Some(1) };
    assert_eq!(config.target_groups, Some(vec![tuple]));
    assert_eq!(config.target_group_stickiness_config.unwrap().enabled, Some(false));
}

#[test]
fn a_list_of_one_may_agree_with_the_single_group() {
    let (mut region, shop, web) = served();
    let both = Action { target_group_arn: Some(web.clone()), ..weighted(&[(&web, None)]) };
    assert_eq!(shown(&mut region, &shop, both).target_group_arn, Some(web.clone()));
    let differing = Action { target_group_arn: Some(web), ..weighted(&[("arn:other", None)]) };
    assert_eq!(
        refusal(&mut region, &shop, differing),
        "ValidationError: You can specify both a target group list and a top-level target group ARN \
         only if the ARNs match"
    );
}

#[test]
fn several_groups_share_by_weight() {
    let (mut region, shop, web) = served();
    let api = group(&mut region, "api");
    let action = weighted(&[(&web, Some(90)), (&api, Some(0))]);
    let answered = shown(&mut region, &shop, action.clone());
    assert_eq!(answered.target_group_arn, None);
    let groups = |action: Action| action.forward_config.unwrap().target_groups;
    assert_eq!(groups(answered), groups(action));
}

#[test]
fn clients_may_stay_with_a_group() {
    let (mut region, shop, web) = served();
    let action = shown(&mut region, &shop, sticky(&web, Some(true), Some(60)));
    let config = action.forward_config.unwrap().target_group_stickiness_config.unwrap();
    assert_eq!((config.enabled, config.duration_seconds), (Some(true), Some(60)));
}

#[test]
fn a_forward_that_aws_would_not_take_is_refused() {
    let (mut region, shop, web) = served();
    let six: Vec<_> = (0..6).map(|_| (web.as_str(), Some(1))).collect();
    let lasting = "ValidationError: Target group stickiness duration must be between 1 and 604800 \
                   seconds";
    let bad_weights =
        "ValidationError: The weight for each target group must be between 0 and 999, inclusive";
    for (action, expected) in [
        (forward("arn:gone"), "TargetGroupNotFound: Target group 'arn:gone' not found"),
        (
            Action { target_group_arn: None, ..forward("") },
            "ValidationError: For actions of type 'forward', you must specify the following fields: \
             'TargetGroupArn or ForwardConfig'",
        ),
        (
            weighted(&six),
            "ValidationError: You cannot specify more than 5 target groups per action",
        ),
        (
            weighted(&[(&web, Some(1000))]),
            "ValidationError: The weight for the target group must be between 1 and 999, inclusive",
        ),
        (weighted(&[(&web, Some(-1)), (&web, Some(1))]), bad_weights),
        (weighted(&[(&web, None), (&web, Some(1))]), bad_weights),
        (
            weighted(&[(&web, Some(1)), (&web, Some(2))]),
            &format!("ValidationError: Target group '{web}' is specified more than once"),
        ),
        (sticky(&web, Some(true), Some(0)), lasting),
        (sticky(&web, Some(true), Some(604_801)), lasting),
        (
            sticky(&web, Some(true), None),
            "ValidationError: You must provide a duration when enabling target group stickiness",
        ),
    ] {
        assert_eq!(refusal(&mut region, &shop, action), expected);
    }
}

#[test]
fn groups_that_need_tls_in_front_are_refused() {
    let (mut region, shop, _) = served();
    for version in ["HTTP2", "GRPC"] {
        let input = CreateTargetGroupInput {
            protocol_version: Some(version.to_owned()),
            ..new_group(version)
        };
        let group = only(region.ok::<CreateTargetGroup>(input).target_groups);
        let action = forward(&group.target_group_arn.unwrap());
        assert_eq!(
            refusal(&mut region, &shop, action),
            format!(
                "InvalidLoadBalancerAction: Listener protocol 'HTTP' is not supported with a target \
                 group with the protocol-version '{version}'"
            )
        );
    }
}

#[test]
fn a_group_is_behind_one_load_balancer() {
    let (mut region, shop, web) = served();
    let other = balancer(&mut region, "other");
    shown(&mut region, &shop, forward(&web));
    assert_eq!(
        refusal(&mut region, &other, forward(&web)),
        format!(
            "TargetGroupAssociationLimit: The following target groups cannot be associated with \
             more than one load balancer: {web}"
        )
    );
    region.ok::<CreateListener>(new_listener(&shop, 81, forward(&web)));
}

#[test]
fn a_load_balancer_has_so_many_groups_behind_it() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let listener = listener(&mut region, &shop);
    // Each rule leads to five groups of its own, so twenty of them are as many as there may be.
    let mut last_rule = None;
    for priority in 1..=20 {
        let groups = (0..quota::GROUPS_PER_ACTION).map(|n| format!("g-{priority}-{n}"));
        let groups: Vec<_> = groups.map(|name| group(&mut region, &name)).collect();
        let groups: Vec<_> = groups.iter().map(|group| (group.as_str(), Some(1))).collect();
        let made = region.ok::<CreateRule>(new_rule(&listener, priority, weighted(&groups)));
        last_rule = only(made.rules).rule_arn;
    }
    let more = group(&mut region, "more");
    let expected = "TooManyUniqueTargetGroupsPerLoadBalancer: You have reached the maximum number of unique \
         target groups that you can associate with a load balancer of type 'application': [100]";
    let input = new_rule(&listener, 500, forward(&more));
    assert_eq!(region.fault::<CreateRule>(input), expected);
    let input = new_listener(&shop, 81, forward(&more));
    assert_eq!(region.fault::<CreateListener>(input), expected);
    let input = ModifyListenerInput {
        listener_arn: listener,
        default_actions: Some(vec![forward(&more)]),
        ..Default::default()
    };
    assert_eq!(region.fault::<ModifyListener>(input), expected);

    // What a changed rule led to counts no more.
    let input = ModifyRuleInput {
        rule_arn: last_rule.unwrap(),
        actions: Some(vec![forward(&more)]),
        ..Default::default()
    };
    region.ok::<ModifyRule>(input);
}

#[test]
fn a_redirect_keeps_what_it_does_not_change() {
    let (mut region, shop, _) = served();
    let config = RedirectActionConfig { protocol: Some("HTTPS".to_owned()), ..permanent() };
    let answered = shown(&mut region, &shop, redirect(config));
    let text = |text: &str| Some(text.to_owned());
    let expected = RedirectActionConfig {
        protocol: text("HTTPS"),
        port: text("#{port}"),
        host: text("#{host}"),
        path: text("/#{path}"),
        query: text("#{query}"),
        status_code: "HTTP_301".to_owned(),
    };
    assert_eq!(answered.redirect_config, Some(expected));
}

#[test]
fn a_redirect_that_aws_would_not_take_is_refused() {
    let (mut region, shop, _) = served();
    let loops = "InvalidLoadBalancerAction: The redirect configuration is not valid because it \
                 creates a loop.";
    let port = "InvalidLoadBalancerAction: The Port parameter must be either an integer between 1 \
                and 65535 or '#{port}'.";
    let path = "InvalidLoadBalancerAction: The Path parameter must be a valid path, should start \
                with a '/', and may contain up to one of each of these placeholders: '#{path}', \
                '#{host}', '#{port}'.";
    let to_path = |path: &str| RedirectActionConfig { path: Some(path.to_owned()), ..permanent() };
    let to_port = |port: &str| RedirectActionConfig { port: Some(port.to_owned()), ..permanent() };
    for (config, expected) in [
        (permanent(), loops),
        (RedirectActionConfig { query: Some("a=b".to_owned()), ..permanent() }, loops),
        (to_port("0"), port),
        (to_port("https"), port),
        (to_path("a"), path),
        (to_path("/#{path}/#{path}"), path),
        (to_path("/#{query}"), path),
    ] {
        assert_eq!(refusal(&mut region, &shop, redirect(config)), expected);
    }
    let empty = Action { redirect_config: None, ..redirect(permanent()) };
    assert_eq!(
        refusal(&mut region, &shop, empty),
        "ValidationError: For actions of type 'redirect', you must specify the following fields: \
         'RedirectConfig'"
    );
}

#[test]
fn a_fixed_answer_that_aws_would_not_take_is_refused() {
    let (mut region, shop, _) = served();
    let typed = Action {
        fixed_response_config: Some(FixedResponseActionConfig {
            status_code: "200".to_owned(),
            content_type: Some("text/xml".to_owned()),
            message_body: None,
        }),
        ..fixed("200")
    };
    for (action, expected) in [
        (
            Action { fixed_response_config: None, ..fixed("200") },
            "ValidationError: For actions of type 'fixed-response', you must specify the following \
             fields: 'FixedResponseConfig'",
        ),
        (
            fixed("302"),
            "ValidationError: 1 validation error detected: Value '302' at \
             'actions.1.member.fixedResponseConfig.statusCode' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: ^(2|4|5)\\d\\d$",
        ),
        (
            typed,
            "InvalidLoadBalancerAction: The ContentType must be one of:'text/html', \
             'application/json', 'application/javascript', 'text/css', 'text/plain'.",
        ),
    ] {
        assert_eq!(refusal(&mut region, &shop, action), expected);
    }
}

#[test]
fn there_is_one_action_of_one_kind() {
    let (mut region, shop, web) = served();
    let ordered = |action: Action, order| Action { order: Some(order), ..action };
    let listed = |actions: Vec<Action>| CreateListenerInput {
        default_actions: actions,
        ..new_listener(&shop, 80, fixed("200"))
    };
    let kind = |kind: &str| Action { r#type: kind.to_owned(), ..Default::default() };
    for (input, expected) in [
        (
            listed(vec![ordered(forward(&web), 1), ordered(fixed("200"), 2)]),
            "ValidationError: Action types 'forward,fixed-response' cannot be specified together",
        ),
        (
            listed(vec![forward(&web), fixed("200")]),
            "ValidationError: When you specify multiple actions, you must specify an order for each \
             action",
        ),
        (
            listed(vec![kind("authenticate-oidc"), forward(&web)]),
            "InvalidLoadBalancerAction: Actions of type 'authenticate-oidc' are supported only on \
             HTTPS listeners",
        ),
        (
            listed(vec![Action { target_group_arn: Some(web.clone()), ..fixed("200") }]),
            "ValidationError: 'TargetGroupArn' cannot be specified for actions of type \
             'fixed-response'",
        ),
    ] {
        assert_eq!(region.fault::<CreateListener>(input), expected);
    }
}
