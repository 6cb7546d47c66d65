//! CloudWatch Logs: groups, streams and their events.
//!
//! The events are not in the World. They are written by an [`Effect`](world::Effect) and read
//! through [`LogReader`](crate::LogReader).

mod fault;
mod filter;
mod get;
mod group;
mod groups;
mod merge;
mod names;
mod pattern;
mod put;
mod retention;
mod stream;
mod streams;
mod tags;
#[cfg(test)]
mod tests;
mod token;

use crate::Table;
use api::logs::{
    CreateLogGroup, CreateLogStream, DeleteLogGroup, DeleteLogStream, DeleteRetentionPolicy,
    DescribeLogGroups, DescribeLogStreams, FilterLogEvents, GetLogEvents, ListTagsForResource,
    ListTagsLogGroup, PutLogEvents, PutLogGroupDeletionProtection, PutRetentionPolicy, TagLogGroup,
    TagResource, UntagLogGroup, UntagResource,
};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("CreateLogGroup.kmsKeyId", "echoed; the region has no KMS and its files are not encrypted"),
    ("CreateLogGroup.logGroupClass", "echoed and listed by; every class behaves as STANDARD"),
    ("PutLogEvents.entity", "the region has no view of entities"),
    ("PutLogEvents.sequenceToken", "AWS ignores it too"),
    ("FilterLogEvents.interleaved", "always on, as on AWS"),
    ("FilterLogEvents.unmask", "no data protection policy masks anything"),
    ("GetLogEvents.unmask", "no data protection policy masks anything"),
    ("DescribeLogGroups.includeLinkedAccounts", "no accounts are linked"),
    ("DescribeLogGroups.accountIdentifiers", "no accounts are linked"),
];

/// The operations of CloudWatch Logs.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateLogGroup>(group::create)
        .write::<DeleteLogGroup>(group::delete)
        .write::<PutLogGroupDeletionProtection>(group::protect)
        .read::<DescribeLogGroups>(groups::describe)
        .write::<PutRetentionPolicy>(retention::put)
        .write::<DeleteRetentionPolicy>(retention::delete)
        .write::<CreateLogStream>(stream::create)
        .write::<DeleteLogStream>(stream::delete)
        .read::<DescribeLogStreams>(streams::describe)
        .write::<PutLogEvents>(put::events)
        .read::<GetLogEvents>(get::events)
        .read::<FilterLogEvents>(filter::events)
        .write::<TagResource>(tags::tag)
        .write::<UntagResource>(tags::untag)
        .read::<ListTagsForResource>(tags::list)
        .write::<TagLogGroup>(tags::tag_group)
        .write::<UntagLogGroup>(tags::untag_group)
        .read::<ListTagsLogGroup>(tags::list_group)
}
