//! When a bucket's objects are to go: checked, kept and shown.

use super::{change, fault, find};
use crate::Cx;
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use std::collections::BTreeSet;
use world::{Draft, Stored, World};

/// The most rules of a bucket.
const MOST: usize = 1000;

/// `PutBucketLifecycleConfiguration`. A rule without a name gets one.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: PutBucketLifecycleConfigurationRequest,
) -> Result<PutBucketLifecycleConfigurationOutput, Fault> {
    let mut given = input.lifecycle_configuration.ok_or_else(fault::malformed)?;
    if given.rules.is_empty() || given.rules.len() > MOST {
        return Err(fault::malformed());
    }
    given.rules.iter().try_for_each(check)?;
    for rule in &mut given.rules {
        rule.id.get_or_insert_with(|| ids.uuid());
    }
    let names: BTreeSet<&Option<String>> = given.rules.iter().map(|rule| &rule.id).collect();
    if names.len() < given.rules.len() {
        return Err(fault::invalid("Rule ID must be unique. Found same ID for more than one rule"));
    }
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.lifecycle = Some(Stored(given)))?;
    Ok(PutBucketLifecycleConfigurationOutput::default())
}

/// `GetBucketLifecycleConfiguration`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketLifecycleConfigurationRequest,
) -> Result<GetBucketLifecycleConfigurationOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let held = bucket.lifecycle.as_ref().ok_or_else(|| fault::no_lifecycle(&input.bucket))?;
    Ok(GetBucketLifecycleConfigurationOutput {
        rules: Some(held.rules.clone()),
        ..Default::default()
    })
}

/// `DeleteBucketLifecycle`. One that is not there is no mistake.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketLifecycleRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.lifecycle = None)?;
    Ok(Nothing)
}

fn check(rule: &LifecycleRule) -> Result<(), Fault> {
    let acts = rule.expiration.is_some()
        || rule.transitions.is_some()
        || rule.noncurrent_version_expiration.is_some()
        || rule.noncurrent_version_transitions.is_some()
        || rule.abort_incomplete_multipart_upload.is_some();
    if !acts {
        return Err(fault::invalid("At least one action needs to be specified in a rule"));
    }
    // One of the two says what the rule is for.
    if rule.filter.is_some() == rule.prefix.is_some() {
        return Err(fault::malformed());
    }
    let positive = |days: Option<i32>| days.is_none_or(|days| days > 0);
    let expiry = rule.expiration.as_ref().and_then(|it| it.days);
    let noncurrent = rule.noncurrent_version_expiration.as_ref().and_then(|it| it.noncurrent_days);
    if !positive(expiry) || !positive(noncurrent) {
        return Err(fault::invalid("'Days' for Expiration action must be a positive integer"));
    }
    Ok(())
}
