//! Log streams come and go.

use super::{fault, names};
use crate::Cx;
use api::Fault;
use api::logs::{CreateLogStreamRequest, DeleteLogStreamRequest};
use api::value::Nothing;
use model::{Ids, LogGroupName, LogStreamName};
use world::{Draft, Effect, LogStream, LogStreamKey, RowKey, World};

/// `CreateLogStream`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateLogStreamRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?.name.clone();
    let key = LogStreamKey { group, stream: LogStreamName::from(input.log_stream_name) };
    if draft.log_streams.contains(&key) {
        return Err(fault::stream_exists());
    }
    // A stream of this name may have been deleted just before a crash, and its events not yet.
    draft.effect(Effect::DropLogStream(key.clone()));
    draft.put(LogStream { key, created_at: cx.now });
    Ok(Nothing)
}

/// `DeleteLogStream`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteLogStreamRequest,
) -> Result<Nothing, Fault> {
    let group = &names::named(draft, &input.log_group_name)?.name;
    let key = find(draft, group, &input.log_stream_name)?;
    draft.remove(RowKey::LogStream(key.clone()));
    draft.effect(Effect::DropLogStream(key));
    Ok(Nothing)
}

/// The key of a group's stream, if it is there.
pub(super) fn find(
    world: &World,
    group: &LogGroupName,
    stream: &str,
) -> Result<LogStreamKey, Fault> {
    let key = LogStreamKey { group: group.clone(), stream: LogStreamName::from(stream) };
    if world.log_streams.contains(&key) { Ok(key) } else { Err(fault::no_stream()) }
}
