//! Networks that clients make, and how their parts hold each other.

use super::{filter, region, task};
use crate::testing::Region;
use api::Call;
use api::ec2::*;
use model::Ids;
use world::task::Attachment;
use world::vpc::SubnetPlace;

fn vpc(region: &mut Region) -> String {
    let request =
        CreateVpcRequest { cidr_block: Some("10.0.0.0/16".to_owned()), ..Default::default() };
    region.ok::<CreateVpc>(request).vpc.unwrap().vpc_id.unwrap()
}

fn subnet_in(vpc: &str, range: &str) -> CreateSubnetRequest {
    CreateSubnetRequest {
        vpc_id: vpc.to_owned(),
        cidr_block: Some(range.to_owned()),
        availability_zone: Some("eu-west-1b".to_owned()),
        ..Default::default()
    }
}

fn subnet(region: &mut Region, vpc: &str, range: &str) -> String {
    region.ok::<CreateSubnet>(subnet_in(vpc, range)).subnet.unwrap().subnet_id.unwrap()
}

fn group(region: &mut Region, vpc: &str, name: &str) -> String {
    let request = CreateSecurityGroupRequest {
        group_name: name.to_owned(),
        description: name.to_owned(),
        vpc_id: Some(vpc.to_owned()),
        ..Default::default()
    };
    region.ok::<CreateSecurityGroup>(request).group_id.unwrap()
}

fn tcp(port: i32) -> IpPermission {
    IpPermission {
        ip_protocol: Some("tcp".to_owned()),
        from_port: Some(port),
        to_port: Some(port),
        ..Default::default()
    }
}

fn from_range(permission: IpPermission, range: &str) -> IpPermission {
    let range = IpRange { cidr_ip: Some(range.to_owned()), description: None };
    IpPermission { ip_ranges: Some(vec![range]), ..permission }
}

fn from_group(permission: IpPermission, group: &str) -> IpPermission {
    let pair = UserIdGroupPair { group_id: Some(group.to_owned()), ..Default::default() };
    IpPermission { user_id_group_pairs: Some(vec![pair]), ..permission }
}

fn allow(group: &str, permission: IpPermission) -> AuthorizeSecurityGroupIngressRequest {
    AuthorizeSecurityGroupIngressRequest {
        group_id: Some(group.to_owned()),
        ip_permissions: Some(vec![permission]),
        ..Default::default()
    }
}

/// Checks that a call is refused with a code.
fn refused<C: Call>(region: &mut Region, input: C::Input, expected: &str) {
    let fault = region.fault::<C>(input);
    assert!(fault.starts_with(expected), "{}: {fault}", C::OPERATION.name);
}

#[test]
fn a_vpc_comes_with_a_main_table_and_a_group() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let filters = || filter("vpc-id", &[&vpc]);
    let request = DescribeRouteTablesRequest { filters: filters(), ..Default::default() };
    let tables = region.ok::<DescribeRouteTables>(request).route_tables.unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].associations.as_ref().unwrap()[0].main, Some(true));
    let local = &tables[0].routes.as_ref().unwrap()[0];
    assert_eq!(local.gateway_id.as_deref(), Some("local"));
    let request = DescribeSecurityGroupsRequest { filters: filters(), ..Default::default() };
    let groups = region.ok::<DescribeSecurityGroups>(request).security_groups.unwrap();
    assert_eq!(groups[0].group_name.as_deref(), Some("default"));
    let request = DescribeNetworkAclsRequest { filters: filters(), ..Default::default() };
    let acls = region.ok::<DescribeNetworkAcls>(request).network_acls.unwrap();
    assert_eq!((acls.len(), acls[0].is_default), (1, Some(true)));

    region.ok::<DeleteVpc>(DeleteVpcRequest { vpc_id: vpc.clone(), dry_run: None });
    let request = DescribeRouteTablesRequest { filters: filters(), ..Default::default() };
    assert!(region.ok::<DescribeRouteTables>(request).route_tables.unwrap().is_empty());
    assert!(region.world.security_groups.is_empty() && region.world.route_tables.is_empty());
}

