//! `AWS::EC2::EIP` and `::NatGateway`.

use super::network::{retag, specifications};
use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::Wish;
use api::ec2::*;
use serde_json::{Value as Json, json};
use world::stack::Standing;

/// An elastic address.
#[derive(Debug)]
pub(super) struct Eip;

/// A NAT gateway.
#[derive(Debug)]
pub(super) struct Nat;

// === impl Kind for Eip ===

impl Kind for Eip {
    fn name(&self) -> &'static str {
        "AWS::EC2::EIP"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AllocationId", "PublicIp"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Domain", "NetworkBorderGroup"]
    }

    fn reference(&self, physical: &str) -> Json {
        // `Ref` is the address, by which CloudFormation knows it; the other half is for the API.
        json!(physical.split('|').next())
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&[]);
        input.extend(specifications(wish, "elastic-ip"));
        let made = hand.call::<AllocateAddress>(input)?;
        let (address, id) = (made.public_ip.unwrap_or_default(), made.allocation_id);
        Ok(format!("{address}|{}", id.unwrap_or_default()))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        // Tags are the address's under its allocation id.
        let held = Standing { physical: allocation(held).to_owned(), ..held.clone() };
        retag(hand, &held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<ReleaseAddress>(members([("AllocationId", json!(allocation(held)))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([
            ("AllocationId", json!(allocation(held))),
            ("PublicIp", self.reference(&held.physical)),
        ]))
    }
}

/// An address's allocation id.
fn allocation(held: &Standing) -> &str {
    held.physical.split_once('|').map_or("", |(_, id)| id)
}

// === impl Kind for Nat ===

impl Kind for Nat {
    fn name(&self) -> &'static str {
        "AWS::EC2::NatGateway"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["NatGatewayId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["AllocationId", "ConnectivityType", "PrivateIpAddress", "SubnetId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&[]);
        input.extend(specifications(wish, "natgateway"));
        let made = hand.call::<CreateNatGateway>(input)?.nat_gateway;
        Ok(made.and_then(|nat| nat.nat_gateway_id).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteNatGateway>(members([("NatGatewayId", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let ids = json!([held.physical]);
        let found = hand.call::<DescribeNatGateways>(members([("NatGatewayIds", ids)]))?;
        let mut found = found.nat_gateways.unwrap_or_default().into_iter();
        let available = found.any(|nat| nat.state.as_deref() == Some("available"));
        let attributes = stable([("NatGatewayId", json!(held.physical))]);
        Ok(if available { attributes } else { Look::NotYet })
    }
}
