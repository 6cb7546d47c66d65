//! `CreateCluster`.

use super::show::{Part, show};
use super::update;
use crate::Cx;
use crate::ecs::{capacity, fault, names, settings, tags};
use api::Fault;
use api::ecs::{CreateClusterRequest, CreateClusterResponse};
use model::Ids;
use std::collections::BTreeMap;
use world::cluster::ClusterStatus;
use world::{Cluster, Draft, Stored};

/// Makes a cluster. Making one that is there is no mistake as long as nothing else is asked of it;
/// a deleted one begins anew.
pub(in crate::ecs) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateClusterRequest,
) -> Result<CreateClusterResponse, Fault> {
    let name = input.cluster_name.clone().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "default".to_owned());
    if !names::is_name(&name) {
        return Err(fault::cluster_name());
    }
    update::no_namespace(input.service_connect_defaults.as_ref())?;
    let standing = draft.clusters.get(name.as_str()).cloned();
    let cluster = match standing.filter(|cluster| cluster.status == ClusterStatus::Active) {
        Some(cluster) if is_repeat(&cluster, &input)? => cluster,
        Some(_) => return Err(fault::cluster_not_idempotent()),
        None => {
            let cluster = begin(draft, cx, name, input)?;
            draft.put(cluster.clone());
            cluster
        }
    };
    let parts = [Part::Configurations, Part::Settings, Part::Tags].into();
    Ok(CreateClusterResponse { cluster: Some(show(draft, &cluster, &parts)) })
}

fn begin(
    draft: &Draft,
    cx: &Cx<'_>,
    name: String,
    input: CreateClusterRequest,
) -> Result<Cluster, Fault> {
    let insights = settings::effective(draft, &cx.caller.arn, "containerInsights");
    let mut settings = BTreeMap::from([("containerInsights".to_owned(), insights)]);
    settings.extend(update::parse_settings(input.settings.as_deref().unwrap_or_default())?);
    let capacity_providers = input.capacity_providers.unwrap_or_default();
    capacity::check_known(&capacity_providers)?;
    let strategy = input.default_capacity_provider_strategy.unwrap_or_default();
    Ok(Cluster {
        name: name.into(),
        status: ClusterStatus::Active,
        created_at: cx.now,
        deleted_at: None,
        settings,
        configuration: input.configuration.map(Stored),
        default_strategy: capacity::parse_default(&strategy, &capacity_providers)?,
        capacity_providers,
        tags: tags::parse(input.tags)?,
    })
}

/// Whether a request asks for nothing that the cluster is not already.
fn is_repeat(cluster: &Cluster, input: &CreateClusterRequest) -> Result<bool, Fault> {
    let settings = update::parse_settings(input.settings.as_deref().unwrap_or_default())?;
    let configuration = cluster.configuration.as_ref().map(|stored| &stored.0);
    let same_settings =
        settings.iter().all(|(name, value)| cluster.settings.get(name) == Some(value));
    let same_tags = match &input.tags {
        Some(given) => tags::parse(Some(given.clone()))? == cluster.tags,
        None => true,
    };
    let same_providers = match &input.capacity_providers {
        Some(given) => *given == cluster.capacity_providers,
        None => true,
    };
    let same_strategy = match &input.default_capacity_provider_strategy {
        Some(given) => {
            capacity::parse_default(given, &cluster.capacity_providers)? == cluster.default_strategy
        }
        None => true,
    };
    let same_configuration =
        input.configuration.is_none() || input.configuration.as_ref() == configuration;
    Ok(same_settings && same_tags && same_providers && same_strategy && same_configuration)
}
