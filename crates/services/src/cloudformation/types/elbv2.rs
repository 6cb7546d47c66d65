//! `AWS::ElasticLoadBalancingV2::LoadBalancer` and `::TargetGroup`, and the tags of everything that
//! is ELBv2's.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::elbv2::*;
use serde_json::json;
use world::stack::Standing;

/// A load balancer.
#[derive(Debug)]
pub(super) struct LoadBalancer;

/// A target group.
#[derive(Debug)]
pub(super) struct TargetGroup;

const NAME: Naming = Naming { most: 32, lower: Case::Any };

/// What `ModifyTargetGroup` changes.
const CHECKS: [&str; 9] = [
    "HealthCheckEnabled",
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckPort",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "Matcher",
    "UnhealthyThresholdCount",
];

// === impl Kind for LoadBalancer ===

impl Kind for LoadBalancer {
    fn name(&self) -> &'static str {
        "AWS::ElasticLoadBalancingV2::LoadBalancer"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "CanonicalHostedZoneID",
            "DNSName",
            "LoadBalancerArn",
            "LoadBalancerFullName",
            "LoadBalancerName",
            "SecurityGroups",
        ]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Name", "Scheme", "Type"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("Name", NAME, hand);
        // One that is there would be answered by CreateLoadBalancer as if it had been made.
        let there = hand.call::<DescribeLoadBalancers>(members([("Names", json!([name]))]));
        if there.is_ok() {
            let message = format!("A load balancer with the same name '{name}' exists");
            return Err(Failure::handler("AlreadyExists", message));
        }
        let mut input = wish.without(&["LoadBalancerAttributes"]);
        input.insert("Name".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        let made = hand.call::<CreateLoadBalancer>(input)?.load_balancers.unwrap_or_default();
        let arn = made.into_iter().find_map(|it| it.load_balancer_arn).unwrap_or_default();
        self.set_attributes(hand, &arn, wish)?;
        Ok(arn)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let arn = json!(held.physical);
        if changed(held, wish, &["LoadBalancerAttributes"]) {
            self.set_attributes(hand, &held.physical, wish)?;
        }
        if changed(held, wish, &["Subnets", "SubnetMappings", "IpAddressType"]) {
            let mut input = wish.only(&["Subnets", "SubnetMappings", "IpAddressType"]);
            input.insert("LoadBalancerArn".to_owned(), arn.clone());
            hand.call::<SetSubnets>(input)?;
        }
        if changed(held, wish, &["SecurityGroups"]) {
            let mut input = wish.only(&["SecurityGroups"]);
            input.insert("LoadBalancerArn".to_owned(), arn);
            hand.call::<SetSecurityGroups>(input)?;
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let input = members([("LoadBalancerArn", json!(held.physical))]);
        hand.call::<DeleteLoadBalancer>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("LoadBalancerArns", json!([held.physical]))]);
        let found = hand.call::<DescribeLoadBalancers>(input)?.load_balancers.unwrap_or_default();
        let Some(found) = found.into_iter().next() else { return Ok(Look::NotYet) };
        let full = held.physical.split_once(":loadbalancer/").map(|(_, full)| full);
        let attributes = stable([
            ("CanonicalHostedZoneID", json!(found.canonical_hosted_zone_id)),
            ("DNSName", json!(found.dns_name)),
            ("LoadBalancerArn", json!(held.physical)),
            ("LoadBalancerFullName", json!(full)),
            ("LoadBalancerName", json!(found.load_balancer_name)),
            ("SecurityGroups", json!(found.security_groups.unwrap_or_default())),
        ]);
        let active = found.state.and_then(|state| state.code).is_none_or(|code| code == "active");
        Ok(if active { attributes } else { Look::NotYet })
    }
}

impl LoadBalancer {
    fn set_attributes(
        &self,
        hand: &mut Hand<'_>,
        arn: &str,
        wish: &Wish<'_>,
    ) -> Result<(), Failure> {
        let Some(attributes) = wish.properties.get("LoadBalancerAttributes") else { return Ok(()) };
        let input = members([("LoadBalancerArn", json!(arn)), ("Attributes", attributes.clone())]);
        hand.call::<ModifyLoadBalancerAttributes>(input).map(drop)
    }
}

