//! `AWS::EC2::RouteTable`, `::Route` and `::SubnetRouteTableAssociation`.

use super::network::{retag, specifications};
use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::Wish;
use api::ec2::*;
use serde_json::json;
use world::stack::Standing;

/// A route table.
#[derive(Debug)]
pub(super) struct RouteTable;

/// A route.
#[derive(Debug)]
pub(super) struct Route;

/// A subnet's route table.
#[derive(Debug)]
pub(super) struct Association;

// === impl Kind for RouteTable ===

impl Kind for RouteTable {
    fn name(&self) -> &'static str {
        "AWS::EC2::RouteTable"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["RouteTableId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["VpcId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&[]);
        input.extend(specifications(wish, "route-table"));
        let made = hand.call::<CreateRouteTable>(input)?.route_table;
        Ok(made.and_then(|it| it.route_table_id).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteRouteTable>(members([("RouteTableId", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("RouteTableId", json!(held.physical))]))
    }
}

// === impl Kind for Route ===

impl Kind for Route {
    fn name(&self) -> &'static str {
        "AWS::EC2::Route"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["CidrBlock"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["DestinationCidrBlock", "RouteTableId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        hand.call::<CreateRoute>(wish.without(&[]))?;
        let given = |name: &str| wish.properties.text(name).unwrap_or_default().to_owned();
        Ok(format!("{}|{}", given("RouteTableId"), given("DestinationCidrBlock")))
    }

    fn update(&self, hand: &mut Hand<'_>, _: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        hand.call::<ReplaceRoute>(wish.without(&[])).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let given = |name: &str| json!(held.properties.text(name));
        let input = members([
            ("RouteTableId", given("RouteTableId")),
            ("DestinationCidrBlock", given("DestinationCidrBlock")),
        ]);
        hand.call::<DeleteRoute>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let range = held.properties.get("DestinationCidrBlock").cloned();
        Ok(stable([("CidrBlock", range.unwrap_or_default())]))
    }
}

// === impl Kind for Association ===

impl Kind for Association {
    fn name(&self) -> &'static str {
        "AWS::EC2::SubnetRouteTableAssociation"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["RouteTableId", "SubnetId"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let made = hand.call::<AssociateRouteTable>(wish.without(&[]))?;
        Ok(made.association_id.unwrap_or_default())
    }

    fn update(&self, _: &mut Hand<'_>, _: &Standing, _: &Wish<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let input = members([("AssociationId", json!(held.physical))]);
        hand.call::<DisassociateRouteTable>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}
