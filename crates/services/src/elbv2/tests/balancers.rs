use super::*;
use crate::elbv2::quota;
use model::{Pace, Span};

fn described(region: &mut Region, name: &str) -> LoadBalancer {
    let names = Some(texts(&[name]));
    let input = DescribeLoadBalancersInput { names, ..Default::default() };
    only(region.ok::<DescribeLoadBalancers>(input).load_balancers)
}

fn state(region: &mut Region, name: &str) -> String {
    described(region, name).state.unwrap().code.unwrap()
}

#[test]
fn a_new_load_balancer_has_what_was_given_and_awss_defaults() {
    let mut region = region();
    let made = only(region.ok::<CreateLoadBalancer>(new_balancer("shop")).load_balancers);
    let (arn, host) = (made.load_balancer_arn.clone().unwrap(), made.dns_name.clone().unwrap());
    let id = arn
        .strip_prefix("arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/app/shop/")
        .unwrap();
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let number = host.strip_prefix("shop-").unwrap();
    let number = number.strip_suffix(".eu-west-1.elb.localhost").unwrap();
    assert!(number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit()), "{host}");
    assert_eq!(made.canonical_hosted_zone_id.as_deref(), Some("Z32O12XQLNTSW2"));
    assert_eq!(made.scheme.as_deref(), Some("internet-facing"));
    assert_eq!(made.r#type.as_deref(), Some("application"));
    assert_eq!(made.ip_address_type.as_deref(), Some("ipv4"));
    assert_eq!(made.vpc_id.as_deref(), Some(VPC));
    assert_eq!(made.security_groups, Some(texts(&["sg-00000000000000001"])));
    assert_eq!(made.created_time, Some(region.now));
    let zones = made.availability_zones.clone().unwrap();
    let zones: Vec<_> = zones.iter().map(|zone| zone.zone_name.as_deref().unwrap()).collect();
    assert_eq!(zones, ["eu-west-1a", "eu-west-1b"]);
    assert_eq!(made, described(&mut region, "shop"));
}

#[test]
fn an_internal_load_balancer_says_so_in_its_host_name() {
    let mut region = region();
    let scheme = Some("internal".to_owned());
    region.ok::<CreateLoadBalancer>(CreateLoadBalancerInput { scheme, ..new_balancer("api") });
    let host = described(&mut region, "api").dns_name.unwrap();
    assert!(host.starts_with("internal-api-"), "{host}");
}

#[test]
fn a_load_balancer_is_provisioned_at_the_regions_speed() {
    let mut region = region();
    balancer(&mut region, "slow");
    region.pace = Pace::new(10.0).unwrap();
    balancer(&mut region, "fast");
    assert_eq!(state(&mut region, "fast"), "provisioning");
    region.pass(Span::seconds(1));
    assert_eq!(state(&mut region, "fast"), "active");
    assert_eq!(state(&mut region, "slow"), "provisioning");
    region.pass(Span::seconds(9));
    assert_eq!(state(&mut region, "slow"), "active");
}

#[test]
fn the_same_request_makes_one_load_balancer() {
    let mut region = region();
    let first = region.ok::<CreateLoadBalancer>(new_balancer("shop"));
    let tags = Some(vec![Tag { key: "team".to_owned(), value: None }]);
    let again = CreateLoadBalancerInput { subnets: subnets(&[2, 1]), tags, ..new_balancer("shop") };
    assert_eq!(region.ok::<CreateLoadBalancer>(again), first);
    let other = CreateLoadBalancerInput { subnets: subnets(&[1, 3]), ..new_balancer("shop") };
    assert_eq!(
        region.fault::<CreateLoadBalancer>(other),
        "DuplicateLoadBalancerName: A load balancer with the same name 'shop' exists, but with \
         different settings"
    );
    assert_eq!(region.world.load_balancers.len(), 1);
}

#[test]
fn a_load_balancer_that_aws_would_not_make_is_refused() {
    let input = || new_balancer("a");
    let two_zones = "ValidationError: At least two subnets in two different Availability Zones must \
                     be specified";
    for (input, expected) in [
        (
            new_balancer("-a"),
            "ValidationError: The load balancer name '-a' cannot begin with a hyphen(-)",
        ),
        (CreateLoadBalancerInput { subnets: subnets(&[1]), ..input() }, two_zones),
        (CreateLoadBalancerInput { subnets: None, ..input() }, two_zones),
        (
            CreateLoadBalancerInput { subnets: subnets(&[1, 9]), ..input() },
            "SubnetNotFound: The subnet ID 'subnet-00000000000000009' does not exist",
        ),
        (
            CreateLoadBalancerInput { subnets: subnets(&[1, 1]), ..input() },
            "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in \
             the same Availability Zone",
        ),
        (
            CreateLoadBalancerInput {
                subnet_mappings: Some(vec![SubnetMapping::default()]),
                ..input()
            },
            "ValidationError: You must specify either subnets or subnet mappings, but not both",
        ),
        (
            CreateLoadBalancerInput { security_groups: Some(texts(&["sg-9"])), ..input() },
            "InvalidConfigurationRequest: One or more security groups are invalid",
        ),
    ] {
        assert_eq!(region().fault::<CreateLoadBalancer>(input), expected);
    }
}

