//! The bucket for the load balancer's access logs.

use super::ground::Ground;
use super::ids::{ACCESS_LOGS, ACCESS_LOGS_POLICY};
use super::intrinsic::{attribute, reference, sub};
use super::template::{Resource, Template};
use serde_json::{Value, json};

/// How many days they are kept.
const KEPT: u32 = 90;

/// Adds the bucket and its policy, if there is a load balancer.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    if !ground.has_balancer() {
        return;
    }
    let mut properties = private_bucket();
    properties["LifecycleConfiguration"] = json!({
        "Rules": [{
            "Id": "expire",
            "Status": "Enabled",
            "ExpirationInDays": KEPT,
            "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 1 },
        }],
    });
    let bucket = Resource::new("AWS::S3::Bucket", properties)
        .retained()
        .skipping("CKV_AWS_18", "these are access logs themselves")
        .skipping("CKV_AWS_21", "nobody writes a log twice");
    template.resource(ACCESS_LOGS, bucket);
    let allow = json!({
        "Sid": "Deliver",
        "Effect": "Allow",
        "Principal": { "Service": "logdelivery.elasticloadbalancing.amazonaws.com" },
        "Action": "s3:PutObject",
        "Resource": sub(format!("${{{ACCESS_LOGS}.Arn}}/AWSLogs/${{AWS::AccountId}}/*")),
    });
    template.resource(ACCESS_LOGS_POLICY, policy(ACCESS_LOGS, &allow));
    template.output("AccessLogsBucket", "The load balancer's access logs", reference(ACCESS_LOGS));
}

/// A bucket that nobody reads without being named in its policy. Load balancers write only to
/// buckets with S3's own keys.
pub(super) fn private_bucket() -> Value {
    json!({
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                { "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" } },
            ],
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": true,
            "BlockPublicPolicy": true,
            "IgnorePublicAcls": true,
            "RestrictPublicBuckets": true,
        },
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] },
    })
}

/// A bucket's policy: what is allowed, and nothing without TLS.
pub(super) fn policy(bucket: &str, allow: &Value) -> Resource {
    let deny = json!({
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [attribute(bucket, "Arn"), sub(format!("${{{bucket}.Arn}}/*"))],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    });
    let document = json!({ "Version": "2012-10-17", "Statement": [allow, deny] });
    let properties = json!({ "Bucket": reference(bucket), "PolicyDocument": document });
    Resource::new("AWS::S3::BucketPolicy", properties)
}
