use super::table;
use crate::testing::{Region, assert_complete};
use api::s3::*;

const BUCKET: &str = "shop-files";

fn input(name: &str) -> CreateBucketRequest {
    CreateBucketRequest {
        bucket: name.to_owned(),
        create_bucket_configuration: Some(CreateBucketConfiguration {
            location_constraint: Some("eu-west-1".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn region() -> Region {
    let mut region = Region::of(table());
    region.ok::<CreateBucket>(input(BUCKET));
    region
}

fn policy(text: &str) -> PutBucketPolicyRequest {
    PutBucketPolicyRequest {
        bucket: BUCKET.to_owned(),
        policy: text.to_owned(),
        ..Default::default()
    }
}

mod objects;

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::S3, &table());
}

#[test]
fn a_bucket_is_made_once_and_found() {
    let mut region = region();
    let fault = region.fault::<CreateBucket>(input(BUCKET));
    assert!(fault.starts_with("BucketAlreadyOwnedByYou: "), "{fault}");
    let asked = GetBucketLocationRequest { bucket: BUCKET.into(), expected_bucket_owner: None };
    let location = region.ok::<GetBucketLocation>(asked).location_constraint;
    assert_eq!(location.as_deref(), Some("eu-west-1"));
    let listed = region.ok::<ListBuckets>(ListBucketsRequest::default()).buckets.unwrap();
    let names: Vec<_> = listed.iter().filter_map(|bucket| bucket.name.as_deref()).collect();
    assert_eq!(names, [BUCKET]);
    let asked = |owner: Option<&str>| HeadBucketRequest {
        bucket: BUCKET.into(),
        expected_bucket_owner: owner.map(str::to_owned),
    };
    let head = region.ok::<HeadBucket>(asked(Some("000000000000")));
    assert_eq!(head.bucket_region.as_deref(), Some("eu-west-1"));
    let fault = region.fault::<HeadBucket>(asked(Some("999999999999")));
    assert_eq!(fault, "AccessDenied: Access Denied");
    let gone = DeleteBucketRequest { bucket: BUCKET.into(), expected_bucket_owner: None };
    region.ok::<DeleteBucket>(gone.clone());
    let fault = region.fault::<DeleteBucket>(gone);
    assert_eq!(fault, "NoSuchBucket: The specified bucket does not exist");
}

#[test]
fn what_is_no_bucket_is_refused() {
    let mut region = Region::of(table());
    for name in ["ab", "Shop", "shop_files", "-shop", "shop.", "a..b", "192.168.0.1", "xn--shop"] {
        let fault = region.fault::<CreateBucket>(input(name));
        assert_eq!(fault, "InvalidBucketName: The specified bucket is not valid.", "{name}");
    }
    let mut elsewhere = input(BUCKET);
    elsewhere.create_bucket_configuration = None;
    let fault = region.fault::<CreateBucket>(elsewhere);
    assert!(fault.starts_with("IllegalLocationConstraintException: The unspecified"), "{fault}");
    let public = CreateBucketRequest { acl: Some("public-read".into()), ..input(BUCKET) };
    let fault = region.fault::<CreateBucket>(public);
    assert!(fault.starts_with("InvalidBucketAclWithObjectOwnership: "), "{fault}");
    let locked =
        CreateBucketRequest { object_lock_enabled_for_bucket: Some(true), ..input(BUCKET) };
    let fault = region.fault::<CreateBucket>(locked);
    assert!(fault.starts_with("NotImplemented: Object Lock"), "{fault}");
}

#[test]
fn a_policy_names_its_bucket_and_is_not_public() {
    let mut region = region();
    let asked = GetBucketPolicyRequest { bucket: BUCKET.into(), expected_bucket_owner: None };
    let fault = region.fault::<GetBucketPolicy>(asked.clone());
    assert_eq!(fault, "NoSuchBucketPolicy: The bucket policy does not exist");
    let document = |principal: &str, bucket: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}"#
        )
    };
    let service = r#"{"Service":"cloudfront.amazonaws.com"}"#;
    let good = document(service, BUCKET);
    region.ok::<PutBucketPolicy>(policy(&good));
    assert_eq!(region.ok::<GetBucketPolicy>(asked).policy, Some(good));
    for (text, expected) in [
        (document(service, "other"), "MalformedPolicy: Policy has invalid resource"),
        (document("\"*\"", BUCKET), "AccessDenied: Access Denied: public policies"),
        ("nothing".to_owned(), "MalformedPolicy: Policies must be valid JSON"),
    ] {
        let fault = region.fault::<PutBucketPolicy>(policy(&text));
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn a_new_bucket_has_what_s3_gives_it() {
    let mut region = region();
    let bucket = || BUCKET.to_owned();
    let asked = GetPublicAccessBlockRequest { bucket: bucket(), expected_bucket_owner: None };
    let block = region.ok::<GetPublicAccessBlock>(asked).public_access_block_configuration.unwrap();
    assert_eq!(block.block_public_policy, Some(true));
    let asked = GetBucketOwnershipControlsRequest { bucket: bucket(), expected_bucket_owner: None };
    let rules = region.ok::<GetBucketOwnershipControls>(asked).ownership_controls.unwrap().rules;
    assert_eq!(rules[0].object_ownership, "BucketOwnerEnforced");
    let asked = GetBucketEncryptionRequest { bucket: bucket(), expected_bucket_owner: None };
    let held = region.ok::<GetBucketEncryption>(asked).server_side_encryption_configuration;
    let by_default = held.unwrap().rules[0].apply_server_side_encryption_by_default.clone();
    assert_eq!(by_default.unwrap().sse_algorithm, "AES256");
    let asked = GetBucketTaggingRequest { bucket: bucket(), expected_bucket_owner: None };
    let fault = region.fault::<GetBucketTagging>(asked);
    assert_eq!(fault, "NoSuchTagSet: The TagSet does not exist");
}

#[test]
fn versions_begin_and_never_end() {
    let mut region = region();
    let put = |status: &str| PutBucketVersioningRequest {
        bucket: BUCKET.into(),
        versioning_configuration: VersioningConfiguration {
            status: Some(status.to_owned()),
            mfa_delete: None,
        },
        ..Default::default()
    };
    let status = |region: &mut Region| {
        let asked =
            GetBucketVersioningRequest { bucket: BUCKET.into(), expected_bucket_owner: None };
        region.ok::<GetBucketVersioning>(asked).status
    };
    assert_eq!(status(&mut region), None);
    for word in ["Enabled", "Suspended"] {
        region.ok::<PutBucketVersioning>(put(word));
        assert_eq!(status(&mut region).as_deref(), Some(word));
    }
}

#[test]
fn a_rule_of_a_lifecycle_does_something_to_something() {
    let mut region = region();
    let put = |rule: LifecycleRule| PutBucketLifecycleConfigurationRequest {
        bucket: BUCKET.into(),
        lifecycle_configuration: Some(BucketLifecycleConfiguration { rules: vec![rule] }),
        ..Default::default()
    };
    let rule = LifecycleRule {
        status: "Enabled".into(),
        filter: Some(LifecycleRuleFilter { prefix: Some(String::new()), ..Default::default() }),
        expiration: Some(LifecycleExpiration { days: Some(90), ..Default::default() }),
        ..Default::default()
    };
    region.ok::<PutBucketLifecycleConfiguration>(put(rule.clone()));
    let asked =
        GetBucketLifecycleConfigurationRequest { bucket: BUCKET.into(), ..Default::default() };
    let held = region.ok::<GetBucketLifecycleConfiguration>(asked).rules.unwrap();
    assert!(held[0].id.is_some(), "a rule without a name gets one");
    for (wrong, expected) in [
        (
            LifecycleRule { expiration: None, ..rule.clone() },
            "InvalidArgument: At least one action",
        ),
        (LifecycleRule { filter: None, ..rule }, "MalformedXML: "),
    ] {
        let fault = region.fault::<PutBucketLifecycleConfiguration>(put(wrong));
        assert!(fault.starts_with(expected), "{fault}");
    }
}
