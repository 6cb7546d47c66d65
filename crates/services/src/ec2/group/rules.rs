//! Rules of security groups: allowed, taken back, listed.

use super::super::filter::{Field, flag, maybe, passing};
use super::super::{Wanted, chosen, dry, fault, pages, refuse, tags};
use super::permission::{self, Named};
use super::{find, find_named};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::Ids;
use world::vpc::{Direction, GroupRule, Peer, SecurityGroup as Row};
use world::{Draft, World};

/// How many rules a group can have in a direction: AWS's quota as it is by default.
const MOST: usize = 60;

const FIELDS: &[Field<SecurityGroupRule>] = &[
    Field { names: &["group-id"], values: |rule| maybe(rule.group_id.as_ref()) },
    Field {
        names: &["security-group-rule-id"],
        values: |rule| maybe(rule.security_group_rule_id.as_ref()),
    },
    Field { names: &["is-egress"], values: |rule| flag(rule.is_egress) },
];

/// A request that names rules of a group in one way or the other.
struct Asked<'a> {
    direction: Direction,
    permissions: Option<&'a [IpPermission]>,
    /// The members that name one rule by themselves, older than permissions.
    single: IpPermission,
}

/// `AuthorizeSecurityGroupIngress`.
pub(in super::super) fn allow_ingress(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: AuthorizeSecurityGroupIngressRequest,
) -> Result<AuthorizeSecurityGroupIngressResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("SourceSecurityGroupName", input.source_security_group_name.is_some()),
        ("SourceSecurityGroupOwnerId", input.source_security_group_owner_id.is_some()),
    ])?;
    let group = group(draft, input.group_id.as_ref(), input.group_name.as_ref())?;
    let asked = Asked {
        direction: Direction::Ingress,
        permissions: input.ip_permissions.as_deref(),
        single: single(input.ip_protocol, (input.from_port, input.to_port), input.cidr_ip),
    };
    let rules = allow(draft, ids, group, &asked, input.tag_specifications.as_deref())?;
    let (r#return, security_group_rules) = (Some(true), Some(rules));
    Ok(AuthorizeSecurityGroupIngressResult { r#return, security_group_rules })
}

/// `AuthorizeSecurityGroupEgress`.
pub(in super::super) fn allow_egress(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: AuthorizeSecurityGroupEgressRequest,
) -> Result<AuthorizeSecurityGroupEgressResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("SourceSecurityGroupName", input.source_security_group_name.is_some()),
        ("SourceSecurityGroupOwnerId", input.source_security_group_owner_id.is_some()),
    ])?;
    let group = find(draft, &input.group_id)?;
    let asked = Asked {
        direction: Direction::Egress,
        permissions: input.ip_permissions.as_deref(),
        single: single(input.ip_protocol, (input.from_port, input.to_port), input.cidr_ip),
    };
    let rules = allow(draft, ids, group, &asked, input.tag_specifications.as_deref())?;
    let (r#return, security_group_rules) = (Some(true), Some(rules));
    Ok(AuthorizeSecurityGroupEgressResult { r#return, security_group_rules })
}

/// `RevokeSecurityGroupIngress`.
pub(in super::super) fn revoke_ingress(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: RevokeSecurityGroupIngressRequest,
) -> Result<RevokeSecurityGroupIngressResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("SourceSecurityGroupName", input.source_security_group_name.is_some()),
        ("SourceSecurityGroupOwnerId", input.source_security_group_owner_id.is_some()),
    ])?;
    let group = group(draft, input.group_id.as_ref(), input.group_name.as_ref())?;
    let asked = Asked {
        direction: Direction::Ingress,
        permissions: input.ip_permissions.as_deref(),
        single: single(input.ip_protocol, (input.from_port, input.to_port), input.cidr_ip),
    };
    let gone = revoke(draft, group, &asked, input.security_group_rule_ids)?;
    Ok(RevokeSecurityGroupIngressResult {
        r#return: Some(true),
        unknown_ip_permissions: None,
        revoked_security_group_rules: Some(gone),
    })
}

/// `RevokeSecurityGroupEgress`.
pub(in super::super) fn revoke_egress(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: RevokeSecurityGroupEgressRequest,
) -> Result<RevokeSecurityGroupEgressResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("SourceSecurityGroupName", input.source_security_group_name.is_some()),
        ("SourceSecurityGroupOwnerId", input.source_security_group_owner_id.is_some()),
    ])?;
    let group = find(draft, &input.group_id)?;
    let asked = Asked {
        direction: Direction::Egress,
        permissions: input.ip_permissions.as_deref(),
        single: single(input.ip_protocol, (input.from_port, input.to_port), input.cidr_ip),
    };
    let gone = revoke(draft, group, &asked, input.security_group_rule_ids)?;
    Ok(RevokeSecurityGroupEgressResult {
        r#return: Some(true),
        unknown_ip_permissions: None,
        revoked_security_group_rules: Some(gone),
    })
}

