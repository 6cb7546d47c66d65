//! Permissions, as requests and descriptions of groups have them, and rules, of which a group is made: a
//! permission of three ranges is three rules.

use super::super::{fault, refuse};
use api::Fault;
use api::ec2::{IpPermission, IpRange, Ipv6Range, SecurityGroupRule, UserIdGroupPair};
use model::{Cidr, Place};
use world::World;
use world::vpc::{Direction, GroupRule, Peer, SecurityGroup};

/// A rule that a request names; it has no id yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) protocol: String,
    pub(super) ports: Option<(i32, i32)>,
    pub(super) peer: Peer,
    pub(super) description: Option<String>,
}

// === impl Named ===

impl Named {
    /// The rule that it becomes.
    pub(super) fn rule(self, id: String, direction: Direction) -> GroupRule {
        let Self { protocol, ports, peer, description } = self;
        GroupRule { id, direction, protocol, ports, peer, description }
    }

    /// Whether a rule allows just that; what it is for does not matter.
    pub(super) fn is(&self, rule: &GroupRule, direction: Direction) -> bool {
        rule.direction == direction
            && rule.protocol == self.protocol
            && rule.ports == self.ports
            && rule.peer == self.peer
    }
}

/// The rules that a request's permissions name, for a group.
pub(super) fn named(
    world: &World,
    group: &SecurityGroup,
    permissions: &[IpPermission],
) -> Result<Vec<Named>, Fault> {
    let mut all = Vec::new();
    for permission in permissions {
        refuse(&[(
            "PrefixListIds",
            permission.prefix_list_ids.as_ref().is_some_and(|lists| !lists.is_empty()),
        )])?;
        let protocol = protocol(permission.ip_protocol.as_deref())?;
        let ports = ports(&protocol, permission.from_port, permission.to_port)?;
        let before = all.len();
        for (peer, description) in peers(world, group, permission)? {
            all.push(Named { protocol: protocol.clone(), ports, peer, description });
        }
        if all.len() == before {
            return Err(fault::no_peers());
        }
    }
    Ok(all)
}

/// Everyone that a permission names, with what each is for.
fn peers(
    world: &World,
    group: &SecurityGroup,
    permission: &IpPermission,
) -> Result<Vec<(Peer, Option<String>)>, Fault> {
    let mut all = Vec::new();
    for range in permission.ip_ranges.iter().flatten() {
        let text = range.cidr_ip.as_deref().unwrap_or_default();
        let cidr: Cidr = text.parse().map_err(|_| fault::no_block(text))?;
        all.push((Peer::Range(cidr), range.description.clone()));
    }
    for range in permission.ipv6_ranges.iter().flatten() {
        let text = range.cidr_ipv6.as_deref().unwrap_or_default();
        let address = text.split_once('/').map_or(text, |(address, _)| address);
        address.parse::<std::net::Ipv6Addr>().map_err(|_| fault::no_block(text))?;
        all.push((Peer::Range6(text.to_owned()), range.description.clone()));
    }
    for pair in permission.user_id_group_pairs.iter().flatten() {
        all.push((Peer::Group(other(world, group, pair)?), pair.description.clone()));
    }
    Ok(all)
}

/// The group of a pair: by its id, or by its name in the same VPC.
fn other(
    world: &World,
    group: &SecurityGroup,
    pair: &UserIdGroupPair,
) -> Result<model::SecurityGroupId, Fault> {
    let found = match (&pair.group_id, &pair.group_name) {
        (Some(id), _) => world.security_group(&id.as_str().into()),
        (None, Some(name)) => {
            let mut all = world.all_security_groups();
            all.find(|other| other.vpc == group.vpc && other.name == *name)
        }
        (None, None) => return Err(fault::no_group_named()),
    };
    let named = pair.group_id.as_ref().or(pair.group_name.as_ref());
    let found = found.ok_or_else(|| fault::no_group(named.map_or("", String::as_str)))?;
    if found.vpc == group.vpc { Ok(found.id) } else { Err(fault::groups_apart()) }
}

/// AWS's name for a protocol that it has one for; others stay numbers.
fn protocol(given: Option<&str>) -> Result<String, Fault> {
    let given = given.ok_or_else(|| fault::missing("ipProtocol"))?.to_ascii_lowercase();
    Ok(match given.as_str() {
        "6" | "tcp" => "tcp".to_owned(),
        "17" | "udp" => "udp".to_owned(),
        "1" | "icmp" => "icmp".to_owned(),
        "58" | "icmpv6" => "icmpv6".to_owned(),
        "-1" | "all" => "-1".to_owned(),
        number if number.parse::<u8>().is_ok() => given,
        _ => return Err(fault::bad_protocol(&given)),
    })
}

