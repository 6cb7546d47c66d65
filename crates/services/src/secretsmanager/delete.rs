//! `DeleteSecret` and `RestoreSecret`.

use super::{fault, name};
use crate::Cx;
use api::Fault;
use api::secretsmanager::{
    DeleteSecretRequest, DeleteSecretResponse, RestoreSecretRequest, RestoreSecretResponse,
};
use model::{Ids, SecretName, Span};
use std::ops::RangeInclusive;
use world::{Draft, RowKey, SecretItem};

/// The days that a deleted secret can be restored, unless the request says otherwise.
const DAYS: i64 = 30;

/// The days that it can say.
const WINDOW: RangeInclusive<u64> = 7..=30;

/// How a secret goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Removal {
    /// At once.
    Forced,
    /// When this has passed; until then it can be restored.
    After(Span),
}

/// `DeleteSecret`. What is gone at the end of its days is no longer found; nothing has to happen.
pub(super) fn secret(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DeleteSecretRequest,
) -> Result<DeleteSecretResponse, Fault> {
    let removal = removal(&input)?;
    let found = match (name::find(draft, &input.secret_id, cx.now), removal) {
        (Err(fault), Removal::Forced) if fault == fault::no_secret() => {
            return Ok(nothing(draft, cx, ids, &input.secret_id));
        }
        (found, _) => found?.clone(),
    };
    let (arn, name) = (name::arn(draft, &found), found.name.clone());
    let deletion_date = match removal {
        Removal::Forced => {
            draft.remove(RowKey::SecretItem(name.clone()));
            cx.now
        }
        Removal::After(_) if found.deleted_at.is_some() => return Err(fault::deleted()),
        Removal::After(window) => {
            let gone = cx.now + window;
            let (deletion_at, deleted_at) = (Some(gone), Some(cx.now));
            draft.put(SecretItem { deletion_at, deleted_at, ..found });
            gone
        }
    };
    Ok(DeleteSecretResponse {
        arn: Some(arn),
        name: Some(name.into_string()),
        deletion_date: Some(deletion_date),
    })
}

/// `RestoreSecret`.
pub(super) fn restore(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: RestoreSecretRequest,
) -> Result<RestoreSecretResponse, Fault> {
    let found = name::find(draft, &input.secret_id, cx.now)?.clone();
    let (arn, name) = (name::arn(draft, &found), found.name.as_str().to_owned());
    if found.deleted_at.is_some() {
        draft.put(SecretItem { deletion_at: None, deleted_at: None, ..found });
    }
    Ok(RestoreSecretResponse { arn: Some(arn), name: Some(name) })
}

/// How the request wants it. Both texts are moto's.
fn removal(input: &DeleteSecretRequest) -> Result<Removal, Fault> {
    let forced = input.force_delete_without_recovery == Some(true);
    if forced && input.recovery_window_in_days.is_some() {
        return Err(fault::parameter(
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        ));
    }
    if forced {
        return Ok(Removal::Forced);
    }
    let days = u64::try_from(input.recovery_window_in_days.unwrap_or(DAYS)).unwrap_or_default();
    if !WINDOW.contains(&days) {
        return Err(fault::parameter(
            "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
        ));
    }
    Ok(Removal::After(Span::minutes(days * 24 * 60)))
}

/// The answer to a forced deletion of what is not there: AWS makes no difference.
fn nothing(draft: &Draft, cx: &Cx<'_>, ids: &mut Ids, id: &str) -> DeleteSecretResponse {
    let arn = match id.starts_with("arn:") {
        true => id.to_owned(),
        false => draft.place.secret_arn(&SecretName::from(id), &ids.word(6)),
    };
    DeleteSecretResponse { arn: Some(arn), name: Some(id.to_owned()), deletion_date: Some(cx.now) }
}
