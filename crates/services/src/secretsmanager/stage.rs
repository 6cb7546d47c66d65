//! `UpdateSecretVersionStage`.

use super::{fault, name, stages};
use crate::Cx;
use api::Fault;
use api::secretsmanager::{UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse};
use model::Ids;
use world::{Draft, SecretItem};

/// `UpdateSecretVersionStage`: a label goes to a version, or from one, or from one to another.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UpdateSecretVersionStageRequest,
) -> Result<UpdateSecretVersionStageResponse, Fault> {
    let mut secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    let stage = input.version_stage.as_str();
    let (from, to) = (input.remove_from_version_id.as_deref(), input.move_to_version_id.as_deref());
    check(&secret, stage, from, to)?;
    match to {
        Some(to) if stage == stages::CURRENT => drop(stages::make_current(&mut secret, to)),
        _ => {
            if let Some(from) = from {
                stages::take(&mut secret, from, stage);
            }
            if let Some(to) = to {
                stages::give(&mut secret, to, stage);
            }
        }
    }
    secret.changed_at = cx.now;
    let (arn, name) = (name::arn(draft, &secret), secret.name.as_str().to_owned());
    draft.put(secret);
    Ok(UpdateSecretVersionStageResponse { arn: Some(arn), name: Some(name) })
}

/// The texts are moto's, but for those that say otherwise.
fn check(
    secret: &SecretItem,
    stage: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Fault> {
    for id in from.iter().chain(&to) {
        if !secret.versions.contains_key(*id) {
            return Err(fault::parameter(format!("Not a valid version: {id}")));
        }
    }
    let holder = secret.at_stage(stage).map(|(id, _)| id.as_str());
    match (from, to) {
        (None, None) => Err(fault::parameter(
            // The text is ours.
            "You must specify RemoveFromVersionId, MoveToVersionId, or both.",
        )),
        (Some(from), _) if holder != Some(from) => {
            Err(fault::parameter(format!("Version stage {stage} not found in version {from}")))
        }
        (Some(_), None) if stage == stages::CURRENT => Err(fault::parameter(
            // The text is unverified.
            "You can only move staging label AWSCURRENT to a different secret version. It can't be \
             completely removed.",
        )),
        (None, Some(to)) => match holder {
            Some(holder) if holder != to => Err(fault::parameter(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is \
                 currently attached to version {holder}, so you must explicitly reference that \
                 version in RemoveFromVersionId."
            ))),
            _ => Ok(()),
        },
        (Some(_), _) => Ok(()),
    }
}
