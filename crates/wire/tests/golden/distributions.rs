//! What the golden messages of CloudFront say.

use super::{check, check_fault};
use api::value::Nothing;
use api::{Call, Fault, cloudfront};
use model::Timestamp;

const ID: &str = "E1A2B3C4D5E6F7";

pub(crate) fn cloudfront() {
    check::<cloudfront::CreateInvalidation>(
        cloudfront::CreateInvalidationRequest {
            distribution_id: ID.into(),
            invalidation_batch: batch(),
        },
        cloudfront::CreateInvalidationResult {
            location: Some("https://cloudfront.amazonaws.com/2020-05-31/x".into()),
            invalidation: Some(cloudfront::Invalidation {
                id: "I1A2B3C4D5E6F7".into(),
                status: "InProgress".into(),
                create_time: Timestamp::from_seconds(1_795_159_860),
                invalidation_batch: batch(),
            }),
        },
    );
    check::<cloudfront::UpdateOriginAccessControl>(
        cloudfront::UpdateOriginAccessControlRequest {
            origin_access_control_config: access(),
            id: ID.into(),
            if_match: Some("E2".into()),
        },
        cloudfront::UpdateOriginAccessControlResult {
            origin_access_control: Some(cloudfront::OriginAccessControl {
                id: ID.into(),
                origin_access_control_config: Some(access()),
            }),
            e_tag: Some("E3".into()),
        },
    );
    check::<cloudfront::GetFunction>(
        cloudfront::GetFunctionRequest { name: "pages".into(), stage: Some("LIVE".into()) },
        cloudfront::GetFunctionResult {
            function_code: Some(b"function handler(event) {}".to_vec().into()),
            e_tag: Some("E2".into()),
            content_type: Some("application/octet-stream".into()),
        },
    );
    check::<cloudfront::TagResource>(
        cloudfront::TagResourceRequest {
            resource: format!("arn:aws:cloudfront::000000000000:distribution/{ID}"),
            tags: cloudfront::Tags {
                items: Some(vec![cloudfront::Tag {
                    key: "team".into(),
                    value: Some("a b".into()),
                }]),
            },
        },
        Nothing,
    );
    let missing = Fault::refuse("NoSuchDistribution", "The specified distribution does not exist.")
        .with_status(404);
    check_fault(cloudfront::GetDistribution::OPERATION, &missing);
}

fn batch() -> cloudfront::InvalidationBatch {
    cloudfront::InvalidationBatch {
        paths: cloudfront::Paths {
            quantity: 2,
            items: Some(vec!["/index.html".into(), "/assets/*".into()]),
        },
        caller_reference: "once".into(),
    }
}

fn access() -> cloudfront::OriginAccessControlConfig {
    cloudfront::OriginAccessControlConfig {
        name: "shop".into(),
        description: None,
        signing_protocol: "sigv4".into(),
        signing_behavior: "always".into(),
        origin_access_control_origin_type: "s3".into(),
    }
}
