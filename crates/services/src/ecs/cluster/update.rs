//! `UpdateCluster`, `UpdateClusterSettings`.

use super::{find, show_updated};
use crate::Cx;
use crate::ecs::{fault, settings};
use api::Fault;
use api::ecs::{
    ClusterServiceConnectDefaultsRequest, ClusterSetting, UpdateClusterRequest,
    UpdateClusterResponse, UpdateClusterSettingsRequest, UpdateClusterSettingsResponse,
};
use model::Ids;
use std::collections::BTreeMap;
use world::{Draft, Stored};

/// Changes settings and configuration.
pub(in crate::ecs) fn update(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UpdateClusterRequest,
) -> Result<UpdateClusterResponse, Fault> {
    let mut cluster = find(draft, Some(&input.cluster))?.clone();
    no_namespace(input.service_connect_defaults.as_ref())?;
    cluster.settings.extend(parse_settings(input.settings.as_deref().unwrap_or_default())?);
    if let Some(configuration) = input.configuration {
        cluster.configuration = Some(Stored(configuration));
    }
    draft.put(cluster.clone());
    Ok(UpdateClusterResponse { cluster: Some(show_updated(draft, &cluster)) })
}

/// Changes settings.
pub(in crate::ecs) fn update_settings(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UpdateClusterSettingsRequest,
) -> Result<UpdateClusterSettingsResponse, Fault> {
    let mut cluster = find(draft, Some(&input.cluster))?.clone();
    cluster.settings.extend(parse_settings(&input.settings)?);
    draft.put(cluster.clone());
    Ok(UpdateClusterSettingsResponse { cluster: Some(show_updated(draft, &cluster)) })
}

/// The settings of a request. AWS has one, `containerInsights`.
pub(super) fn parse_settings(given: &[ClusterSetting]) -> Result<BTreeMap<String, String>, Fault> {
    let parse = |setting: &ClusterSetting| {
        let name = setting.name.as_deref().unwrap_or_default();
        let value = setting.value.as_deref().unwrap_or_default();
        if name != "containerInsights" {
            return Err(fault::invalid_setting("name"));
        }
        settings::check(name, value)?;
        Ok((name.to_owned(), value.to_owned()))
    };
    given.iter().map(parse).collect()
}

/// Refuses a default namespace; an empty one takes the default away, which is always so here.
pub(super) fn no_namespace(
    given: Option<&ClusterServiceConnectDefaultsRequest>,
) -> Result<(), Fault> {
    match given {
        Some(defaults) if !defaults.namespace.is_empty() => Err(fault::no_namespace()),
        _ => Ok(()),
    }
}
