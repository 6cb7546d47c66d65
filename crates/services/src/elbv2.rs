//! Elastic Load Balancing, version 2: Application Load Balancers, their listeners and rules, target
//! groups and targets.
//!
//! Handlers keep what a client wants; `control` moves targets through their states, and the engine
//! tells the data plane. What the data plane can't do (network and gateway load balancers,
//! authentication, regular expressions) is refused with an error of AWS's shape.

mod action;
mod attribute;
mod balancer;
mod condition;
mod fault;
mod group;
mod listener;
mod name;
pub mod policy;
mod quota;
mod rule;
mod tagging;
mod target;
#[cfg(test)]
mod tests;

use crate::Table;
use crate::page::{Ask, Page, limit, page};
use api::Fault;
use api::elbv2::*;
use std::fmt::Display;
use std::str::FromStr;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("CreateLoadBalancer.SecurityGroups", "security groups filter nothing locally"),
    ("SetSecurityGroups.SecurityGroups", "security groups filter nothing locally"),
    ("CreateLoadBalancer.Scheme", "every listener listens on this machine's loopback address"),
    ("DescribeTargetHealth.Include", "there is no anomaly detection"),
    ("connection_logs.s3.*", "the region has no S3 to write connection logs to"),
    ("health_check_logs.s3.*", "the region has no S3 to write health check logs to"),
    ("ipv6.deny_all_igw_traffic", "the VPC has no IPv6"),
    (
        "SslPolicy",
        "decides between TLS 1.2 and 1.3; ciphers without forward secrecy and authenticated \
         encryption, and TLS 1.0 and 1.1, are not offered whatever it says",
    ),
    ("waf.fail_open.enabled", "the region has no WAF"),
    ("zonal_shift.config.enabled", "the region's zones can't fail apart from each other"),
    ("load_balancing.cross_zone.enabled", "one load balancer node serves all zones"),
    (
        "target_group_health.dns_failover.*",
        "one load balancer node serves all zones, and its name always leads to it",
    ),
];

/// The keys of load balancers' attributes, then those of target groups'.
#[must_use]
pub fn attribute_keys() -> [Vec<&'static str>; 2] {
    [attribute::balancer::keys(), attribute::group::keys()]
}

/// The operations of ELBv2.
pub(crate) fn table() -> Table {
    let table = Table::default()
        .write::<CreateLoadBalancer>(balancer::create::create)
        .read::<DescribeLoadBalancers>(balancer::describe::describe)
        .write::<DeleteLoadBalancer>(balancer::delete::delete)
        .write::<SetSubnets>(balancer::network::set_subnets)
        .write::<SetSecurityGroups>(balancer::network::set_security_groups)
        .write::<ModifyLoadBalancerAttributes>(attribute::balancer::modify)
        .read::<DescribeLoadBalancerAttributes>(attribute::balancer::describe)
        .write::<AddTags>(tagging::add)
        .write::<RemoveTags>(tagging::remove)
        .read::<DescribeTags>(tagging::describe);
    table.and(groups()).and(listeners())
}

fn groups() -> Table {
    Table::default()
        .write::<CreateTargetGroup>(group::create::create)
        .read::<DescribeTargetGroups>(group::describe::describe)
        .write::<ModifyTargetGroup>(group::modify::modify)
        .write::<DeleteTargetGroup>(group::delete::delete)
        .write::<ModifyTargetGroupAttributes>(attribute::group::modify)
        .read::<DescribeTargetGroupAttributes>(attribute::group::describe)
        .write::<RegisterTargets>(target::register::register)
        .write::<DeregisterTargets>(target::deregister::deregister)
        .read::<DescribeTargetHealth>(target::health::describe)
}

fn listeners() -> Table {
    Table::default()
        .write::<CreateListener>(listener::create::create)
        .read::<DescribeListeners>(listener::describe::describe)
        .write::<ModifyListener>(listener::modify::modify)
        .write::<DeleteListener>(listener::delete::delete)
        .write::<ModifyListenerAttributes>(attribute::listener::modify)
        .read::<DescribeListenerAttributes>(attribute::listener::describe)
        .write::<CreateRule>(rule::create::create)
        .read::<DescribeRules>(rule::describe::describe)
        .write::<ModifyRule>(rule::modify::modify)
        .write::<DeleteRule>(rule::delete::delete)
        .write::<SetRulePriorities>(rule::priority::set)
        .write::<AddListenerCertificates>(listener::certificate::add)
        .write::<RemoveListenerCertificates>(listener::certificate::remove)
        .read::<DescribeListenerCertificates>(listener::certificate::describe)
        .read::<DescribeSSLPolicies>(policy::describe)
}

/// Which page of a listing a client wants.
struct Wanted {
    /// The operation's name.
    listing: &'static str,
    marker: Option<String>,
    size: Option<i32>,
}

/// The page that is wanted; 400 rows, which is AWS's most, unless fewer are asked for.
fn pages<T, K: Ord + Display + FromStr>(
    rows: impl IntoIterator<Item = T>,
    wanted: &Wanted,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>, Fault> {
    let limit = limit(wanted.size, 400, 400);
    let ask = Ask { listing: wanted.listing, token: wanted.marker.as_deref(), limit };
    page(rows, &ask, key).map_err(fault::bad_marker)
}
