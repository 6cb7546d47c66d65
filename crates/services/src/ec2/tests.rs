use super::table;
use crate::testing::{Region, assert_complete};
use api::ec2::*;
use model::Ids;
use std::collections::BTreeSet;
use world::definition::DefinitionStatus;
use world::task::{Attachment, Launch, Origin};
use world::{DefinitionKey, Stored, Tags, Task, TaskDefinition, TaskOrder};

mod networks;

fn region() -> Region {
    Region::of(table())
}

fn filter(name: &str, values: &[&str]) -> Option<Vec<Filter>> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Some(vec![Filter { name: Some(name.to_owned()), values: Some(values) }])
}

/// A task whose network interface is that far.
fn task(region: &Region, ids: &mut Ids, attachment: Attachment) -> Task {
    let definition = TaskDefinition {
        key: DefinitionKey { family: "web".into(), revision: 1 },
        status: DefinitionStatus::Active,
        record: Stored::default(),
        registered_at: region.now,
        deregistered_at: None,
        delete_requested_at: None,
        tags: Tags::new(),
        containers: Vec::new(),
        cpu: Some(256),
        memory: Some(512),
        task_role: None,
        execution_role: None,
        network_mode: "awsvpc".to_owned(),
        architecture: "X86_64".to_owned(),
        volumes: Vec::new(),
        compatibilities: vec!["FARGATE".to_owned()],
    };
    let order = TaskOrder {
        cluster: "shop".into(),
        definition: &definition,
        origin: Origin::Run,
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: vec!["subnet-00000000000000002".into()],
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: api::ecs::TaskOverride::default(),
        exec: false,
        tags: Tags::new(),
    };
    let task = Task::new(&region.world, order, ids, region.now).unwrap();
    Task { attachment, ..task }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::Ec2, &table());
}

#[test]
fn there_is_one_default_vpc() {
    let mut region = region();
    let vpcs = region.ok::<DescribeVpcs>(DescribeVpcsRequest::default()).vpcs.unwrap();
    assert_eq!(vpcs.len(), 1);
    assert_eq!(vpcs[0].vpc_id.as_deref(), Some("vpc-00000000000000001"));
    assert_eq!(vpcs[0].cidr_block.as_deref(), Some("172.31.0.0/16"));
    assert_eq!(vpcs[0].is_default, Some(true));
}

#[test]
fn a_dry_run_ends_before_anything_is_answered() {
    let request = DescribeVpcsRequest { dry_run: Some(true), ..Default::default() };
    let fault = region().call::<DescribeVpcs>(request).unwrap_err();
    assert_eq!((fault.code, fault.status), ("DryRunOperation", 412));
}

#[test]
fn filters_choose_rows() {
    let mut region = region();
    for (name, values, expected) in [
        ("vpc-id", &["vpc-00000000000000001"][..], 3),
        ("vpc-id", &["vpc-other"], 0),
        ("availability-zone", &["eu-west-1a", "eu-west-1c"], 2),
        ("availabilityZone", &["eu-west-1?"], 3),
        ("availability-zone-id", &["euw1-az2"], 1),
        ("cidr-block", &["172.31.16.0/20"], 1),
        ("default-for-az", &["true"], 3),
        ("map-public-ip-on-launch", &["false"], 0),
        ("tag:Tier", &["*"], 0),
        ("tag-key", &["Tier"], 0),
    ] {
        let request =
            DescribeSubnetsRequest { filters: filter(name, values), ..Default::default() };
        let subnets = region.ok::<DescribeSubnets>(request).subnets.unwrap();
        assert_eq!(subnets.len(), expected, "{name} {values:?}");
    }
}