/// `DescribeSecurityGroupRules`.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeSecurityGroupRulesRequest,
) -> Result<DescribeSecurityGroupRulesResult, Fault> {
    dry(input.dry_run)?;
    let ids = input.security_group_rule_ids.as_deref();
    let mut rows: Vec<SecurityGroupRule> = Vec::new();
    for group in world.all_security_groups() {
        rows.extend(group.rules.iter().map(|rule| permission::show_rule(world, &group, rule)));
    }
    rows.sort_by(|one, other| one.security_group_rule_id.cmp(&other.security_group_rule_id));
    let rows = chosen(rows, ids, |rule| rule.security_group_rule_id.as_deref(), fault::no_rule)?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeSecurityGroupRules";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, |rule| rule.security_group_rule_id.clone())?;
    Ok(DescribeSecurityGroupRulesResult {
        security_group_rules: Some(page.rows),
        next_token: page.next,
    })
}

/// Adds rules to a group: all of them, or none.
fn allow(
    draft: &mut Draft,
    ids: &mut Ids,
    mut group: Row,
    asked: &Asked<'_>,
    specifications: Option<&[TagSpecification]>,
) -> Result<Vec<SecurityGroupRule>, Fault> {
    let given = tags::new(specifications, "security-group-rule")?;
    let mut added = Vec::new();
    for named in asked.named(draft, &group)? {
        if group.rules.iter().any(|rule| named.is(rule, asked.direction)) {
            return Err(fault::rule_exists(&permission::describe(&named)));
        }
        let rule = named.rule(format!("sgr-{}", ids.hex(17)), asked.direction);
        tags::keep(draft, &rule.id, given.clone());
        added.push(rule.clone());
        group.rules.push(rule);
    }
    let count = group.rules.iter().filter(|rule| rule.direction == asked.direction).count();
    if count > MOST {
        return Err(fault::too_many_rules());
    }
    draft.put(group.clone());
    Ok(added.iter().map(|rule| permission::show_rule(draft, &group, rule)).collect())
}

/// Takes rules of a group back: all of them, or none.
fn revoke(
    draft: &mut Draft,
    mut group: Row,
    asked: &Asked<'_>,
    rule_ids: Option<Vec<String>>,
) -> Result<Vec<RevokedSecurityGroupRule>, Fault> {
    let mut gone = Vec::new();
    let mut take = |group: &mut Row, at: Option<usize>| {
        let rule = at.map(|at| group.rules.remove(at));
        rule.map(|rule| gone.push(rule)).is_some()
    };
    for id in rule_ids.iter().flatten() {
        let mut held = group.rules.iter();
        let at = held.position(|rule| rule.id == *id && rule.direction == asked.direction);
        if !take(&mut group, at) {
            return Err(fault::no_rule(id));
        }
    }
    if rule_ids.is_none() {
        for named in asked.named(draft, &group)? {
            let at = group.rules.iter().position(|rule| named.is(rule, asked.direction));
            if !take(&mut group, at) {
                return Err(fault::no_such_rule());
            }
        }
    }
    for rule in &gone {
        tags::forget(draft, &rule.id);
    }
    let shown = gone.iter().map(|rule| revoked(&group, rule)).collect();
    draft.put(group);
    Ok(shown)
}

fn revoked(group: &Row, rule: &GroupRule) -> RevokedSecurityGroupRule {
    let (range, range6, other) = match &rule.peer {
        Peer::Range(range) => (Some(range.to_string()), None, None),
        Peer::Range6(range) => (None, Some(range.clone()), None),
        Peer::Group(id) => (None, None, Some(id.to_string())),
    };
    RevokedSecurityGroupRule {
        security_group_rule_id: Some(rule.id.clone()),
        group_id: Some(group.id.to_string()),
        is_egress: Some(rule.direction == Direction::Egress),
        ip_protocol: Some(rule.protocol.clone()),
        from_port: rule.ports.map(|ports| ports.0),
        to_port: rule.ports.map(|ports| ports.1),
        cidr_ipv4: range,
        cidr_ipv6: range6,
        prefix_list_id: None,
        referenced_group_id: other,
        description: rule.description.clone(),
    }
}

fn group(world: &World, id: Option<&String>, name: Option<&String>) -> Result<Row, Fault> {
    match (id, name) {
        (Some(id), _) => find(world, id),
        (None, Some(name)) => find_named(world, name),
        (None, None) => Err(fault::no_group_named()),
    }
}

/// The one rule that a request's older members name.
fn single(
    protocol: Option<String>,
    ports: (Option<i32>, Option<i32>),
    cidr: Option<String>,
) -> IpPermission {
    let range = |cidr| vec![IpRange { cidr_ip: Some(cidr), description: None }];
    IpPermission {
        ip_protocol: protocol,
        from_port: ports.0,
        to_port: ports.1,
        ip_ranges: cidr.map(range),
        ..IpPermission::default()
    }
}

// === impl Asked ===

impl Asked<'_> {
    /// The rules that are named.
    fn named(&self, world: &World, group: &Row) -> Result<Vec<Named>, Fault> {
        match (self.permissions.unwrap_or_default(), &self.single.ip_protocol) {
            ([], None) => Err(fault::no_permissions()),
            ([], Some(_)) => permission::named(world, group, std::slice::from_ref(&self.single)),
            (permissions, None) => permission::named(world, group, permissions),
            (_, Some(_)) => Err(fault::rules_twice()),
        }
    }
}
