use super::*;

fn found(region: &mut Region, input: DescribeTargetGroupsInput) -> Vec<String> {
    let groups = region.ok::<DescribeTargetGroups>(input).target_groups.unwrap();
    groups.into_iter().filter_map(|group| group.target_group_name).collect()
}

fn described(region: &mut Region, name: &str) -> TargetGroup {
    let names = Some(texts(&[name]));
    let input = DescribeTargetGroupsInput { names, ..Default::default() };
    only(region.ok::<DescribeTargetGroups>(input).target_groups)
}

fn codes(codes: &str) -> Option<Matcher> {
    Some(Matcher { http_code: Some(codes.to_owned()), grpc_code: None })
}

#[test]
fn a_new_group_has_what_was_given_and_awss_defaults() {
    let mut region = region();
    let made = only(region.ok::<CreateTargetGroup>(new_group("web")).target_groups);
    let arn = made.target_group_arn.clone().unwrap();
    let id = arn
        .strip_prefix("arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/web/")
        .unwrap();
    assert_eq!(id.len(), 16);
    let expected = TargetGroup {
        target_group_arn: Some(arn),
        target_group_name: Some("web".to_owned()),
        protocol: Some("HTTP".to_owned()),
        protocol_version: Some("HTTP1".to_owned()),
        port: Some(80),
        vpc_id: Some(VPC.to_owned()),
        target_type: Some("ip".to_owned()),
        ip_address_type: Some("ipv4".to_owned()),
        health_check_protocol: Some("HTTP".to_owned()),
        health_check_port: Some("traffic-port".to_owned()),
        health_check_enabled: Some(true),
        health_check_path: Some("/".to_owned()),
        health_check_interval_seconds: Some(30),
        health_check_timeout_seconds: Some(5),
        healthy_threshold_count: Some(5),
        unhealthy_threshold_count: Some(2),
        matcher: codes("200"),
        load_balancer_arns: Some(Vec::new()),
        target_control_port: None,
    };
    assert_eq!(made, expected);
    assert_eq!(described(&mut region, "web"), expected);
}

#[test]
fn a_grpc_group_is_checked_the_way_grpc_answers() {
    let mut region = region();
    let protocol_version = Some("GRPC".to_owned());
    let input = CreateTargetGroupInput { protocol_version, ..new_group("rpc") };
    let made = only(region.ok::<CreateTargetGroup>(input).target_groups);
    assert_eq!(made.health_check_path.as_deref(), Some("/AWS.ALB/healthcheck"));
    assert_eq!(made.matcher.unwrap().grpc_code.as_deref(), Some("12"));
}

#[test]
fn the_same_request_makes_one_group() {
    let mut region = region();
    let first = region.ok::<CreateTargetGroup>(new_group("web"));
    assert_eq!(region.ok::<CreateTargetGroup>(new_group("web")), first);
    let other = CreateTargetGroupInput { port: Some(81), ..new_group("web") };
    assert_eq!(
        region.fault::<CreateTargetGroup>(other),
        "DuplicateTargetGroupName: A target group with the same name 'web' exists, but with \
         different settings"
    );
}

#[test]
fn a_group_that_aws_would_not_make_is_refused() {
    let mut region = region();
    let grpc = CreateTargetGroupInput {
        protocol_version: Some("GRPC".to_owned()),
        matcher: Some(Matcher { grpc_code: Some("0-100".to_owned()), http_code: None }),
        ..new_group("a")
    };
    for (input, expected) in [
        (
            CreateTargetGroupInput { protocol: None, ..new_group("a") },
            "A protocol must be specified",
        ),
        (CreateTargetGroupInput { port: None, ..new_group("a") }, "A port must be specified"),
        (CreateTargetGroupInput { vpc_id: None, ..new_group("a") }, "A VPC ID must be specified"),
        (
            CreateTargetGroupInput { vpc_id: Some("vpc-9".to_owned()), ..new_group("a") },
            "The VPC ID 'vpc-9' is not found",
        ),
        (
            CreateTargetGroupInput { protocol_version: Some("HTTP3".to_owned()), ..new_group("a") },
            "Target group protocol version 'HTTP3' must be one of '[HTTP2, HTTP1, GRPC]'",
        ),
        (grpc, "Health check matcher GRPC code '100' must be within '0-99' inclusive"),
    ] {
        let fault = region.fault::<CreateTargetGroup>(input);
        assert_eq!(fault, format!("ValidationError: {expected}"));
    }
}

