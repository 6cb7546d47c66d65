//! Log groups come and go.

use super::{fault, names};
use crate::{Cx, tags};
use api::Fault;
use api::logs::{
    CreateLogGroupRequest, DeleteLogGroupRequest, PutLogGroupDeletionProtectionRequest,
};
use api::value::Nothing;
use model::{Ids, LogGroupName};
use world::{Draft, Effect, LogGroup, RowKey};

/// `CreateLogGroup`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateLogGroupRequest,
) -> Result<Nothing, Fault> {
    let name = LogGroupName::from(input.log_group_name);
    if name.as_str().get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws/")) {
        // The rule is in the model's documentation; the text is unverified.
        return Err(fault::invalid("Log groups starting with AWS/ are reserved for AWS."));
    }
    if draft.log_groups.contains(&name) {
        return Err(fault::group_exists());
    }
    let tags = tags::new(input.tags.unwrap_or_default()).map_err(fault::tags)?;
    // A group of this name may have been deleted just before a crash, and its events not yet.
    draft.effect(Effect::DropLogGroup(name.clone()));
    draft.put(LogGroup {
        name,
        created_at: cx.now,
        retention_days: None,
        class: input.log_group_class.unwrap_or_else(|| "STANDARD".to_owned()),
        protected: input.deletion_protection_enabled.unwrap_or_default(),
        kms_key: input.kms_key_id,
        tags,
    });
    Ok(Nothing)
}

/// `DeleteLogGroup`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteLogGroupRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?;
    if group.protected {
        return Err(fault::protected());
    }
    let name = group.name.clone();
    let streams: Vec<_> = draft.streams_of(&name).map(|stream| stream.key.clone()).collect();
    for stream in streams {
        draft.remove(RowKey::LogStream(stream));
    }
    draft.remove(RowKey::LogGroup(name.clone()));
    draft.effect(Effect::DropLogGroup(name));
    Ok(Nothing)
}

/// `PutLogGroupDeletionProtection`.
pub(super) fn protect(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutLogGroupDeletionProtectionRequest,
) -> Result<Nothing, Fault> {
    let group = names::identified(draft, &input.log_group_identifier)?.clone();
    draft.put(LogGroup { protected: input.deletion_protection_enabled, ..group });
    Ok(Nothing)
}
