//! Security groups that let requests in to tasks, and tasks out to AWS.
//!
//! Ranges of addresses are taken to admit whom they may admit: where a load balancer's addresses are
//! is not known here.

use super::{Account, Lack, Scene, existing};
use api::ec2::{IpPermission, SecurityGroup};
use std::collections::BTreeSet;

const RULE: &str = "aws-firewall";

/// AWS's services answer here.
const HTTPS: u16 = 443;

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let Some(groups) = &scene.account.security_groups else { return Vec::new() };
    let mut found: Vec<Lack> = out(groups).into_iter().collect();
    for (name, service) in scene.wish.services().filter(|(_, it)| !it.routes().is_empty()) {
        let Some(port) = service.port else { continue };
        found.extend(closed(scene.account, groups, (name, port)));
    }
    found
}

/// Tasks that get nowhere.
fn out(groups: &[SecurityGroup]) -> Option<Lack> {
    let mut rules = groups.iter().flat_map(|group| group.ip_permissions_egress.iter().flatten());
    if groups.is_empty() || rules.any(|rule| reaches(rule, HTTPS)) {
        return None;
    }
    let what = format!("no rule of {} lets tasks out to port {HTTPS}", names(groups));
    let hint = "an outbound rule for port 443: images, secrets and logs are fetched through it";
    Some(Lack::error(RULE, existing("security_groups"), what, hint))
}

/// A load balancer that no rule admits.
fn closed(account: &Account, groups: &[SecurityGroup], (name, port): (&str, u16)) -> Option<Lack> {
    // A load balancer without groups comes from addresses.
    let balancers = account.balancers.get(name).filter(|held| !held.is_empty())?;
    let mut rules = groups.iter().flat_map(|group| group.ip_permissions.iter().flatten());
    if groups.is_empty() || rules.any(|rule| reaches(rule, port) && admits(rule, balancers)) {
        return None;
    }
    let what = format!(
        "no rule of {} lets the load balancer in to port {port} of service {name}",
        names(groups)
    );
    let from: Vec<&str> = balancers.iter().map(String::as_str).collect();
    let hint = format!("an inbound rule for port {port} from {}", from.join(", "));
    Some(Lack::error(RULE, existing("security_groups"), what, hint))
}

fn reaches(rule: &IpPermission, port: u16) -> bool {
    let port = i32::from(port);
    match rule.ip_protocol.as_deref() {
        Some("-1") => true,
        Some("tcp" | "6") => {
            rule.from_port.is_none_or(|from| from <= port)
                && rule.to_port.is_none_or(|to| port <= to)
        }
        _ => false,
    }
}

fn admits(rule: &IpPermission, balancers: &BTreeSet<String>) -> bool {
    let mut pairs = rule.user_id_group_pairs.iter().flatten();
    let by_group =
        pairs.any(|pair| pair.group_id.as_ref().is_some_and(|it| balancers.contains(it)));
    let by_address = !rule.ip_ranges.as_deref().unwrap_or_default().is_empty()
        || !rule.prefix_list_ids.as_deref().unwrap_or_default().is_empty();
    by_group || by_address
}

fn names(groups: &[SecurityGroup]) -> String {
    let ids: Vec<&str> = groups.iter().filter_map(|group| group.group_id.as_deref()).collect();
    ids.join(", ")
}