#[test]
fn a_load_balancer_that_the_region_can_t_serve_is_refused() {
    let text = |text: &str| Some(text.to_owned());
    let input = || new_balancer("a");
    for (input, expected) in [
        (
            CreateLoadBalancerInput { r#type: text("network"), ..input() },
            "InvalidConfigurationRequest: the local region has Application Load Balancers: load \
             balancers of type 'network' are not implemented",
        ),
        (
            CreateLoadBalancerInput { ip_address_type: text("dualstack"), ..input() },
            "InvalidConfigurationRequest: You must specify subnets with an associated IPv6 CIDR \
             block.",
        ),
        (
            CreateLoadBalancerInput { customer_owned_ipv4_pool: text("pool"), ..input() },
            "ValidationError: the local region does not implement 'CustomerOwnedIpv4Pool'",
        ),
        (
            CreateLoadBalancerInput { ipam_pools: Some(IpamPools::default()), ..input() },
            "ValidationError: the local region does not implement 'IpamPools'",
        ),
        (
            CreateLoadBalancerInput { enable_prefix_for_ipv6_source_nat: text("on"), ..input() },
            "InvalidConfigurationRequest: 'EnablePrefixForIpv6SourceNat' can only be specified for \
             LoadBalancer type 'network'.",
        ),
    ] {
        assert_eq!(region().fault::<CreateLoadBalancer>(input), expected);
    }
}

#[test]
fn a_mapping_maps_nothing_but_a_subnet() {
    let text = |text: &str| Some(text.to_owned());
    let none = SubnetMapping::default;
    for (mapping, expected) in [
        (
            SubnetMapping { allocation_id: text("eipalloc-1"), ..none() },
            "Elastic IPs are not supported for load balancers with type 'application'",
        ),
        (
            SubnetMapping { private_i_pv4_address: text("172.31.0.9"), ..none() },
            "You can only specify private IPv4 addresses for Network Load Balancers with scheme \
             'internal'.",
        ),
        (
            SubnetMapping { i_pv6_address: text("::1"), ..none() },
            "You must specify subnets with an associated IPv6 CIDR block.",
        ),
        (
            SubnetMapping { source_nat_ipv6_prefix: text("auto_assigned"), ..none() },
            "'EnablePrefixForIpv6SourceNat' can only be specified for LoadBalancer type 'network'.",
        ),
    ] {
        let subnet_mappings = Some(vec![mapping]);
        let input = CreateLoadBalancerInput { subnets: None, subnet_mappings, ..new_balancer("a") };
        let fault = region().fault::<CreateLoadBalancer>(input);
        assert_eq!(fault, format!("InvalidConfigurationRequest: {expected}"));
    }
}

#[test]
fn subnets_can_be_given_as_mappings() {
    let mut region = region();
    let mapping = |id: String| SubnetMapping { subnet_id: Some(id), ..Default::default() };
    let mappings = subnets(&[2, 3]).unwrap().into_iter().map(mapping).collect();
    region.ok::<CreateLoadBalancer>(CreateLoadBalancerInput {
        subnets: None,
        subnet_mappings: Some(mappings),
        ..new_balancer("shop")
    });
    let zones = described(&mut region, "shop").availability_zones.unwrap();
    let ids: Vec<_> = zones.into_iter().filter_map(|zone| zone.subnet_id).collect();
    assert_eq!(Some(ids), subnets(&[2, 3]));
}

#[test]
fn a_region_has_so_many_load_balancers() {
    let mut region = region();
    for number in 0..quota::LOAD_BALANCERS {
        balancer(&mut region, &format!("shop-{number}"));
    }
    let fault = region.fault::<CreateLoadBalancer>(new_balancer("more"));
    assert!(fault.starts_with("TooManyLoadBalancers: "), "{fault}");
    region.ok::<CreateLoadBalancer>(new_balancer("shop-0"));
}

#[test]
fn load_balancers_are_described_by_arn_by_name_and_in_pages() {
    let mut region = region();
    let arns: Vec<_> = ["a", "b", "c"].map(|name| balancer(&mut region, name)).to_vec();
    let mut found = Vec::new();
    let mut marker = None;
    loop {
        let input = DescribeLoadBalancersInput { page_size: Some(2), marker, ..Default::default() };
        let page = region.ok::<DescribeLoadBalancers>(input);
        found.extend(
            page.load_balancers.unwrap().into_iter().filter_map(|row| row.load_balancer_arn),
        );
        marker = page.next_marker;
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(found, arns);
    let by_arn = DescribeLoadBalancersInput {
        load_balancer_arns: Some(vec![arns[1].clone()]),
        ..Default::default()
    };
    let found = only(region.ok::<DescribeLoadBalancers>(by_arn).load_balancers);
    assert_eq!(found.load_balancer_name.as_deref(), Some("b"));
}

#[test]
fn load_balancers_that_are_not_there_are_not_found() {
    let mut region = region();
    let arn = balancer(&mut region, "shop");
    let by = |arns: &[&str], names: &[&str]| DescribeLoadBalancersInput {
        load_balancer_arns: Some(texts(arns)),
        names: Some(texts(names)),
        ..Default::default()
    };
    for (input, expected) in [
        (
            by(&[], &["shop", "gone", "lost"]),
            "LoadBalancerNotFound: Load balancers '[gone, lost]' not found",
        ),
        (
            by(&[&arn, "arn:gone"], &[]),
            "LoadBalancerNotFound: One or more load balancers not found",
        ),
        (
            by(&[&arn], &["shop"]),
            "ValidationError: Load balancer names and load balancer ARNs cannot be specified at the \
             same time",
        ),
        (
            DescribeLoadBalancersInput { marker: Some("?".to_owned()), ..Default::default() },
            "ValidationError: The specified marker is not valid",
        ),
    ] {
        assert_eq!(region.fault::<DescribeLoadBalancers>(input), expected);
    }
}

#[test]
fn subnets_and_security_groups_are_replaced() {
    let mut region = region();
    let arn = balancer(&mut region, "shop");
    let input = |zones: &[u8]| SetSubnetsInput {
        load_balancer_arn: arn.clone(),
        subnets: subnets(zones),
        ..Default::default()
    };
    let set = region.ok::<SetSubnets>(input(&[2, 3]));
    assert_eq!(set.ip_address_type.as_deref(), Some("ipv4"));
    assert_eq!(set.availability_zones, described(&mut region, "shop").availability_zones);
    let fault = region.fault::<SetSubnets>(input(&[2]));
    assert!(fault.starts_with("ValidationError: At least two subnets"), "{fault}");

    let input = |groups: &[&str]| SetSecurityGroupsInput {
        load_balancer_arn: arn.clone(),
        security_groups: texts(groups),
        ..Default::default()
    };
    let own = ["sg-00000000000000001"];
    assert_eq!(region.ok::<SetSecurityGroups>(input(&own)).security_group_ids, Some(texts(&own)));
    let fault = region.fault::<SetSecurityGroups>(input(&["sg-9"]));
    assert_eq!(fault, "InvalidConfigurationRequest: One or more security groups are invalid");
    assert!(region.fault::<SetSecurityGroups>(input(&[])).starts_with("ValidationError: "));
}

#[test]
fn a_deleted_load_balancer_takes_its_listeners_and_rules_with_it() {
    let mut region = region();
    let (kept, gone) = (balancer(&mut region, "kept"), balancer(&mut region, "gone"));
    let stays = listener(&mut region, &kept);
    let goes = listener(&mut region, &gone);
    rule(&mut region, &stays, 1);
    rule(&mut region, &goes, 1);
    let input = DeleteLoadBalancerInput { load_balancer_arn: gone };
    region.ok::<DeleteLoadBalancer>(input.clone());
    region.ok::<DeleteLoadBalancer>(input);
    let world = &region.world;
    assert_eq!(world.load_balancers.iter().map(|row| row.arn.as_str()).collect::<Vec<_>>(), [kept]);
    assert_eq!(world.listeners.iter().map(|row| row.arn.as_str()).collect::<Vec<_>>(), [stays]);
    assert_eq!(world.rules.len(), 1);
}

#[test]
fn a_protected_load_balancer_is_not_deleted() {
    let mut region = region();
    let arn = balancer(&mut region, "shop");
    let protect = |value: &str| ModifyLoadBalancerAttributesInput {
        load_balancer_arn: arn.clone(),
        attributes: vec![LoadBalancerAttribute {
            key: Some("deletion_protection.enabled".to_owned()),
            value: Some(value.to_owned()),
        }],
    };
    region.ok::<ModifyLoadBalancerAttributes>(protect("true"));
    let delete = DeleteLoadBalancerInput { load_balancer_arn: arn.clone() };
    assert_eq!(
        region.fault::<DeleteLoadBalancer>(delete.clone()),
        format!(
            "OperationNotPermitted: Load balancer '{arn}' cannot be deleted because deletion \
             protection is enabled"
        )
    );
    region.ok::<ModifyLoadBalancerAttributes>(protect("false"));
    region.ok::<DeleteLoadBalancer>(delete);
}
