//! `GetSecretValue`.

use super::{fault, name, stages};
use crate::Cx;
use api::Fault;
use api::secretsmanager::{GetSecretValueRequest, GetSecretValueResponse};
use model::{Ids, Timestamp};
use world::secret::{SecretContent, SecretVersion};
use world::{Draft, SecretItem, World};

/// `GetSecretValue`. It writes once a day: AWS keeps the day of the last read.
pub(super) fn value(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: GetSecretValueRequest,
) -> Result<GetSecretValueResponse, Fault> {
    let secret = name::find_usable(draft, &input.secret_id, cx.now)?;
    let (id, version) =
        select(secret, input.version_id.as_deref(), input.version_stage.as_deref())?;
    let (answer, id, secret) = (show(draft, secret, id, version), id.clone(), secret.clone());
    note_read(draft, secret, &id, cx.now);
    Ok(answer)
}

/// The version that is meant, with its id.
pub(super) fn select<'a>(
    secret: &'a SecretItem,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<(&'a String, &'a SecretVersion), Fault> {
    let Some(id) = id else {
        let stage = stage.unwrap_or(stages::CURRENT);
        return secret.at_stage(stage).ok_or_else(|| fault::no_value("staging label", stage));
    };
    let found = secret.versions.get_key_value(id);
    let (id, version) = found.ok_or_else(|| fault::no_value("VersionId", id))?;
    if stage.is_some_and(|stage| !version.stages.iter().any(|there| there == stage)) {
        // Observed in 2024.
        return Err(fault::request(
            "You provided a VersionStage that is not associated to the provided VersionId.",
        ));
    }
    Ok((id, version))
}

/// Notes the day of a read, unless it is noted.
pub(super) fn note_read(draft: &mut Draft, mut secret: SecretItem, id: &str, now: Timestamp) {
    let day = Timestamp::from_millis(now.millis() - i64::from(now.of_day()));
    let Some(version) = secret.versions.get_mut(id) else { return };
    if version.accessed_at != Some(day) || secret.accessed_at != Some(day) {
        version.accessed_at = Some(day);
        secret.accessed_at = Some(day);
        draft.put(secret);
    }
}

fn show(
    world: &World,
    secret: &SecretItem,
    id: &str,
    version: &SecretVersion,
) -> GetSecretValueResponse {
    let (text, bytes) = match &version.value {
        SecretContent::Text(text) => (Some(text.clone()), None),
        SecretContent::Bytes(bytes) => (None, Some(bytes.clone())),
    };
    GetSecretValueResponse {
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
        version_id: Some(id.to_owned()),
        secret_binary: bytes,
        secret_string: text,
        // A version without a label can be read by its id; then AWS leaves the labels out.
        version_stages: Some(version.stages.clone()).filter(|stages| !stages.is_empty()),
        created_date: Some(version.created_at),
    }
}
