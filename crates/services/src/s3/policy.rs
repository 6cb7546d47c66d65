//! A bucket's policy: checked as AWS does, kept, and shown.

use super::{change, fault, find};
use crate::{Cx, policy};
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use serde_json::Value as Json;
use world::{Draft, World};

/// The most bytes of a policy.
const LARGEST: usize = 20 * 1024;

/// `PutBucketPolicy`.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutBucketPolicyRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    let held = find(draft, bucket.0, bucket.1)?;
    let text = input.policy;
    if !text.starts_with('{') {
        return Err(fault::bad_policy(
            "Policies must be valid JSON and the first byte must be '{'",
        ));
    }
    if text.len() > LARGEST {
        return Err(fault::bad_policy("Policy exceeds the maximum allowed document size."));
    }
    policy::check_resource(&text).map_err(fault::bad_policy)?;
    if !names_only(&text, bucket.0) {
        return Err(fault::bad_policy("Policy has invalid resource"));
    }
    let blocked = held.access_block.as_ref().and_then(|block| block.block_public_policy);
    if blocked == Some(true) && policy::is_public(&text) {
        return Err(fault::public_policy());
    }
    change(draft, bucket, |bucket| bucket.policy = Some(text))?;
    Ok(Nothing)
}

/// `GetBucketPolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketPolicyRequest,
) -> Result<GetBucketPolicyOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let policy = bucket.policy.clone().ok_or_else(|| fault::no_policy(&input.bucket))?;
    Ok(GetBucketPolicyOutput { policy: Some(policy) })
}

/// `DeleteBucketPolicy`. One that is not there is no mistake.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketPolicyRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.policy = None)?;
    Ok(Nothing)
}

/// Whether all resources of a policy are the bucket and its objects, as S3 demands.
fn names_only(text: &str, bucket: &str) -> bool {
    let document: Json = serde_json::from_str(text).unwrap_or_default();
    let statements = match &document["Statement"] {
        Json::Array(several) => several.iter().collect(),
        one => vec![one],
    };
    let arn = format!("arn:aws:s3:::{bucket}");
    let own = |resource: &Json| {
        let rest = resource.as_str().and_then(|text| text.strip_prefix(&arn));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest == "*")
    };
    let named = statements
        .iter()
        .filter_map(|statement| statement.get("Resource").or_else(|| statement.get("NotResource")));
    named.clone().count() == statements.len()
        && named.into_iter().all(|resource| match resource {
            Json::Array(several) => several.iter().all(own),
            one => own(one),
        })
}
