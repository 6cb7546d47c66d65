//! `DescribeSecret`, and what is known of a secret besides its value.

use super::name;
use crate::Cx;
use api::Fault;
use api::secretsmanager::{DescribeSecretRequest, DescribeSecretResponse, Tag};
use std::collections::BTreeMap;
use world::{SecretItem, World};

/// `DescribeSecret`.
pub(super) fn secret(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeSecretRequest,
) -> Result<DescribeSecretResponse, Fault> {
    let secret = name::find(world, &input.secret_id, cx.now)?;
    Ok(DescribeSecretResponse {
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
        description: secret.description.clone(),
        kms_key_id: secret.kms_key.clone(),
        last_changed_date: Some(secret.changed_at),
        last_accessed_date: secret.accessed_at,
        // Here it is the day on which the secret goes, says the model's documentation.
        deleted_date: secret.deletion_at,
        tags: tags(secret),
        version_ids_to_stages: stages(secret),
        created_date: Some(secret.created_at),
        ..Default::default()
    })
}

/// A secret's tags; AWS leaves an empty list out.
pub(super) fn tags(secret: &SecretItem) -> Option<Vec<Tag>> {
    let tags = secret.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
    Some(tags.collect()).filter(|tags: &Vec<Tag>| !tags.is_empty())
}

/// The labels of each version that has some; AWS leaves an empty map out.
pub(super) fn stages(secret: &SecretItem) -> Option<BTreeMap<String, Vec<String>>> {
    let labelled = secret.versions.iter().filter(|(_, version)| !version.stages.is_empty());
    let stages = labelled.map(|(id, version)| (id.clone(), version.stages.clone()));
    Some(stages.collect()).filter(|stages: &BTreeMap<_, _>| !stages.is_empty())
}
