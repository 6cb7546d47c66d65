//! `ListSecretVersionIds`.

use super::{fault, name};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::secretsmanager::{
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse, SecretVersionsListEntry,
};
use world::World;
use world::secret::SecretVersion;

/// What AWS calls its own key here; observed in 2022.
const DEFAULT_KEY: &str = "DefaultEncryptionKey";

/// `ListSecretVersionIds`: versions, oldest first; those without a label only when asked for.
pub(super) fn list(
    world: &World,
    cx: &Cx<'_>,
    input: ListSecretVersionIdsRequest,
) -> Result<ListSecretVersionIdsResponse, Fault> {
    let secret = name::find(world, &input.secret_id, cx.now)?;
    let deprecated_too = input.include_deprecated == Some(true);
    let mut versions: Vec<(String, &String, &SecretVersion)> = secret
        .versions
        .iter()
        .filter(|(_, version)| deprecated_too || !version.stages.is_empty())
        .map(|(id, version)| (format!("{:020}/{id}", version.created_at.millis()), id, version))
        .collect();
    versions.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
    let ask = Ask {
        listing: "ListSecretVersionIds",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, 100, 100),
    };
    let page = page::page(versions, &ask, |(spot, ..)| spot.clone()).map_err(fault::token)?;
    let Page { rows, next } = page;
    let key = secret.kms_key.as_deref().unwrap_or(DEFAULT_KEY);
    let show = |(_, id, version): (String, &String, &SecretVersion)| SecretVersionsListEntry {
        version_id: Some(id.clone()),
        version_stages: Some(version.stages.clone()).filter(|stages| !stages.is_empty()),
        last_accessed_date: version.accessed_at,
        created_date: Some(version.created_at),
        kms_key_ids: Some(vec![key.to_owned()]),
    };
    Ok(ListSecretVersionIdsResponse {
        versions: Some(rows.into_iter().map(show).collect()),
        next_token: next,
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
    })
}
