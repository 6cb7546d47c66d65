//! Capacity providers: `PutClusterCapacityProviders`, and strategies wherever they are given.

use super::{cluster, fault};
use crate::Cx;
use api::Fault;
use api::ecs::{
    CapacityProviderStrategyItem, PutClusterCapacityProvidersRequest,
    PutClusterCapacityProvidersResponse,
};
use model::Ids;
use world::cluster::StrategyItem;
use world::service::{ServiceLaunch, ServiceStatus};
use world::{Cluster, Draft, World};

/// The providers that Fargate has (reference §3.2).
const PROVIDERS: [&str; 2] = ["FARGATE", "FARGATE_SPOT"];

/// Replaces a cluster's providers and its default strategy.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutClusterCapacityProvidersRequest,
) -> Result<PutClusterCapacityProvidersResponse, Fault> {
    let mut row = cluster::find(draft, Some(&input.cluster))?.clone();
    check_known(&input.capacity_providers)?;
    check_unused(draft, &row, &input.capacity_providers)?;
    let strategy = &input.default_capacity_provider_strategy;
    row.default_strategy = parse_default(strategy, &input.capacity_providers)?;
    row.capacity_providers = input.capacity_providers;
    draft.put(row.clone());
    let shown = cluster::show_updated(draft, &row);
    Ok(PutClusterCapacityProvidersResponse { cluster: Some(shown) })
}

/// Refuses providers other than Fargate's: there are no machines here that they could add.
pub(super) fn check_known(names: &[String]) -> Result<(), Fault> {
    let known = |name: &String| PROVIDERS.contains(&name.as_str());
    if names.iter().all(known) { Ok(()) } else { Err(fault::unknown_provider()) }
}

/// A cluster's default strategy.
pub(super) fn parse_default(
    given: &[CapacityProviderStrategyItem],
    associated: &[String],
) -> Result<Vec<StrategyItem>, Fault> {
    let items = parse_items(given, associated)?;
    if items.iter().filter(|item| item.base > 0).count() > 1 {
        return Err(fault::two_bases_in_cluster());
    }
    Ok(items)
}

/// The strategy of a service or a task.
pub(super) fn parse(
    given: &[CapacityProviderStrategyItem],
    associated: &[String],
) -> Result<Vec<StrategyItem>, Fault> {
    let items = parse_items(given, associated)?;
    if items.iter().filter(|item| item.base > 0).count() > 1 {
        return Err(fault::two_bases());
    }
    if items.iter().all(|item| item.weight == 0) {
        return Err(fault::no_weight());
    }
    Ok(items)
}

/// A strategy as AWS shows it.
pub(super) fn show(items: &[StrategyItem]) -> Vec<CapacityProviderStrategyItem> {
    let item = |item: &StrategyItem| CapacityProviderStrategyItem {
        capacity_provider: item.provider.clone(),
        weight: i32::try_from(item.weight).ok(),
        base: i32::try_from(item.base).ok(),
    };
    items.iter().map(item).collect()
}

/// A launch type or a strategy, never both.
pub(super) fn show_launch(
    launch: &ServiceLaunch,
) -> (Option<String>, Option<Vec<CapacityProviderStrategyItem>>) {
    match launch {
        ServiceLaunch::Fargate => (Some("FARGATE".to_owned()), None),
        ServiceLaunch::Strategy(items) => (None, Some(show(items))),
    }
}

/// Weight and base are 0 unless given (reference §3.2).
fn parse_items(
    given: &[CapacityProviderStrategyItem],
    associated: &[String],
) -> Result<Vec<StrategyItem>, Fault> {
    let mut items: Vec<StrategyItem> = Vec::new();
    for item in given {
        let provider = item.capacity_provider.clone();
        if !associated.contains(&provider) {
            return Err(fault::provider_not_associated());
        }
        if items.iter().any(|known| known.provider == provider) {
            return Err(fault::provider_twice());
        }
        let weight = number("weight", item.weight, 1000)?;
        let base = number("base", item.base, 100_000)?;
        items.push(StrategyItem { provider, weight, base });
    }
    Ok(items)
}

fn number(what: &str, given: Option<i32>, most: u32) -> Result<u32, Fault> {
    let number = u32::try_from(given.unwrap_or(0)).ok().filter(|number| *number <= most);
    number.ok_or_else(|| fault::provider_number(what, most))
}

/// Refuses to take a provider away that a service's strategy names.
fn check_unused(world: &World, cluster: &Cluster, kept: &[String]) -> Result<(), Fault> {
    let gone = |item: &StrategyItem| !kept.contains(&item.provider);
    let mut services = world.services_in(&cluster.name);
    let in_use = services.any(|service| match &service.launch {
        ServiceLaunch::Strategy(items) => {
            service.status != ServiceStatus::Inactive && items.iter().any(gone)
        }
        ServiceLaunch::Fargate => false,
    });
    if in_use { Err(fault::provider_in_use()) } else { Ok(()) }
}