// === impl Kind for TargetGroup ===

impl Kind for TargetGroup {
    fn name(&self) -> &'static str {
        "AWS::ElasticLoadBalancingV2::TargetGroup"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["LoadBalancerArns", "TargetGroupArn", "TargetGroupFullName", "TargetGroupName"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["IpAddressType", "Name", "Port", "Protocol", "ProtocolVersion", "TargetType", "VpcId"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("Name", NAME, hand);
        let there = hand.call::<DescribeTargetGroups>(members([("Names", json!([name]))]));
        if there.is_ok() {
            let message = format!("A target group with the same name '{name}' exists");
            return Err(Failure::handler("AlreadyExists", message));
        }
        let mut input = wish.without(&["TargetGroupAttributes", "Targets"]);
        input.insert("Name".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        let made = hand.call::<CreateTargetGroup>(input)?.target_groups.unwrap_or_default();
        let arn = made.into_iter().find_map(|it| it.target_group_arn).unwrap_or_default();
        self.set_attributes(hand, &arn, wish)?;
        if let Some(targets) = wish.properties.get("Targets") {
            let input = members([("TargetGroupArn", json!(arn)), ("Targets", targets.clone())]);
            hand.call::<RegisterTargets>(input)?;
        }
        Ok(arn)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let arn = json!(held.physical);
        if changed(held, wish, &CHECKS) {
            let mut input = wish.only(&CHECKS);
            input.insert("TargetGroupArn".to_owned(), arn.clone());
            hand.call::<ModifyTargetGroup>(input)?;
        }
        if changed(held, wish, &["TargetGroupAttributes"]) {
            self.set_attributes(hand, &held.physical, wish)?;
        }
        if changed(held, wish, &["Targets"]) {
            let group = ("TargetGroupArn", arn);
            if let Some(old) = held.properties.get("Targets") {
                let input = members([group.clone(), ("Targets", old.clone())]);
                hand.call::<DeregisterTargets>(input)?;
            }
            if let Some(new) = wish.properties.get("Targets") {
                hand.call::<RegisterTargets>(members([group, ("Targets", new.clone())]))?;
            }
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let input = members([("TargetGroupArn", json!(held.physical))]);
        hand.call::<DeleteTargetGroup>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("TargetGroupArns", json!([held.physical]))]);
        let found = hand.call::<DescribeTargetGroups>(input)?.target_groups.unwrap_or_default();
        let Some(found) = found.into_iter().next() else { return Ok(Look::NotYet) };
        let full = held.physical.rsplit_once(':').map(|(_, full)| full);
        Ok(stable([
            ("LoadBalancerArns", json!(found.load_balancer_arns.unwrap_or_default())),
            ("TargetGroupArn", json!(held.physical)),
            ("TargetGroupFullName", json!(full)),
            ("TargetGroupName", json!(found.target_group_name)),
        ]))
    }
}

impl TargetGroup {
    fn set_attributes(
        &self,
        hand: &mut Hand<'_>,
        arn: &str,
        wish: &Wish<'_>,
    ) -> Result<(), Failure> {
        let Some(attributes) = wish.properties.get("TargetGroupAttributes") else { return Ok(()) };
        let input = members([("TargetGroupArn", json!(arn)), ("Attributes", attributes.clone())]);
        hand.call::<ModifyTargetGroupAttributes>(input).map(drop)
    }
}

/// Changes the tags of something of ELBv2's, whose physical id is its ARN.
pub(super) fn retag(hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
    let changes = wish.tag_changes(held);
    let arns = ("ResourceArns", json!([held.physical]));
    if !changes.gone.is_empty() {
        let input = members([arns.clone(), ("TagKeys", json!(changes.gone))]);
        hand.call::<RemoveTags>(input)?;
    }
    if let Some(tags) = list(&changes.set) {
        hand.call::<AddTags>(members([arns, ("Tags", tags)]))?;
    }
    Ok(())
}