#[test]
fn a_range_that_aws_would_not_take_is_refused() {
    let mut region = region();
    for (range, expected) in [
        ("10.0.0.0/8", "InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."),
        ("10.0.0.0", "InvalidParameterValue: Value (10.0.0.0) for parameter cidrBlock is invalid."),
    ] {
        let cidr_block = Some(range.to_owned());
        let request = CreateVpcRequest { cidr_block, ..Default::default() };
        refused::<CreateVpc>(&mut region, request, expected);
    }
    let vpc = vpc(&mut region);
    subnet(&mut region, &vpc, "10.0.0.0/20");
    for (range, expected) in [
        ("10.1.0.0/20", "InvalidSubnet.Range: The CIDR '10.1.0.0/20' is invalid."),
        ("10.0.8.0/24", "InvalidSubnet.Conflict: The CIDR '10.0.8.0/24' conflicts with another"),
    ] {
        refused::<CreateSubnet>(&mut region, subnet_in(&vpc, range), expected);
    }
    let zone = CreateSubnetRequest {
        availability_zone: Some("eu-west-1x".to_owned()),
        ..subnet_in(&vpc, "10.0.16.0/20")
    };
    let expected = "InvalidParameterValue: Value (eu-west-1x) for parameter availabilityZone";
    refused::<CreateSubnet>(&mut region, zone, expected);
    let six = CreateVpcRequest {
        cidr_block: Some("10.0.0.0/16".to_owned()),
        amazon_provided_ipv6_cidr_block: Some(true),
        ..Default::default()
    };
    let expected = "UnsupportedOperation: AmazonProvidedIpv6CidrBlock is not implemented";
    refused::<CreateVpc>(&mut region, six, expected);
}

#[test]
fn tasks_of_a_made_subnet_have_addresses_of_the_local_one_in_its_zone() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let id = subnet(&mut region, &vpc, "10.0.0.0/20");
    let place = region.world.subnet_place(&id).unwrap();
    let SubnetPlace { zone, ground, .. } = &place;
    assert_eq!((zone.as_str(), ground.id.as_str()), ("eu-west-1b", "subnet-00000000000000002"));
    let mut held = task(&region, &mut Ids::seeded(3), Attachment::Attached);
    held.eni.subnet = id.as_str().into();
    region.put(held);
    let request = DeleteSubnetRequest { subnet_id: id, dry_run: None };
    refused::<DeleteSubnet>(&mut region, request, "DependencyViolation: The subnet 'subnet-");
}

#[test]
fn a_network_is_taken_apart_from_its_leaves() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let subnet = subnet(&mut region, &vpc, "10.0.0.0/20");
    let gateway = region.ok::<CreateInternetGateway>(CreateInternetGatewayRequest::default());
    let gateway = gateway.internet_gateway.unwrap().internet_gateway_id.unwrap();
    let attach = || AttachInternetGatewayRequest {
        internet_gateway_id: gateway.clone(),
        vpc_id: vpc.clone(),
        dry_run: None,
    };
    region.ok::<AttachInternetGateway>(attach());
    refused::<AttachInternetGateway>(&mut region, attach(), "Resource.AlreadyAssociated: resource");
    let delete = || DeleteVpcRequest { vpc_id: vpc.clone(), dry_run: None };
    refused::<DeleteVpc>(&mut region, delete(), "DependencyViolation: The vpc 'vpc-");
    region.ok::<DeleteSubnet>(DeleteSubnetRequest { subnet_id: subnet, dry_run: None });
    let gone =
        || DeleteInternetGatewayRequest { internet_gateway_id: gateway.clone(), dry_run: None };
    let expected = "DependencyViolation: The internetGateway 'igw-";
    refused::<DeleteInternetGateway>(&mut region, gone(), expected);
    region.ok::<DetachInternetGateway>(DetachInternetGatewayRequest {
        internet_gateway_id: gateway.clone(),
        vpc_id: vpc.clone(),
        dry_run: None,
    });
    region.ok::<DeleteInternetGateway>(gone());
    region.ok::<DeleteVpc>(delete());
    refused::<DeleteVpc>(&mut region, delete(), "InvalidVpcID.NotFound: The vpc ID");
    let local = DeleteVpcRequest { vpc_id: "vpc-00000000000000001".to_owned(), dry_run: None };
    refused::<DeleteVpc>(&mut region, local, "OperationNotPermitted: the local region's default");
}

