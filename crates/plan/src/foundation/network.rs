//! The network: two public subnets in two zones.
//!
//! Tasks have public addresses and a security group that admits only the load balancer. Private
//! subnets would need a NAT gateway or six endpoints to pull an image, read a secret and write a
//! log line: more money a month than the tasks of a small service.

use super::ground::{Ground, NETWORK};
use super::ids;
use super::intrinsic::{joined, reference};
use super::template::{Resource, Template};
use serde_json::{Value, json};

/// The whole network. Its second half is kept free for subnets of other kinds.
const RANGE: &str = "10.0.0.0/16";

/// A zone of the region, and what belongs to it.
pub(super) struct Zone {
    letter: char,
    /// Which of the region's zones.
    index: usize,
    range: &'static str,
}

/// A load balancer needs two zones.
pub(super) const ZONES: [Zone; 2] = [
    Zone { letter: 'A', index: 0, range: "10.0.0.0/20" },
    Zone { letter: 'B', index: 1, range: "10.0.16.0/20" },
];

impl Zone {
    /// The logical id of its subnet.
    pub(super) fn subnet(&self) -> String {
        format!("Subnet{}", self.letter)
    }

    fn association(&self) -> String {
        format!("Subnet{}Routes", self.letter)
    }
}

/// Adds the network, or the question for the one that exists.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    if !ground.existing().subnets.is_empty() {
        let description = "The VPC that the existing subnets belong to";
        template.parameter(NETWORK, "AWS::EC2::VPC::Id", description);
    } else {
        vpc(ground, template);
        way_out(ground, template);
        for zone in &ZONES {
            subnet(ground, zone, template);
        }
    }
    template.output("Subnets", "The subnets of the tasks", joined(&ground.subnets()));
}

fn named(ground: &Ground<'_>) -> Value {
    json!([{ "Key": "Name", "Value": ground.names().cluster() }])
}

fn vpc(ground: &Ground<'_>, template: &mut Template) {
    let vpc = Resource::new(
        "AWS::EC2::VPC",
        json!({
            "CidrBlock": RANGE,
            "EnableDnsHostnames": true,
            "EnableDnsSupport": true,
            "Tags": named(ground),
        }),
    );
    template.resource(ids::VPC, vpc);
}

fn way_out(ground: &Ground<'_>, template: &mut Template) {
    let gateway = json!({ "Tags": named(ground) });
    template.resource(ids::GATEWAY, Resource::new("AWS::EC2::InternetGateway", gateway));
    let attachment =
        json!({ "VpcId": reference(ids::VPC), "InternetGatewayId": reference(ids::GATEWAY) });
    template.resource(ids::ATTACHMENT, Resource::new("AWS::EC2::VPCGatewayAttachment", attachment));
    let table = json!({ "VpcId": reference(ids::VPC), "Tags": named(ground) });
    template.resource(ids::ROUTES, Resource::new("AWS::EC2::RouteTable", table));
    let route = json!({
        "RouteTableId": reference(ids::ROUTES),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": reference(ids::GATEWAY),
    });
    // A gateway that is not attached yet can't be routed to.
    let route = Resource::new("AWS::EC2::Route", route).after([ids::ATTACHMENT]);
    template.resource(ids::WAY_OUT, route);
}

fn subnet(ground: &Ground<'_>, zone: &Zone, template: &mut Template) {
    let subnet = json!({
        "VpcId": reference(ids::VPC),
        "CidrBlock": zone.range,
        "AvailabilityZone": { "Fn::Select": [zone.index, { "Fn::GetAZs": "" }] },
        "Tags": named(ground),
    });
    template.resource(zone.subnet(), Resource::new("AWS::EC2::Subnet", subnet));
    let association =
        json!({ "SubnetId": reference(&zone.subnet()), "RouteTableId": reference(ids::ROUTES) });
    let association = Resource::new("AWS::EC2::SubnetRouteTableAssociation", association);
    template.resource(zone.association(), association);
}
