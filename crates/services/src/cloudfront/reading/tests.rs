use super::{Reader, may};
use crate::Table;
use crate::testing::Region;
use api::s3::{CreateBucket, CreateBucketConfiguration, CreateBucketRequest, PutBucketPolicy};
use api::s3::{DeletePublicAccessBlock, DeletePublicAccessBlockRequest, PutBucketPolicyRequest};
use serde_json::{Value as Json, json};

/// Whether a reader gets at an object of a bucket with this policy.
fn reads(statements: &Json, reader: Reader<'_>) -> bool {
    let mut region = Region::of(Table::default().and(crate::s3::table()));
    region.ok::<CreateBucket>(CreateBucketRequest {
        bucket: "shop".to_owned(),
        create_bucket_configuration: Some(CreateBucketConfiguration {
            location_constraint: Some("eu-west-1".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    });
    let open = DeletePublicAccessBlockRequest { bucket: "shop".into(), ..Default::default() };
    region.ok::<DeletePublicAccessBlock>(open);
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let put = PutBucketPolicyRequest { bucket: "shop".into(), policy, ..Default::default() };
    region.ok::<PutBucketPolicy>(put);
    let bucket = region.world.buckets.get("shop").unwrap();
    may(&region.world, bucket, reader, ("s3:GetObject", "a/b.html"))
}

fn allow(principal: &Json, distribution: &str) -> Json {
    json!({
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::shop/*",
        "Condition": { "StringEquals": {
            "aws:SourceArn": format!("arn:aws:cloudfront::000000000000:distribution/{distribution}"),
        } },
    })
}

#[test]
fn a_distribution_reads_what_the_bucket_lets_it_read() {
    let service = json!({ "Service": "cloudfront.amazonaws.com" });
    let own = Reader::Distribution("E1");
    assert!(reads(&json!([allow(&service, "E1")]), own));
    assert!(!reads(&json!([allow(&service, "E2")]), own));
    assert!(!reads(&json!([allow(&json!({ "Service": "ecs.amazonaws.com" }), "E1")]), own));
    assert!(!reads(&json!([allow(&service, "E1")]), Reader::Anybody));
}

#[test]
fn who_denies_is_stronger_and_about_somebody() {
    let service = json!({ "Service": "cloudfront.amazonaws.com" });
    let deny = |condition: &str| {
        json!({
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::shop/*",
            "Condition": { "Bool": { "aws:SecureTransport": condition } },
        })
    };
    let own = Reader::Distribution("E1");
    assert!(reads(&json!([allow(&service, "E1"), deny("false")]), own));
    assert!(!reads(&json!([allow(&service, "E1"), deny("true")]), own));
}

#[test]
fn a_public_bucket_is_anybodys() {
    let statement = json!({
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*",
    });
    assert!(reads(&json!([statement]), Reader::Anybody));
}
