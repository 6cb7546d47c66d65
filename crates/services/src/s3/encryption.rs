//! How a bucket's objects are encrypted, as it is said of them.

use super::{change, fault, find};
use crate::Cx;
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, Stored, World};

/// S3's own keys.
const OWN: &str = "AES256";

/// `PutBucketEncryption`.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutBucketEncryptionRequest,
) -> Result<Nothing, Fault> {
    let given = input.server_side_encryption_configuration;
    let [rule] = given.rules.as_slice() else { return Err(fault::malformed()) };
    let by_default = rule.apply_server_side_encryption_by_default.as_ref();
    let keyed = by_default.is_some_and(|it| it.kms_master_key_id.is_some());
    if keyed && by_default.is_some_and(|it| it.sse_algorithm == OWN) {
        return Err(fault::invalid(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
        ));
    }
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.encryption = Some(Stored(given)))?;
    Ok(Nothing)
}

/// `GetBucketEncryption`. Each bucket has one: S3's own keys where nothing was said.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketEncryptionRequest,
) -> Result<GetBucketEncryptionOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let held = bucket.encryption.as_ref().map_or_else(with_own_keys, |held| held.0.clone());
    Ok(GetBucketEncryptionOutput { server_side_encryption_configuration: Some(held) })
}

/// `DeleteBucketEncryption`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketEncryptionRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.encryption = None)?;
    Ok(Nothing)
}

fn with_own_keys() -> ServerSideEncryptionConfiguration {
    let by_default =
        ServerSideEncryptionByDefault { sse_algorithm: OWN.to_owned(), kms_master_key_id: None };
    let rule = ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(by_default),
        bucket_key_enabled: Some(false),
        ..Default::default()
    };
    ServerSideEncryptionConfiguration { rules: vec![rule] }
}