#[test]
fn all_filters_must_hold() {
    let mut filters = filter("state", &["available"]).unwrap();
    filters.extend(filter("subnet-id", &["subnet-00000000000000003"]).unwrap());
    let request = DescribeSubnetsRequest { filters: Some(filters), ..Default::default() };
    let subnets = region().ok::<DescribeSubnets>(request).subnets.unwrap();
    let zones: Vec<_> =
        subnets.iter().filter_map(|subnet| subnet.availability_zone.as_deref()).collect();
    assert_eq!(zones, ["eu-west-1c"]);
}

#[test]
fn an_unknown_filter_is_refused() {
    let mut region = region();
    let filters = || filter("colour", &["red"]);
    let expected = "InvalidParameterValue: The filter 'colour' is invalid";
    let request = DescribeVpcsRequest { filters: filters(), ..Default::default() };
    assert_eq!(region.fault::<DescribeVpcs>(request), expected);
    let request = DescribeSecurityGroupsRequest { filters: filters(), ..Default::default() };
    assert_eq!(region.fault::<DescribeSecurityGroups>(request), expected);
    let request = DescribeNetworkInterfacesRequest { filters: filters(), ..Default::default() };
    assert_eq!(region.fault::<DescribeNetworkInterfaces>(request), expected);
    let request = DescribeAvailabilityZonesRequest { filters: filters(), ..Default::default() };
    assert_eq!(region.fault::<DescribeAvailabilityZones>(request), expected);
}

#[test]
fn an_id_that_is_not_there_is_not_found() {
    let mut region = region();
    let ids = |id: &str| Some(vec![id.to_owned()]);
    let vpc = |id| DescribeVpcsRequest { vpc_ids: ids(id), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeVpcs>(vpc("vpc-1")),
        "InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist"
    );
    assert_eq!(
        region.fault::<DescribeVpcs>(vpc("main")),
        "InvalidVpcID.Malformed: Invalid id: \"main\" (expecting \"vpc-...\")"
    );
    let subnet = DescribeSubnetsRequest { subnet_ids: ids("subnet-9"), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeSubnets>(subnet),
        "InvalidSubnetID.NotFound: The subnet ID 'subnet-9' does not exist"
    );
    let group = DescribeSecurityGroupsRequest { group_ids: ids("sg-9"), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeSecurityGroups>(group),
        "InvalidGroup.NotFound: The security group 'sg-9' does not exist"
    );
    let group = DescribeSecurityGroupsRequest { group_names: ids("web"), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeSecurityGroups>(group),
        "InvalidGroup.NotFound: The security group 'web' does not exist in default VPC \
         'vpc-00000000000000001'"
    );
    let zone =
        DescribeAvailabilityZonesRequest { zone_names: ids("eu-west-1x"), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeAvailabilityZones>(zone),
        "InvalidParameterValue: Invalid availability zone: [eu-west-1x]"
    );
    let interface = DescribeNetworkInterfacesRequest {
        network_interface_ids: ids("eni-9"),
        ..Default::default()
    };
    assert_eq!(
        region.fault::<DescribeNetworkInterfaces>(interface),
        "InvalidNetworkInterfaceID.NotFound: The networkInterface ID 'eni-9' does not exist"
    );
}

#[test]
fn listings_come_in_pages() {
    let mut region = region();
    let mut page = |next_token: Option<String>| {
        let max_results = Some(2);
        region.ok::<DescribeSubnets>(DescribeSubnetsRequest {
            next_token,
            max_results,
            ..Default::default()
        })
    };
    let first = page(None);
    assert_eq!(first.subnets.unwrap().len(), 2);
    let second = page(first.next_token);
    assert_eq!((second.subnets.unwrap().len(), second.next_token), (1, None));

    let request = DescribeSubnetsRequest { next_token: Some("x".to_owned()), ..Default::default() };
    let fault = region.fault::<DescribeSubnets>(request);
    assert_eq!(fault, "InvalidNextToken: The token 'x' is invalid");
}

