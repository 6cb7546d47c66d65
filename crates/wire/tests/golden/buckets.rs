//! What the golden messages of S3 say.

use super::{check, check_fault};
use api::value::Nothing;
use api::{Call, Fault, s3};

const BUCKET: &str = "shop-files";

pub(crate) fn s3() {
    check::<s3::CreateBucket>(
        s3::CreateBucketRequest {
            bucket: BUCKET.into(),
            create_bucket_configuration: Some(s3::CreateBucketConfiguration {
                location_constraint: Some("eu-west-1".into()),
                ..Default::default()
            }),
            object_ownership: Some("BucketOwnerEnforced".into()),
            ..Default::default()
        },
        s3::CreateBucketOutput { location: Some("/shop-files".into()), bucket_arn: None },
    );
    check::<s3::GetBucketLocation>(
        s3::GetBucketLocationRequest { bucket: BUCKET.into(), expected_bucket_owner: None },
        s3::GetBucketLocationOutput { location_constraint: Some("eu-west-1".into()) },
    );
    check::<s3::PutBucketPolicy>(
        s3::PutBucketPolicyRequest {
            bucket: BUCKET.into(),
            policy: "{\"Version\":\"2012-10-17\"}".into(),
            ..Default::default()
        },
        Nothing,
    );
    check::<s3::PutBucketLifecycleConfiguration>(
        s3::PutBucketLifecycleConfigurationRequest {
            bucket: BUCKET.into(),
            lifecycle_configuration: Some(lifecycle()),
            ..Default::default()
        },
        s3::PutBucketLifecycleConfigurationOutput::default(),
    );
    check::<s3::GetBucketTagging>(
        s3::GetBucketTaggingRequest { bucket: BUCKET.into(), expected_bucket_owner: None },
        s3::GetBucketTaggingOutput {
            tag_set: vec![s3::Tag { key: "team".into(), value: "a & b".into() }],
        },
    );
    let missing = Fault::refuse("NoSuchBucket", "The specified bucket does not exist")
        .with_status(404)
        .with_detail("BucketName", vec![BUCKET.into()]);
    check_fault(s3::GetBucketPolicy::OPERATION, &missing);
}

/// A rule with a list inside that has no element around its elements.
fn lifecycle() -> s3::BucketLifecycleConfiguration {
    let tags = ["a", "b"].map(|key| s3::Tag { key: key.into(), value: "1".into() });
    s3::BucketLifecycleConfiguration {
        rules: vec![s3::LifecycleRule {
            id: Some("expire".into()),
            status: "Enabled".into(),
            filter: Some(s3::LifecycleRuleFilter {
                and: Some(s3::LifecycleRuleAndOperator {
                    prefix: Some("logs/".into()),
                    tags: Some(tags.into()),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            expiration: Some(s3::LifecycleExpiration { days: Some(90), ..Default::default() }),
            ..Default::default()
        }],
    }
}
