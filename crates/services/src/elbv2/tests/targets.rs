use super::*;
use crate::elbv2::quota;
use model::{Pace, Span};
use world::target::Unhealthy;
use world::{Target, TargetKey, TargetState};

fn at(id: &str) -> TargetDescription {
    TargetDescription { id: id.to_owned(), ..Default::default() }
}

fn on(id: &str, port: i32) -> TargetDescription {
    TargetDescription { port: Some(port), ..at(id) }
}

fn in_zone(id: &str, zone: &str) -> TargetDescription {
    TargetDescription { availability_zone: Some(zone.to_owned()), ..at(id) }
}

fn registered(group: &str, targets: Vec<TargetDescription>) -> RegisterTargetsInput {
    RegisterTargetsInput { target_group_arn: group.to_owned(), targets }
}

fn leaving(group: &str, targets: Vec<TargetDescription>) -> DeregisterTargetsInput {
    DeregisterTargetsInput { target_group_arn: group.to_owned(), targets }
}

fn health(region: &mut Region, group: &str) -> Vec<TargetHealthDescription> {
    let input =
        DescribeTargetHealthInput { target_group_arn: group.to_owned(), ..Default::default() };
    region.ok::<DescribeTargetHealth>(input).target_health_descriptions.unwrap()
}

/// State, reason and text of each target.
fn said(shown: Vec<TargetHealthDescription>) -> Vec<String> {
    let said = shown.into_iter().map(|shown| {
        let health = shown.target_health.unwrap();
        let parts = [health.state, health.reason, health.description];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    said.collect()
}

/// Puts a target in a state, as the engine does.
fn turn(region: &mut Region, group: &str, state: TargetState) {
    let group = group.into();
    let target = region.world.targets_of(&group).next().unwrap();
    region.put(target.turned(state, region.now));
}

fn states(region: &Region) -> Vec<(String, u16, TargetState)> {
    let state = |row: &Target| (row.key.id.clone(), row.key.port, row.state.clone());
    region.world.targets.iter().map(state).collect()
}

#[test]
fn a_target_has_the_groups_port_and_its_subnets_zone() {
    let mut region = region();
    let web = group(&mut region, "web");
    region.ok::<RegisterTargets>(registered(&web, vec![at("172.31.17.9"), on("172.31.0.9", 3000)]));
    let shown = health(&mut region, &web);
    let targets: Vec<_> = shown.iter().filter_map(|shown| shown.target.clone()).collect();
    let zoned = |id, port, zone: &str| TargetDescription { port: Some(port), ..in_zone(id, zone) };
    assert_eq!(
        targets,
        [zoned("172.31.0.9", 3000, "eu-west-1a"), zoned("172.31.17.9", 80, "eu-west-1b")]
    );
    let ports: Vec<_> = shown.iter().filter_map(|shown| shown.health_check_port.clone()).collect();
    assert_eq!(ports, ["3000", "80"]);
    assert_eq!(
        said(shown),
        ["initial, Elb.RegistrationInProgress, Target registration is in progress"; 2]
    );
}

#[test]
fn a_target_outside_of_the_vpc_names_its_zone() {
    let mut region = region();
    let web = group(&mut region, "web");
    for (target, expected) in [
        (in_zone("10.0.0.1", "all"), ""),
        (in_zone("100.64.0.1", "eu-west-1c"), ""),
        (
            at("192.168.0.1"),
            "You must specify an Availability Zone or 'all' for the IP address '192.168.0.1', \
             because it is outside the VPC",
        ),
        (in_zone("10.0.0.1", "us-east-1a"), "Availability Zone 'us-east-1a' is not valid"),
        (
            in_zone("8.8.8.8", "all"),
            "The IP address '8.8.8.8' is not allowed, as it must be an address from a VPC subnet, \
             RFC1918, or RFC6598",
        ),
        (
            in_zone("127.0.0.1", "all"),
            "The IP address '127.0.0.1' is not allowed, as it must be an address from a VPC subnet, \
             RFC1918, or RFC6598",
        ),
        (at("web.internal"), "The IP address 'web.internal' is not a valid IPv4 address"),
        (
            TargetDescription { quic_server_id: Some("0x1".to_owned()), ..at("172.31.0.9") },
            "A QUIC server ID cannot be specified for target groups with protocol 'HTTP'",
        ),
    ] {
        let said = region.call::<RegisterTargets>(registered(&web, vec![target]));
        let said = said.err().map_or_else(String::new, |fault| fault.message);
        assert_eq!(said, expected);
    }
}

#[test]
fn what_listens_on_this_machine_can_be_a_target_where_the_vpc_is_there_too() {
    let mut region = region();
    region.world.vpc.prefix = [127, 20];
    let web = group(&mut region, "web");
    let target = TargetDescription { port: Some(3000), ..in_zone("127.0.0.1", "all") };
    region.ok::<RegisterTargets>(registered(&web, vec![target]));
    assert_eq!(states(&region), [("127.0.0.1".to_owned(), 3000, TargetState::Registering)]);
}

#[test]
fn there_are_no_instances_to_register() {
    let mut region = region();
    let input = CreateTargetGroupInput { target_type: None, ..new_group("vm") };
    let group = only(region.ok::<CreateTargetGroup>(input).target_groups);
    assert_eq!(group.target_type.as_deref(), Some("instance"));
    let group = group.target_group_arn.unwrap();
    let fault = region.fault::<RegisterTargets>(registered(&group, vec![at("i-0123456789")]));
    assert_eq!(
        fault,
        "InvalidTarget: The following targets are not in a running state and cannot be registered: \
         'i-0123456789' (the local region has no instances)"
    );
}

#[test]
fn a_target_is_registered_once_and_comes_back_from_draining() {
    let mut region = region();
    let web = group(&mut region, "web");
    let target = || vec![at("172.31.0.9")];
    region.ok::<RegisterTargets>(registered(&web, target()));
    turn(&mut region, &web, TargetState::Healthy);
    region.ok::<RegisterTargets>(registered(&web, target()));
    assert_eq!(states(&region), [("172.31.0.9".to_owned(), 80, TargetState::Healthy)]);
    region.ok::<DeregisterTargets>(leaving(&web, target()));
    region.ok::<RegisterTargets>(registered(&web, target()));
    assert_eq!(states(&region), [("172.31.0.9".to_owned(), 80, TargetState::Registering)]);
}

#[test]
fn a_group_has_so_many_targets() {
    let mut region = region();
    let web = group(&mut region, "web");
    let targets = |ports: std::ops::Range<usize>| {
        ports.map(|port| on("172.31.0.9", i32::try_from(port).unwrap())).collect()
    };
    region.ok::<RegisterTargets>(registered(&web, targets(1..quota::TARGETS_PER_GROUP + 1)));
    let more = targets(quota::TARGETS_PER_GROUP..quota::TARGETS_PER_GROUP + 2);
    let fault = region.fault::<RegisterTargets>(registered(&web, more));
    assert!(fault.starts_with("TooManyTargets: "), "{fault}");
    assert_eq!(region.world.targets.len(), quota::TARGETS_PER_GROUP);
}

#[test]
fn a_target_drains_for_the_delay_at_the_regions_speed() {
    let mut region = region();
    let web = group(&mut region, "web");
    region.ok::<RegisterTargets>(registered(&web, vec![at("172.31.0.9")]));
    turn(&mut region, &web, TargetState::Healthy);
    region.pace = Pace::new(100.0).unwrap();
    let until = region.now + Span::seconds(3);
    region.ok::<DeregisterTargets>(leaving(&web, vec![at("172.31.0.9"), at("172.31.0.10")]));
    region.pass(Span::seconds(1));
    // A second request does not start the wait anew.
    region.ok::<DeregisterTargets>(leaving(&web, vec![at("172.31.0.9")]));
    let draining = TargetState::Draining { until };
    assert_eq!(states(&region), [("172.31.0.9".to_owned(), 80, draining)]);
}

#[test]
fn a_target_without_traffic_leaves_at_once() {
    let mut region = region();
    let web = group(&mut region, "web");
    region.ok::<RegisterTargets>(registered(&web, vec![at("172.31.0.9")]));
    turn(&mut region, &web, TargetState::NotInUse);
    region.ok::<DeregisterTargets>(leaving(&web, vec![at("172.31.0.9")]));
    assert_eq!(states(&region), []);
}

#[test]
fn health_is_said_in_awss_words() {
    let mut region = region();
    let web = group(&mut region, "web");
    region.ok::<RegisterTargets>(registered(&web, vec![at("172.31.0.9")]));
    for (state, expected) in [
        (TargetState::Healthy, "healthy"),
        (
            TargetState::Unhealthy(Unhealthy::Codes("502".to_owned())),
            "unhealthy, Target.ResponseCodeMismatch, Health checks failed with these codes: [502]",
        ),
        (
            TargetState::Unhealthy(Unhealthy::Timeout),
            "unhealthy, Target.Timeout, Request timed out",
        ),
        (
            TargetState::NotInUse,
            "unused, Target.NotInUse, Target group is not configured to receive traffic from the \
             load balancer",
        ),
    ] {
        turn(&mut region, &web, state);
        assert_eq!(said(health(&mut region, &web)), [expected]);
    }
}

#[test]
fn health_is_asked_for_by_target() {
    let mut region = region();
    let web = group(&mut region, "web");
    let targets = vec![on("172.31.0.9", 1), on("172.31.0.9", 2), on("172.31.0.8", 1)];
    region.ok::<RegisterTargets>(registered(&web, targets));
    let mut ask = |targets: Vec<TargetDescription>| {
        let input = DescribeTargetHealthInput {
            target_group_arn: web.clone(),
            targets: Some(targets),
            ..Default::default()
        };
        region.ok::<DescribeTargetHealth>(input).target_health_descriptions.unwrap()
    };
    let ports = |shown: Vec<TargetHealthDescription>| -> Vec<_> {
        shown.into_iter().filter_map(|shown| shown.target?.port).collect()
    };
    assert_eq!(ports(ask(vec![at("172.31.0.9")])), [1, 2]);
    assert_eq!(ports(ask(vec![on("172.31.0.9", 2)])), [2]);
    assert_eq!(
        said(ask(vec![on("172.31.0.9", 3)])),
        ["unused, Target.NotRegistered, Target is not registered to the target group"]
    );
}

#[test]
fn targets_of_a_group_that_is_not_there_are_not_found() {
    let mut region = region();
    let gone = "arn:gone";
    let expected = "TargetGroupNotFound: Target groups 'arn:gone' not found";
    let targets = || vec![at("172.31.0.9")];
    assert_eq!(region.fault::<RegisterTargets>(registered(gone, targets())), expected);
    assert_eq!(region.fault::<DeregisterTargets>(leaving(gone, targets())), expected);
    let input =
        DescribeTargetHealthInput { target_group_arn: gone.to_owned(), ..Default::default() };
    assert_eq!(region.fault::<DescribeTargetHealth>(input), expected);
}

#[test]
fn a_request_names_targets() {
    let mut region = region();
    let web = group(&mut region, "web");
    let expected = "ValidationError: A target must be specified";
    assert_eq!(region.fault::<RegisterTargets>(registered(&web, Vec::new())), expected);
    assert_eq!(region.fault::<DeregisterTargets>(leaving(&web, Vec::new())), expected);
}

#[test]
fn a_target_that_a_service_registered_stays_the_services() {
    let mut region = region();
    let web = group(&mut region, "web");
    let key = TargetKey { group: web.as_str().into(), id: "172.31.0.9".to_owned(), port: 80 };
    let service = world::ServiceKey { cluster: "shop".into(), name: "web".into() };
    let target = Target::registered(key.clone(), None, Some(service.clone()), region.now);
    let until = region.now;
    region.put(target.turned(TargetState::Draining { until }, region.now));
    region.ok::<RegisterTargets>(registered(&web, vec![at("172.31.0.9")]));
    let target = region.world.targets.get(&key).unwrap();
    assert_eq!(target.service, Some(service));
}