#[test]
fn the_default_group_lets_its_members_reach_each_other() {
    let mut region = region();
    let group = "sg-00000000000000001";
    for (name, value, expected) in [
        ("group-name", "default", 1),
        ("ip-permission.group-id", group, 1),
        ("ip-permission.cidr", "*", 0),
        ("egress.ip-permission.cidr", "0.0.0.0/0", 1),
        ("ip-permission.protocol", "-1", 1),
    ] {
        let filters = filter(name, &[value]);
        let request = DescribeSecurityGroupsRequest { filters, ..Default::default() };
        let groups = region.ok::<DescribeSecurityGroups>(request).security_groups.unwrap();
        assert_eq!(groups.len(), expected, "{name}");
    }
}

#[test]
fn zones_have_ids_in_the_form_of_awss() {
    for (region, zone, expected) in [
        ("eu-west-1", "eu-west-1a", "euw1-az1"),
        ("ap-southeast-2", "ap-southeast-2c", "apse2-az3"),
        ("us-gov-east-1", "us-gov-east-1b", "usge1-az2"),
    ] {
        let id = super::zone::id(&region.into(), &zone.into());
        assert_eq!(id.as_deref(), Some(expected));
    }
}

#[test]
fn a_default_vpc_resolves_names() {
    let mut region = region();
    let ask = |attribute: &str| DescribeVpcAttributeRequest {
        attribute: attribute.to_owned(),
        vpc_id: "vpc-00000000000000001".to_owned(),
        dry_run: None,
    };
    let answer = region.ok::<DescribeVpcAttribute>(ask("enableDnsHostnames"));
    assert_eq!(answer.enable_dns_hostnames, Some(AttributeBooleanValue { value: Some(true) }));
    assert_eq!(answer.enable_dns_support, None);
    let other = DescribeVpcAttributeRequest { vpc_id: "vpc-2".to_owned(), ..ask("x") };
    let fault = region.fault::<DescribeVpcAttribute>(other);
    assert_eq!(fault, "InvalidVpcID.NotFound: The vpc ID 'vpc-2' does not exist");
}

#[test]
fn tasks_have_network_interfaces_from_attachment_to_deletion() {
    let mut region = region();
    let mut ids = Ids::seeded(3);
    for attachment in [Attachment::Precreated, Attachment::Attached, Attachment::Deleted] {
        let task = task(&region, &mut ids, attachment);
        region.put(task);
    }
    let all = DescribeNetworkInterfacesRequest::default();
    let interfaces = region.ok::<DescribeNetworkInterfaces>(all).network_interfaces.unwrap();
    let [interface] = interfaces.as_slice() else { panic!("{interfaces:?}") };
    assert_eq!(interface.status.as_deref(), Some("in-use"));
    assert_eq!(interface.subnet_id.as_deref(), Some("subnet-00000000000000002"));
    let address = interface.private_ip_address.clone().unwrap();
    let filters = filter("addresses.private-ip-address", &[&address]);
    let request = DescribeNetworkInterfacesRequest { filters, ..Default::default() };
    let found = region.ok::<DescribeNetworkInterfaces>(request).network_interfaces.unwrap();
    assert_eq!(found, interfaces);

    let request = DescribeNetworkInterfacesRequest {
        network_interface_ids: interface.network_interface_id.clone().map(|id| vec![id]),
        max_results: Some(5),
        ..Default::default()
    };
    let fault = region.fault::<DescribeNetworkInterfaces>(request);
    assert!(fault.starts_with("InvalidParameterCombination"), "{fault}");
}

#[test]
fn tasks_take_addresses_of_their_subnet() {
    let mut region = region();
    let task = task(&region, &mut Ids::seeded(3), Attachment::Attached);
    region.put(task);
    let subnets = region.ok::<DescribeSubnets>(DescribeSubnetsRequest::default()).subnets.unwrap();
    let free: Vec<_> =
        subnets.iter().filter_map(|subnet| subnet.available_ip_address_count).collect();
    assert_eq!(free, [4091, 4090, 4091]);
}
