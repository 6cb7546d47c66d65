//! `AWS::EC2::SecurityGroup`, `::SecurityGroupIngress` and `::SecurityGroupEgress`.

use super::network::{retag, specifications};
use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::ec2::*;
use serde_json::{Map, Value as Json, json};
use world::stack::{Properties, Standing};

/// A security group.
#[derive(Debug)]
pub(super) struct SecurityGroup;

/// A rule of a group for what comes in.
#[derive(Debug)]
pub(super) struct Ingress;

/// A rule of a group for what goes out.
#[derive(Debug)]
pub(super) struct Egress;

const NAME: Naming = Naming { most: 255, lower: Case::Any };
/// Rules that are part of a group.
const RULES: [&str; 2] = ["SecurityGroupIngress", "SecurityGroupEgress"];

// === impl Kind for SecurityGroup ===

impl Kind for SecurityGroup {
    fn name(&self) -> &'static str {
        "AWS::EC2::SecurityGroup"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["GroupId", "VpcId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["GroupDescription", "GroupName", "VpcId"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("GroupName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("GroupName", NAME, hand);
        let mut input = wish.without(&[RULES[0], RULES[1], "GroupDescription"]);
        let description = wish.properties.get("GroupDescription").cloned().unwrap_or_default();
        input.extend(members([("GroupName", json!(name)), ("Description", description)]));
        input.extend(specifications(wish, "security-group"));
        let id = hand.call::<CreateSecurityGroup>(input)?.group_id.unwrap_or_default();
        if let Some(rules) = rules(wish.properties, RULES[0])? {
            hand.call::<AuthorizeSecurityGroupIngress>(of(&id, rules))?;
        }
        if let Some(rules) = rules(wish.properties, RULES[1])? {
            // What a template says takes the place of AWS's own rule, which lets everything out.
            hand.call::<RevokeSecurityGroupEgress>(of(&id, everything()))?;
            hand.call::<AuthorizeSecurityGroupEgress>(of(&id, rules))?;
        }
        Ok(id)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let id = &held.physical;
        if changed(held, wish, &[RULES[0]]) {
            if let Some(old) = rules(&held.properties, RULES[0])? {
                hand.call::<RevokeSecurityGroupIngress>(of(id, old))?;
            }
            if let Some(new) = rules(wish.properties, RULES[0])? {
                hand.call::<AuthorizeSecurityGroupIngress>(of(id, new))?;
            }
        }
        if changed(held, wish, &[RULES[1]]) {
            let old = rules(&held.properties, RULES[1])?.unwrap_or_else(everything);
            let new = rules(wish.properties, RULES[1])?.unwrap_or_else(everything);
            hand.call::<RevokeSecurityGroupEgress>(of(id, old))?;
            hand.call::<AuthorizeSecurityGroupEgress>(of(id, new))?;
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteSecurityGroup>(members([("GroupId", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("GroupIds", json!([held.physical]))]);
        let found = hand.call::<DescribeSecurityGroups>(input)?.security_groups;
        let found = found.unwrap_or_default().into_iter().next();
        let vpc = json!(found.and_then(|it| it.vpc_id));
        Ok(stable([("GroupId", json!(held.physical)), ("VpcId", vpc)]))
    }
}

/// Rules of a group, by id.
fn of(id: &str, rules: Json) -> Map<String, Json> {
    members([("GroupId", json!(id)), ("IpPermissions", rules)])
}

/// AWS's own rule of a new group.
fn everything() -> Json {
    json!([{ "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }])
}

/// The rules of a property as EC2 wants them; nothing when there is none.
fn rules(properties: &Properties, name: &str) -> Result<Option<Json>, Failure> {
    let given = properties.get(name).and_then(Json::as_array).into_iter().flatten();
    let rules: Vec<Json> = given.map(rule).collect::<Result<_, _>>()?;
    Ok((!rules.is_empty()).then(|| rules.into()))
}

/// What a rule may say; a group of its own says besides whose it is.
const KNOWN: [&str; 12] = [
    "CidrIp",
    "CidrIpv6",
    "Description",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "GroupId",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupOwnerId",
    "ToPort",
];

/// A rule as EC2 wants it.
fn rule(given: &Json) -> Result<Json, Failure> {
    let Some(given) = given.as_object() else {
        return Err(Failure::handler("InvalidRequest", "a rule of a security group is an object"));
    };
    if let Some(other) = given.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        let what = format!("extraneous key [{other}] is not permitted");
        return Err(Failure::handler("InvalidRequest", what));
    }
    let mut wanted = Map::new();
    for name in ["IpProtocol", "FromPort", "ToPort"] {
        wanted.extend(given.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let described = |name: &str, value: &Json| {
        let description = given.get("Description").map(|it| ("Description".to_owned(), it.clone()));
        let named = [(name.to_owned(), value.clone())];
        json!([named.into_iter().chain(description).collect::<Map<_, _>>()])
    };
    for (property, member, name) in [
        ("CidrIp", "IpRanges", "CidrIp"),
        ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        ("SourceSecurityGroupId", "UserIdGroupPairs", "GroupId"),
        ("DestinationSecurityGroupId", "UserIdGroupPairs", "GroupId"),
        ("SourcePrefixListId", "PrefixListIds", "PrefixListId"),
        ("DestinationPrefixListId", "PrefixListIds", "PrefixListId"),
    ] {
        let value = given.get(property);
        wanted.extend(value.map(|value| (member.to_owned(), described(name, value))));
    }
    Ok(wanted.into())
}

/// The one rule that a resource is.
fn own(properties: &Properties) -> Result<Map<String, Json>, Failure> {
    let rules = json!([rule(&Json::Object(properties.0.clone()))?]);
    Ok(of(properties.text("GroupId").unwrap_or_default(), rules))
}

/// Everything that a rule says: a change makes another one.
const REPLACING: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "GroupId",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupOwnerId",
    "ToPort",
];

/// The id of the rule that was made.
fn made(rules: Option<Vec<SecurityGroupRule>>) -> String {
    let rule = rules.unwrap_or_default().into_iter().next();
    rule.and_then(|it| it.security_group_rule_id).unwrap_or_default()
}

// === impl Kind for Ingress ===

impl Kind for Ingress {
    fn name(&self) -> &'static str {
        "AWS::EC2::SecurityGroupIngress"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        REPLACING
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let input = own(wish.properties)?;
        Ok(made(hand.call::<AuthorizeSecurityGroupIngress>(input)?.security_group_rules))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        hand.call::<RevokeSecurityGroupIngress>(own(&held.properties)?)?;
        hand.call::<AuthorizeSecurityGroupIngress>(own(wish.properties)?).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<RevokeSecurityGroupIngress>(own(&held.properties)?)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}

// === impl Kind for Egress ===

impl Kind for Egress {
    fn name(&self) -> &'static str {
        "AWS::EC2::SecurityGroupEgress"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        REPLACING
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let input = own(wish.properties)?;
        Ok(made(hand.call::<AuthorizeSecurityGroupEgress>(input)?.security_group_rules))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        hand.call::<RevokeSecurityGroupEgress>(own(&held.properties)?)?;
        hand.call::<AuthorizeSecurityGroupEgress>(own(wish.properties)?).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<RevokeSecurityGroupEgress>(own(&held.properties)?)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}