#[test]
fn a_group_that_the_region_can_t_serve_is_refused() {
    let mut region = region();
    for (input, expected) in [
        (
            CreateTargetGroupInput { protocol: Some("TCP".to_owned()), ..new_group("a") },
            "the local region has target groups with protocols 'HTTP' and 'HTTPS': protocol 'TCP' \
             is not implemented",
        ),
        (
            CreateTargetGroupInput { target_type: Some("lambda".to_owned()), ..new_group("a") },
            "the local region has target groups of types 'ip' and 'instance': target type 'lambda' \
             is not implemented",
        ),
        (
            CreateTargetGroupInput { ip_address_type: Some("ipv6".to_owned()), ..new_group("a") },
            "You must specify a VPC with an associated IPv6 CIDR block",
        ),
        (
            CreateTargetGroupInput { target_control_port: Some(9000), ..new_group("a") },
            "Target control port is not supported",
        ),
    ] {
        let fault = region.fault::<CreateTargetGroup>(input);
        assert_eq!(fault, format!("InvalidConfigurationRequest: {expected}"));
    }
}

#[test]
fn a_change_leaves_what_is_not_given() {
    let mut region = region();
    let target_group_arn = group(&mut region, "web");
    let input = ModifyTargetGroupInput {
        target_group_arn,
        health_check_path: Some("/health".to_owned()),
        health_check_port: Some("9000".to_owned()),
        healthy_threshold_count: Some(3),
        matcher: codes("200,300-399"),
        ..Default::default()
    };
    let changed = only(region.ok::<ModifyTargetGroup>(input).target_groups);
    assert_eq!(changed.health_check_path.as_deref(), Some("/health"));
    assert_eq!(changed.health_check_port.as_deref(), Some("9000"));
    assert_eq!(changed.matcher, codes("200,300-399"));
    let thresholds = (changed.healthy_threshold_count, changed.unhealthy_threshold_count);
    assert_eq!(thresholds, (Some(3), Some(2)));
    assert_eq!(changed.health_check_interval_seconds, Some(30));
    assert_eq!(changed, described(&mut region, "web"));
}

#[test]
fn a_check_that_can_t_work_is_refused() {
    let mut region = region();
    let target_group_arn = group(&mut region, "web");
    let input = || ModifyTargetGroupInput {
        target_group_arn: target_group_arn.clone(),
        ..Default::default()
    };
    let matching = |text: &str| ModifyTargetGroupInput { matcher: codes(text), ..input() };
    let port =
        |port: &str| ModifyTargetGroupInput { health_check_port: Some(port.to_owned()), ..input() };
    for (input, expected) in [
        (
            ModifyTargetGroupInput { health_check_enabled: Some(false), ..input() },
            "Health check enabled must be true for target groups with target type 'ip'",
        ),
        (
            ModifyTargetGroupInput { health_check_protocol: Some("TCP".to_owned()), ..input() },
            "Health check protocol 'TCP' must be one of 'HTTP, HTTPS'",
        ),
        (
            ModifyTargetGroupInput { health_check_path: Some("health".to_owned()), ..input() },
            "Health check path 'health' must begin with '/'",
        ),
        (
            ModifyTargetGroupInput { health_check_interval_seconds: Some(5), ..input() },
            "Health check timeout '5' must be smaller than the interval '5'",
        ),
        (port("0"), "Health check port '0' must be within '1-65535' or 'traffic-port'"),
        (port("http"), "Health check port 'http' must be within '1-65535' or 'traffic-port'"),
        (matching(""), "Health check matcher HTTP code cannot be empty"),
        (
            matching("199"),
            "Health check matcher HTTP code '199' must be within '200-499' inclusive",
        ),
        (
            matching("200,300-500"),
            "Health check matcher HTTP code '500' must be within '200-499' inclusive",
        ),
        (
            matching("300-200"),
            "Health check matcher HTTP code '300-200' must be within '200-499' inclusive",
        ),
        (
            matching("2xx"),
            "Health check matcher HTTP code '2xx' must be within '200-499' inclusive",
        ),
    ] {
        let fault = region.fault::<ModifyTargetGroup>(input);
        assert_eq!(fault, format!("ValidationError: {expected}"));
    }
}

