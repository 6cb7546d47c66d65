//! `CreateSecret`.

use super::content::New;
use super::{fault, name, stages};
use crate::{Cx, tags};
use api::Fault;
use api::secretsmanager::{CreateSecretRequest, CreateSecretResponse};
use model::{Ids, SecretName};
use std::collections::BTreeMap;
use world::{Draft, SecretItem, World};

/// `CreateSecret`.
pub(super) fn secret(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateSecretRequest,
) -> Result<CreateSecretResponse, Fault> {
    refuse_elsewhere(&input)?;
    let new = New::read(input.secret_string, input.secret_binary, input.client_request_token)?;
    name::check(&input.name)?;
    if let Some(there) = draft.secret(&input.name, cx.now) {
        return repeated(draft, there, new.as_ref());
    }
    let given = input.tags.unwrap_or_default();
    let pairs = given.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    let tags = tags::new(pairs).map_err(|mistake| fault::parameter(mistake.to_string()))?;
    let mut secret = SecretItem {
        name: SecretName::from(input.name),
        suffix: ids.word(6),
        description: input.description.filter(|text| !text.is_empty()),
        kms_key: input.kms_key_id.filter(|key| !key.is_empty()),
        created_at: cx.now,
        changed_at: cx.now,
        accessed_at: None,
        deletion_at: None,
        deleted_at: None,
        versions: BTreeMap::new(),
        policy: None,
        tags,
    };
    if let Some(new) = &new {
        secret.versions.insert(new.id.clone(), new.version(cx.now));
        stages::make_current(&mut secret, &new.id);
    }
    let answer = answer(draft, &secret, new.as_ref());
    draft.put(secret);
    Ok(answer)
}

/// A repetition of the request that made the secret is answered as that was; anything else of this
/// name is refused.
fn repeated(
    world: &World,
    there: &SecretItem,
    new: Option<&New>,
) -> Result<CreateSecretResponse, Fault> {
    if there.deleted_at.is_some() {
        // Observed in 2022.
        return Err(fault::request(
            "You can't create this secret because a secret with this name is already scheduled for \
             deletion.",
        ));
    }
    let version = new.and_then(|new| there.versions.get(&new.id));
    match (version, new) {
        (Some(version), Some(new)) if version.value == new.content => {
            Ok(answer(world, there, Some(new)))
        }
        (Some(_), Some(new)) => Err(fault::token_used(&new.id, &name::arn(world, there))),
        _ => Err(fault::exists(there.name.as_str())),
    }
}

fn answer(world: &World, secret: &SecretItem, new: Option<&New>) -> CreateSecretResponse {
    CreateSecretResponse {
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
        version_id: new.map(|new| new.id.clone()),
        replication_status: None,
    }
}

/// What reaches beyond one region and one account.
fn refuse_elsewhere(input: &CreateSecretRequest) -> Result<(), Fault> {
    let refuse = |what: &str| {
        Err(fault::parameter(format!("The local region does not implement {what} of secrets.")))
    };
    if input.add_replica_regions.as_ref().is_some_and(|regions| !regions.is_empty()) {
        return refuse("replication (AddReplicaRegions)");
    }
    if input.cross_account_primary_arn.is_some() {
        return refuse("cross-account replication (CrossAccountPrimaryARN)");
    }
    if input.r#type.as_ref().is_some_and(|kind| !kind.is_empty()) {
        return refuse("external types (Type)");
    }
    Ok(())
}
