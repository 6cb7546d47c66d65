//! How long a group's events are kept.

use super::{fault, names};
use crate::Cx;
use api::Fault;
use api::logs::{DeleteRetentionPolicyRequest, PutRetentionPolicyRequest};
use api::value::Nothing;
use model::Ids;
use world::{Draft, LogGroup};

/// The days that AWS offers (reference §6.3).
const DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// `PutRetentionPolicy`.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutRetentionPolicyRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?.clone();
    let days = u32::try_from(input.retention_in_days).ok().filter(|days| DAYS.contains(days));
    let Some(days) = days else {
        // The text is that of values outside of an enumeration; unverified for this one.
        return Err(fault::invalid(format!(
            "1 validation error detected: Value '{}' at 'retentionInDays' failed to satisfy \
             constraint: Member must satisfy enum value set: {DAYS:?}",
            input.retention_in_days
        )));
    };
    draft.put(LogGroup { retention_days: Some(days), ..group });
    Ok(Nothing)
}

/// `DeleteRetentionPolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRetentionPolicyRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?.clone();
    draft.put(LogGroup { retention_days: None, ..group });
    Ok(Nothing)
}