fn ports(protocol: &str, from: Option<i32>, to: Option<i32>) -> Result<Option<(i32, i32)>, Fault> {
    match protocol {
        "tcp" | "udp" => {
            let (Some(from), Some(to)) = (from, to) else {
                return Err(fault::needs_ports(protocol));
            };
            let sound = (0..=65_535).contains(&from) && (from..=65_535).contains(&to);
            if sound { Ok(Some((from, to))) } else { Err(fault::bad_ports(protocol, from, to)) }
        }
        // A type and a code; -1 is any.
        "icmp" | "icmpv6" => Ok(Some((from.unwrap_or(-1), to.unwrap_or(-1)))),
        _ => Ok(None),
    }
}

/// The rules of a direction as permissions: those with the same protocol and ports are one.
pub(super) fn show(
    world: &World,
    group: &SecurityGroup,
    direction: Direction,
) -> Vec<IpPermission> {
    let mut all: Vec<IpPermission> = Vec::new();
    for rule in group.rules.iter().filter(|rule| rule.direction == direction) {
        let (from, to) = (rule.ports.map(|ports| ports.0), rule.ports.map(|ports| ports.1));
        let alike = all.iter().position(|held| {
            held.ip_protocol.as_ref() == Some(&rule.protocol)
                && (held.from_port, held.to_port) == (from, to)
        });
        let at = alike.unwrap_or_else(|| {
            all.push(IpPermission {
                ip_protocol: Some(rule.protocol.clone()),
                from_port: from,
                to_port: to,
                user_id_group_pairs: Some(Vec::new()),
                ip_ranges: Some(Vec::new()),
                ipv6_ranges: Some(Vec::new()),
                prefix_list_ids: Some(Vec::new()),
            });
            all.len() - 1
        });
        add(&mut all[at], rule, &world.place);
    }
    all
}

fn add(permission: &mut IpPermission, rule: &GroupRule, place: &Place) {
    let description = rule.description.clone();
    match &rule.peer {
        Peer::Range(range) => permission
            .ip_ranges
            .get_or_insert_default()
            .push(IpRange { cidr_ip: Some(range.to_string()), description }),
        Peer::Range6(range) => permission
            .ipv6_ranges
            .get_or_insert_default()
            .push(Ipv6Range { cidr_ipv6: Some(range.clone()), description }),
        Peer::Group(group) => {
            permission.user_id_group_pairs.get_or_insert_default().push(UserIdGroupPair {
                group_id: Some(group.to_string()),
                user_id: Some(place.account.to_string()),
                description,
                ..UserIdGroupPair::default()
            });
        }
    }
}

/// A rule as `DescribeSecurityGroupRules` shows it.
pub(super) fn show_rule(
    world: &World,
    group: &SecurityGroup,
    rule: &GroupRule,
) -> SecurityGroupRule {
    let account = world.place.account.to_string();
    let any = rule.ports.is_none().then_some(-1);
    let (range, range6, other) = match &rule.peer {
        Peer::Range(range) => (Some(range.to_string()), None, None),
        Peer::Range6(range) => (None, Some(range.clone()), None),
        Peer::Group(id) => (None, None, Some(id)),
    };
    SecurityGroupRule {
        security_group_rule_id: Some(rule.id.clone()),
        security_group_rule_arn: Some(
            world.place.arn("ec2", &format!("security-group-rule/{}", rule.id)),
        ),
        group_id: Some(group.id.to_string()),
        group_owner_id: Some(account.clone()),
        is_egress: Some(rule.direction == Direction::Egress),
        ip_protocol: Some(rule.protocol.clone()),
        from_port: rule.ports.map(|ports| ports.0).or(any),
        to_port: rule.ports.map(|ports| ports.1).or(any),
        cidr_ipv4: range,
        cidr_ipv6: range6,
        prefix_list_id: None,
        referenced_group_info: other.map(|id| api::ec2::ReferencedSecurityGroup {
            group_id: Some(id.to_string()),
            user_id: Some(account.clone()),
            vpc_id: Some(group.vpc.to_string()),
            ..Default::default()
        }),
        description: rule.description.clone(),
        tags: super::super::tags::show(world, &rule.id),
    }
}

/// A rule as AWS writes it in a refusal.
pub(super) fn describe(named: &Named) -> String {
    let peer = match &named.peer {
        Peer::Range(range) => range.to_string(),
        Peer::Range6(range) => range.clone(),
        Peer::Group(group) => group.to_string(),
    };
    let protocol = match named.protocol.as_str() {
        "-1" => "ALL".to_owned(),
        protocol => protocol.to_ascii_uppercase(),
    };
    match named.ports {
        Some((from, to)) => {
            format!("peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW")
        }
        None => format!("peer: {peer}, {protocol}, ALLOW"),
    }
}
