//! EC2's networks: `AWS::EC2::VPC`, `::InternetGateway`, `::VPCGatewayAttachment` and `::Subnet`, and the
//! tags of everything that is EC2's.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Wish, list};
use api::ec2::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// A VPC.
#[derive(Debug)]
pub(super) struct Vpc;

/// An internet gateway.
#[derive(Debug)]
pub(super) struct InternetGateway;

/// An internet gateway's place at a VPC.
#[derive(Debug)]
pub(super) struct Attachment;

/// A subnet.
#[derive(Debug)]
pub(super) struct Subnet;

/// What `ModifyVpcAttribute` changes, one a call.
const VPC: [&str; 2] = ["EnableDnsSupport", "EnableDnsHostnames"];
/// What `ModifySubnetAttribute` changes.
const SUBNET: [&str; 1] = ["MapPublicIpOnLaunch"];

// === impl Kind for Vpc ===

impl Kind for Vpc {
    fn name(&self) -> &'static str {
        "AWS::EC2::VPC"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["CidrBlock", "DefaultSecurityGroup", "VpcId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["CidrBlock", "InstanceTenancy"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&VPC);
        input.extend(specifications(wish, "vpc"));
        let id = hand.call::<CreateVpc>(input)?.vpc.and_then(|it| it.vpc_id).unwrap_or_default();
        set_vpc(hand, &id, wish)?;
        Ok(id)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if changed(held, wish, &VPC) {
            set_vpc(hand, &held.physical, wish)?;
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteVpc>(members([("VpcId", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let filters = json!([
            { "Name": "vpc-id", "Values": [held.physical] },
            { "Name": "group-name", "Values": ["default"] },
        ]);
        let groups = hand.call::<DescribeSecurityGroups>(members([("Filters", filters)]))?;
        let group = groups.security_groups.unwrap_or_default().into_iter().next();
        Ok(stable([
            ("CidrBlock", held.properties.get("CidrBlock").cloned().unwrap_or_default()),
            ("DefaultSecurityGroup", json!(group.and_then(|it| it.group_id))),
            ("VpcId", json!(held.physical)),
        ]))
    }
}

fn set_vpc(hand: &mut Hand<'_>, id: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    for name in VPC {
        if let Some(value) = wish.properties.get(name) {
            let input = members([("VpcId", json!(id)), (name, json!({ "Value": value }))]);
            hand.call::<ModifyVpcAttribute>(input)?;
        }
    }
    Ok(())
}

// === impl Kind for InternetGateway ===

impl Kind for InternetGateway {
    fn name(&self) -> &'static str {
        "AWS::EC2::InternetGateway"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["InternetGatewayId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&[]);
        input.extend(specifications(wish, "internet-gateway"));
        let made = hand.call::<CreateInternetGateway>(input)?.internet_gateway;
        Ok(made.and_then(|it| it.internet_gateway_id).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let input = members([("InternetGatewayId", json!(held.physical))]);
        hand.call::<DeleteInternetGateway>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("InternetGatewayId", json!(held.physical))]))
    }
}

// === impl Kind for Attachment ===

impl Kind for Attachment {
    fn name(&self) -> &'static str {
        "AWS::EC2::VPCGatewayAttachment"
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["InternetGatewayId", "VpcId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        hand.call::<AttachInternetGateway>(wish.without(&[]))?;
        Ok(format!("IGW|{}", wish.properties.text("VpcId").unwrap_or_default()))
    }

    fn update(&self, _: &mut Hand<'_>, _: &Standing, _: &Wish<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        match hand.call::<DetachInternetGateway>(held.properties.0.clone()) {
            Ok(_) => Ok(Removal::Gone),
            Err(Failure::Refused { message, .. }) if message.contains("is not attached") => {
                Ok(Removal::Gone)
            }
            Err(other) => Err(other),
        }
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}

// === impl Kind for Subnet ===

impl Kind for Subnet {
    fn name(&self) -> &'static str {
        "AWS::EC2::Subnet"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AvailabilityZone", "CidrBlock", "SubnetId", "VpcId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "VpcId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&SUBNET);
        input.extend(specifications(wish, "subnet"));
        let made = hand.call::<CreateSubnet>(input)?.subnet;
        let id = made.and_then(|it| it.subnet_id).unwrap_or_default();
        set_subnet(hand, &id, wish)?;
        Ok(id)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if changed(held, wish, &SUBNET) {
            set_subnet(hand, &held.physical, wish)?;
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteSubnet>(members([("SubnetId", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("SubnetIds", json!([held.physical]))]);
        let found = hand.call::<DescribeSubnets>(input)?.subnets.unwrap_or_default();
        let Some(found) = found.into_iter().next() else { return Ok(Look::NotYet) };
        Ok(stable([
            ("AvailabilityZone", json!(found.availability_zone)),
            ("CidrBlock", json!(found.cidr_block)),
            ("SubnetId", json!(held.physical)),
            ("VpcId", json!(found.vpc_id)),
        ]))
    }
}

fn set_subnet(hand: &mut Hand<'_>, id: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    for name in SUBNET {
        let value = wish.properties.get(name).cloned().unwrap_or(json!(false));
        let input = members([("SubnetId", json!(id)), (name, json!({ "Value": value }))]);
        hand.call::<ModifySubnetAttribute>(input)?;
    }
    Ok(())
}

/// The tags of something that is to be made.
pub(super) fn specifications(wish: &Wish<'_>, kind: &str) -> Map<String, Json> {
    let specify = |tags: Json| {
        members([("TagSpecifications", json!([{ "ResourceType": kind, "Tags": tags }]))])
    };
    wish.tag_list().map(specify).unwrap_or_default()
}

/// Changes the tags of something of EC2's, whose physical id is its id.
pub(super) fn retag(hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
    let changes = wish.tag_changes(held);
    let of = ("Resources", json!([held.physical]));
    if !changes.gone.is_empty() {
        let gone: Vec<Json> = changes.gone.iter().map(|key| json!({ "Key": key })).collect();
        hand.call::<DeleteTags>(members([of.clone(), ("Tags", json!(gone))]))?;
    }
    if let Some(tags) = list(&changes.set) {
        hand.call::<CreateTags>(members([of, ("Tags", tags)]))?;
    }
    Ok(())
}