#[test]
fn a_route_whose_gateway_is_gone_is_a_black_hole() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let subnet = subnet(&mut region, &vpc, "10.0.0.0/20");
    let address = region.ok::<AllocateAddress>(AllocateAddressRequest::default());
    let nat = region.ok::<CreateNatGateway>(CreateNatGatewayRequest {
        subnet_id: Some(subnet.clone()),
        allocation_id: address.allocation_id.clone(),
        ..Default::default()
    });
    let nat = nat.nat_gateway.unwrap().nat_gateway_id.unwrap();
    let table = region.ok::<CreateRouteTable>(CreateRouteTableRequest {
        vpc_id: vpc.clone(),
        ..Default::default()
    });
    let table = table.route_table.unwrap().route_table_id.unwrap();
    let route = |to: &str| CreateRouteRequest {
        route_table_id: table.clone(),
        destination_cidr_block: Some(to.to_owned()),
        nat_gateway_id: Some(nat.clone()),
        ..Default::default()
    };
    region.ok::<CreateRoute>(route("0.0.0.0/0"));
    let expected = "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.";
    refused::<CreateRoute>(&mut region, route("0.0.0.0/0"), expected);
    let expected = "InvalidParameterValue: The destination CIDR block 10.0.0.0/24 is equal to";
    refused::<CreateRoute>(&mut region, route("10.0.0.0/24"), expected);
    let release = || ReleaseAddressRequest {
        allocation_id: address.allocation_id.clone(),
        ..Default::default()
    };
    refused::<ReleaseAddress>(&mut region, release(), "InvalidIPAddress.InUse: Address 203.0.113");
    region.ok::<DeleteNatGateway>(DeleteNatGatewayRequest {
        nat_gateway_id: nat.clone(),
        dry_run: None,
    });
    region.ok::<ReleaseAddress>(release());
    let request = DescribeRouteTablesRequest {
        route_table_ids: Some(vec![table.clone()]),
        ..Default::default()
    };
    let tables = region.ok::<DescribeRouteTables>(request).route_tables.unwrap();
    let routes = tables[0].routes.as_ref().unwrap();
    assert_eq!(routes[1].state.as_deref(), Some("blackhole"));
    let associate = || AssociateRouteTableRequest {
        route_table_id: table.clone(),
        subnet_id: Some(subnet.clone()),
        ..Default::default()
    };
    region.ok::<AssociateRouteTable>(associate());
    let expected = "Resource.AlreadyAssociated: the specified association for route table";
    refused::<AssociateRouteTable>(&mut region, associate(), expected);
    let delete = DeleteRouteTableRequest { route_table_id: table.clone(), dry_run: None };
    refused::<DeleteRouteTable>(&mut region, delete, "DependencyViolation: The routeTable 'rtb-");
}

#[test]
fn a_rule_is_there_once_and_its_parts_are_rules_of_their_own() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let group = group(&mut region, &vpc, "web");
    region.ok::<AuthorizeSecurityGroupIngress>(allow(&group, from_range(tcp(80), "10.0.0.7/8")));
    region.ok::<AuthorizeSecurityGroupIngress>(allow(&group, from_range(tcp(80), "0.0.0.0/0")));
    let expected = "InvalidPermission.Duplicate: the specified rule \"peer: 10.0.0.0/8, TCP, from \
                    port: 80, to port: 80, ALLOW\" already exists";
    let again = allow(&group, from_range(tcp(80), "10.0.0.0/8"));
    refused::<AuthorizeSecurityGroupIngress>(&mut region, again, expected);
    let request = DescribeSecurityGroupsRequest {
        group_ids: Some(vec![group.clone()]),
        ..Default::default()
    };
    let groups = region.ok::<DescribeSecurityGroups>(request).security_groups.unwrap();
    let permissions = groups[0].ip_permissions.as_ref().unwrap();
    assert_eq!((permissions.len(), permissions[0].ip_ranges.as_ref().unwrap().len()), (1, 2));
    let revoke = || RevokeSecurityGroupIngressRequest {
        group_id: Some(group.clone()),
        ip_permissions: Some(vec![from_range(tcp(80), "10.0.0.0/8")]),
        ..Default::default()
    };
    let gone = region.ok::<RevokeSecurityGroupIngress>(revoke());
    assert_eq!(gone.revoked_security_group_rules.unwrap().len(), 1);
    let expected = "InvalidPermission.NotFound: The specified rule does not exist";
    refused::<RevokeSecurityGroupIngress>(&mut region, revoke(), expected);
    for (permission, expected) in [
        (
            from_range(tcp(80), "10.0.0.0"),
            "InvalidParameterValue: CIDR block 10.0.0.0 is malformed",
        ),
        (
            from_range(tcp(-1), "0.0.0.0/0"),
            "InvalidParameterValue: Invalid TCP port range (-1, -1).",
        ),
        (from_group(tcp(80), "sg-none"), "InvalidGroup.NotFound: The security group 'sg-none'"),
        (
            from_group(tcp(80), "sg-00000000000000001"),
            "InvalidGroup.NotFound: You have specified two",
        ),
        (tcp(80), "InvalidParameterValue: A permission must name"),
    ] {
        refused::<AuthorizeSecurityGroupIngress>(&mut region, allow(&group, permission), expected);
    }
}

