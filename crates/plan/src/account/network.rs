//! Subnets from which a task gets to where its image, its secrets and its log are.
//!
//! On Fargate it is the task's own network interface that fetches them, before any container starts:
//! one that leads nowhere ends in `ResourceInitializationError` after minutes of waiting.

use super::{Lack, Network, Scene, existing};
use crate::secrets::references;
use api::ec2::{Route, RouteTable, Subnet};
use manifest::SecretReference;
use std::collections::BTreeSet;

const RULE: &str = "aws-network";

/// Every destination.
const ANYWHERE: &str = "0.0.0.0/0";

/// Where a subnet's tasks get to.
enum Way {
    /// To the internet gateway, which takes only who has a public address.
    Gateway,
    /// Out through something that has an address of its own.
    Through,
    /// Only within the network.
    None,
}

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let Some(network) = &scene.account.network else { return Vec::new() };
    let subnets = network.subnets.iter();
    let mut found: Vec<Lack> =
        subnets.filter_map(|subnet| stranded(scene, network, subnet)).collect();
    found.extend(zones(network));
    found
}

/// A subnet whose tasks can't fetch what they need.
fn stranded(scene: Scene<'_>, network: &Network, subnet: &Subnet) -> Option<Lack> {
    let id = subnet.subnet_id.as_deref().unwrap_or_default();
    let table = table(network, subnet);
    let (what, hint) = match table.map_or(Way::None, way) {
        Way::Through => return None,
        Way::Gateway if scene.observed.public => return None,
        Way::Gateway => (
            format!(
                "{id} leads out through an internet gateway, and tasks in it have no public address"
            ),
            "name subnets that lead to a NAT gateway, or have all of them give out public addresses",
        ),
        Way::None => {
            let lacking = lacking(scene, network, table);
            if lacking.is_empty() {
                return None;
            }
            (
                format!(
                    "no route leads out of {id}, and its VPC has no endpoint for {}",
                    lacking.join(", ")
                ),
                "a route to a NAT gateway, or these endpoints",
            )
        }
    };
    let named = scene.wish.manifest.environment.foundation.existing.subnets.iter();
    let at = named.into_iter().position(|held| held == id).unwrap_or_default();
    Some(Lack::error(RULE, existing(&format!("subnets.{at}")), what, hint))
}

/// The table that holds for a subnet: its own, or the main one of its VPC.
fn table<'n>(network: &'n Network, subnet: &Subnet) -> Option<&'n RouteTable> {
    let own = |table: &&RouteTable| {
        let mut all = table.associations.iter().flatten();
        all.any(|held| held.subnet_id.is_some() && held.subnet_id == subnet.subnet_id)
    };
    let main = |table: &&RouteTable| {
        let is_main = table.associations.iter().flatten().any(|held| held.main == Some(true));
        is_main && table.vpc_id == subnet.vpc_id
    };
    let tables = &network.tables;
    tables.iter().find(own).or_else(|| tables.iter().find(main))
}

fn way(table: &RouteTable) -> Way {
    let leads = |route: &&Route| {
        let is_up = route.state.as_deref() != Some("blackhole");
        is_up && route.destination_cidr_block.as_deref() == Some(ANYWHERE)
    };
    match table.routes.iter().flatten().find(leads) {
        Some(route) if route.gateway_id.as_deref().is_some_and(|id| id.starts_with("igw-")) => {
            Way::Gateway
        }
        Some(_) => Way::Through,
        None => Way::None,
    }
}

/// The services of AWS that tasks need and no endpoint leads to.
fn lacking(scene: Scene<'_>, network: &Network, table: Option<&RouteTable>) -> Vec<&'static str> {
    let table = table.and_then(|table| table.route_table_id.as_ref());
    let up = network.endpoints.iter().filter(|held| {
        let state = held.state.as_deref().unwrap_or_default();
        state.eq_ignore_ascii_case("available")
    });
    let leads = |wanted: &str| {
        up.clone().any(|held| {
            let is_it = held.service_name.as_deref().is_some_and(|name| name.ends_with(wanted));
            let tables = held.route_table_ids.as_deref().unwrap_or_default();
            // A gateway's endpoint holds for the tables that it stands in.
            let gateway = held.vpc_endpoint_type.as_deref() == Some("Gateway");
            is_it && (!gateway || table.is_some_and(|table| tables.contains(table)))
        })
    };
    needed(scene).into_iter().filter(|wanted| !leads(wanted)).collect()
}

/// What tasks need before they start: an image, whose layers are in S3, a log, and their secrets.
fn needed(scene: Scene<'_>) -> Vec<&'static str> {
    let references = scene.wish.services().flat_map(|(_, service)| references(service));
    let of_secrets = references.map(|reference| match reference {
        SecretReference::Parameter { .. } => ".ssm",
        SecretReference::Arn(arn) if arn.service == "ssm" => ".ssm",
        SecretReference::Secret { .. } | SecretReference::Arn(_) => ".secretsmanager",
    });
    let of_secrets: BTreeSet<&'static str> = of_secrets.collect();
    [".ecr.api", ".ecr.dkr", ".s3", ".logs"].into_iter().chain(of_secrets).collect()
}

/// Subnets that all fail together.
fn zones(network: &Network) -> Option<Lack> {
    let zones = network.subnets.iter().filter_map(|subnet| subnet.availability_zone.as_deref());
    let zones: BTreeSet<&str> = zones.collect();
    let [zone] = zones.into_iter().collect::<Vec<_>>()[..] else { return None };
    let what =
        format!("all subnets of the tasks are in {zone}: what takes it down takes all tasks");
    Some(Lack::warning(RULE, existing("subnets"), what, "name a subnet of another zone too"))
}