#[test]
fn a_group_names_the_load_balancer_that_leads_to_it() {
    let mut region = region();
    let shop = balancer(&mut region, "shop");
    let (web, api) = (group(&mut region, "web"), group(&mut region, "api"));
    group(&mut region, "free");
    let made = region.ok::<CreateListener>(new_listener(&shop, 80, forward(&web)));
    let listener = only(made.listeners).listener_arn.unwrap();
    region.ok::<CreateRule>(new_rule(&listener, 1, forward(&api)));
    for name in ["web", "api"] {
        assert_eq!(described(&mut region, name).load_balancer_arns, Some(vec![shop.clone()]));
    }
    let load_balancer_arn = Some(shop);
    let input = DescribeTargetGroupsInput { load_balancer_arn, ..Default::default() };
    let mut names = found(&mut region, input);
    names.sort();
    assert_eq!(names, ["api", "web"]);
}

#[test]
fn groups_are_described_by_arn_by_name_and_in_pages() {
    let mut region = region();
    let arns = ["a", "b", "c"].map(|name| group(&mut region, name));
    let target_group_arns = Some(vec![arns[0].clone(), arns[2].clone()]);
    let input = DescribeTargetGroupsInput { target_group_arns, ..Default::default() };
    assert_eq!(found(&mut region, input), ["a", "c"]);
    let page = DescribeTargetGroupsInput { page_size: Some(2), ..Default::default() };
    let marker = region.ok::<DescribeTargetGroups>(page).next_marker;
    assert!(marker.is_some());
    let rest = DescribeTargetGroupsInput { marker, ..Default::default() };
    assert_eq!(found(&mut region, rest), ["c"]);
}

#[test]
fn groups_that_are_not_there_are_not_found() {
    let mut region = region();
    let arn = group(&mut region, "web");
    let by = |arns: &[&str], names: &[&str], balancer: Option<&str>| DescribeTargetGroupsInput {
        target_group_arns: Some(texts(arns)),
        names: Some(texts(names)),
        load_balancer_arn: balancer.map(str::to_owned),
        ..Default::default()
    };
    for (input, expected) in [
        (by(&[], &["gone"], None), "TargetGroupNotFound: One or more target groups not found"),
        (by(&["arn:gone"], &[], None), "TargetGroupNotFound: One or more target groups not found"),
        (
            by(&[], &[], Some("arn:gone")),
            "LoadBalancerNotFound: Load balancer 'arn:gone' not found",
        ),
        (
            by(&[&arn], &["web"], None),
            "ValidationError: Target group names, target group ARNs, and a load balancer ARN cannot \
             be specified at the same time",
        ),
    ] {
        assert_eq!(region.fault::<DescribeTargetGroups>(input), expected);
    }
}

#[test]
fn a_group_in_use_is_not_deleted() {
    let mut region = region();
    let (shop, web) = (balancer(&mut region, "shop"), group(&mut region, "web"));
    let made = region.ok::<CreateListener>(new_listener(&shop, 80, forward(&web)));
    let listener_arn = only(made.listeners).listener_arn.unwrap();
    let input = DeleteTargetGroupInput { target_group_arn: web.clone() };
    let fault = region.fault::<DeleteTargetGroup>(input.clone());
    let expected =
        format!("ResourceInUse: Target group '{web}' is currently in use by a listener or a rule");
    assert_eq!(fault, expected);
    region.ok::<DeleteListener>(DeleteListenerInput { listener_arn });
    region.ok::<DeleteTargetGroup>(input.clone());
    region.ok::<DeleteTargetGroup>(input);
    assert_eq!(region.world.target_groups.len(), 0);
}

#[test]
fn a_deleted_group_takes_its_targets_with_it() {
    let mut region = region();
    let (kept, gone) = (group(&mut region, "kept"), group(&mut region, "gone"));
    for arn in [&kept, &gone] {
        region.ok::<RegisterTargets>(RegisterTargetsInput {
            target_group_arn: arn.clone(),
            targets: vec![TargetDescription { id: "172.31.0.9".to_owned(), ..Default::default() }],
        });
    }
    region.ok::<DeleteTargetGroup>(DeleteTargetGroupInput { target_group_arn: gone });
    let left: Vec<_> = region.world.targets.iter().map(|row| row.key.group.as_str()).collect();
    assert_eq!(left, [kept]);
}