#[test]
fn a_group_that_something_names_stays() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let (web, db) = (group(&mut region, &vpc, "web"), group(&mut region, &vpc, "db"));
    region.ok::<AuthorizeSecurityGroupIngress>(allow(&db, from_group(tcp(5432), &web)));
    let delete = |id: &str| DeleteSecurityGroupRequest {
        group_id: Some(id.to_owned()),
        ..Default::default()
    };
    let expected = format!("DependencyViolation: resource {web} has a dependent object");
    refused::<DeleteSecurityGroup>(&mut region, delete(&web), &expected);
    region.ok::<DeleteSecurityGroup>(delete(&db));
    region.ok::<DeleteSecurityGroup>(delete(&web));
    let default = delete("sg-00000000000000001");
    refused::<DeleteSecurityGroup>(&mut region, default, "CannotDelete: the specified group:");
    let same = |name: &str| CreateSecurityGroupRequest {
        group_name: name.to_owned(),
        description: "x".to_owned(),
        ..Default::default()
    };
    region.ok::<CreateSecurityGroup>(same("web"));
    let expected = "InvalidGroup.Duplicate: The security group 'web' already exists for VPC 'vpc-";
    refused::<CreateSecurityGroup>(&mut region, same("web"), expected);
    let expected = "InvalidParameterValue: Cannot use reserved security group name: default";
    refused::<CreateSecurityGroup>(&mut region, same("default"), expected);
}

#[test]
fn the_local_vpcs_own_group_can_be_changed() {
    let mut region = region();
    let id = "sg-00000000000000001";
    region.ok::<AuthorizeSecurityGroupIngress>(allow(id, from_range(tcp(22), "0.0.0.0/0")));
    let all = DescribeSecurityGroupRulesRequest::default();
    let rules = region.ok::<DescribeSecurityGroupRules>(all).security_group_rules.unwrap();
    assert_eq!(rules.len(), 3);
    let all = DescribeSecurityGroupsRequest::default();
    assert_eq!(region.ok::<DescribeSecurityGroups>(all).security_groups.unwrap().len(), 1);
}

#[test]
fn tags_find_what_has_them_and_go_with_it() {
    let mut region = region();
    let vpc = vpc(&mut region);
    let tag = Tag { key: Some("Name".to_owned()), value: Some("shop".to_owned()) };
    let create = |resource: &str| CreateTagsRequest {
        dry_run: None,
        resources: vec![resource.to_owned()],
        tags: vec![tag.clone()],
    };
    region.ok::<CreateTags>(create(&vpc));
    refused::<CreateTags>(&mut region, create("vpc-none"), "InvalidVpcID.NotFound");
    refused::<CreateTags>(&mut region, create("i-1"), "InvalidID: The ID 'i-1' is not valid");
    for (name, value, expected) in [
        ("tag:Name", "sh*", 1),
        ("tag:Name", "x", 0),
        ("tag-key", "Name", 1),
        ("tag-value", "shop", 1),
    ] {
        let request = DescribeVpcsRequest { filters: filter(name, &[value]), ..Default::default() };
        assert_eq!(region.ok::<DescribeVpcs>(request).vpcs.unwrap().len(), expected, "{name}");
    }
    region.ok::<DeleteVpc>(DeleteVpcRequest { vpc_id: vpc, dry_run: None });
    assert!(region.world.resource_tags.is_empty());
}
