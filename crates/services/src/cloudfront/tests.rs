use super::table;
use crate::testing::{Region, assert_complete};
use api::cloudfront::*;
use model::Span;

const OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const BUCKET: &str = "shop.s3.eu-west-1.amazonaws.com";

fn region() -> Region {
    Region::of(table())
}

fn config() -> DistributionConfig {
    let origin = Origin {
        id: "files".to_owned(),
        domain_name: BUCKET.to_owned(),
        s3_origin_config: Some(S3OriginConfig::default()),
        ..Default::default()
    };
    DistributionConfig {
        caller_reference: "once".to_owned(),
        enabled: true,
        origins: Origins { quantity: 1, items: vec![origin] },
        default_cache_behavior: DefaultCacheBehavior {
            target_origin_id: "files".to_owned(),
            viewer_protocol_policy: "allow-all".to_owned(),
            cache_policy_id: Some(OPTIMIZED.to_owned()),
            ..Default::default()
        },
        ..Default::default()
    }
}

fn create(config: DistributionConfig) -> CreateDistributionRequest {
    CreateDistributionRequest { distribution_config: config }
}

fn made(region: &mut Region) -> (String, String) {
    let made = region.ok::<CreateDistribution>(create(config()));
    (made.distribution.unwrap().id, made.e_tag.unwrap())
}

fn status(region: &mut Region, id: &str) -> String {
    let asked = GetDistributionRequest { id: id.to_owned() };
    region.ok::<GetDistribution>(asked).distribution.unwrap().status
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::CloudFront, &table());
}

#[test]
fn a_distribution_is_deployed_after_some_minutes() {
    let mut region = region();
    let (id, _) = made(&mut region);
    assert_eq!(status(&mut region, &id), "InProgress");
    region.pass(Span::seconds(180));
    assert_eq!(status(&mut region, &id), "Deployed");
}

#[test]
fn only_what_is_disabled_and_deployed_is_deleted() {
    let mut region = region();
    let (id, etag) = made(&mut region);
    let gone =
        |etag: &str| DeleteDistributionRequest { id: id.clone(), if_match: Some(etag.to_owned()) };
    region.pass(Span::seconds(180));
    assert!(region.fault::<DeleteDistribution>(gone(&etag)).starts_with("DistributionNotDisabled"));
    let change = UpdateDistributionRequest {
        distribution_config: DistributionConfig { enabled: false, ..config() },
        id: id.clone(),
        if_match: Some(etag.clone()),
    };
    let changed = region.ok::<UpdateDistribution>(change.clone()).e_tag.unwrap();
    assert!(region.fault::<UpdateDistribution>(change).starts_with("PreconditionFailed"));
    assert!(region.fault::<DeleteDistribution>(gone(&changed)).starts_with("DistributionNotDis"));
    region.pass(Span::seconds(180));
    assert!(region.fault::<DeleteDistribution>(gone(&etag)).starts_with("PreconditionFailed"));
    region.ok::<DeleteDistribution>(gone(&changed));
    assert!(region.world.distributions.is_empty());
}

#[test]
fn what_a_configuration_does_not_say_is_awss_default() {
    let mut region = region();
    let (id, _) = made(&mut region);
    let held = region.ok::<GetDistributionConfig>(GetDistributionConfigRequest { id });
    let held = held.distribution_config.unwrap();
    assert_eq!(held.price_class.as_deref(), Some("PriceClass_All"));
    let methods = held.default_cache_behavior.allowed_methods.unwrap();
    assert_eq!(methods.items, ["HEAD", "GET"]);
    assert_eq!(held.viewer_certificate.unwrap().cloud_front_default_certificate, Some(true));
}

#[test]
fn what_aws_refuses_is_refused() {
    let check = |change: fn(&mut DistributionConfig), expected: &str| {
        let mut wanted = config();
        change(&mut wanted);
        let fault = region().fault::<CreateDistribution>(create(wanted));
        assert!(fault.starts_with(expected), "{fault}");
    };
    check(|c| c.origins.quantity = 2, "InconsistentQuantities");
    check(|c| c.default_cache_behavior.target_origin_id = "x".into(), "NoSuchOrigin");
    check(|c| c.default_cache_behavior.cache_policy_id = Some("x".into()), "NoSuchCachePolicy");
    check(
        |c| c.default_cache_behavior.cache_policy_id = None,
        "InvalidArgument: The parameter Forw",
    );
    check(|c| c.origins.items[0].domain_name = "shop.example".into(), "InvalidArgument");
    check(|c| c.default_root_object = Some("/index.html".into()), "InvalidDefaultRootObject");
    check(
        |c| c.aliases = Some(Aliases { quantity: 1, items: Some(vec!["shop.example".into()]) }),
        "InvalidViewerCertificate",
    );
    check(
        |c| c.origins.items[0].origin_access_control_id = Some("E1".into()),
        "InvalidOriginAccessControl",
    );
    check(
        |c| {
            c.default_cache_behavior.function_associations = Some(FunctionAssociations {
                quantity: 1,
                items: Some(vec![FunctionAssociation {
                    function_arn: "arn:aws:cloudfront::000000000000:function/absent".into(),
                    event_type: "viewer-request".into(),
                }]),
            });
        },
        "InvalidFunctionAssociation",
    );
}

#[test]
fn what_is_not_here_is_refused_by_name() {
    let check = |change: fn(&mut DistributionConfig), name: &str| {
        let mut wanted = config();
        change(&mut wanted);
        let fault = region().fault::<CreateDistribution>(create(wanted));
        assert!(fault.starts_with("InvalidArgument: ") && fault.ends_with(name), "{fault}");
    };
    check(|c| c.web_acl_id = Some("arn:aws:wafv2:x".into()), ": WebACLId");
    check(|c| c.staging = Some(true), ": Staging");
    check(|c| c.default_cache_behavior.smooth_streaming = Some(true), ": SmoothStreaming");
    check(
        |c| c.default_cache_behavior.realtime_log_config_arn = Some("arn".into()),
        ": RealtimeLogConfigArn",
    );
}

#[test]
fn an_invalidation_is_asked_for_once_and_completes() {
    let mut region = region();
    let (id, _) = made(&mut region);
    let ask = |paths: &[&str]| CreateInvalidationRequest {
        distribution_id: id.clone(),
        invalidation_batch: InvalidationBatch {
            paths: Paths {
                quantity: i32::try_from(paths.len()).unwrap(),
                items: Some(paths.iter().map(|path| (*path).to_owned()).collect()),
            },
            caller_reference: "once".to_owned(),
        },
    };
    let first = region.ok::<CreateInvalidation>(ask(&["/*"])).invalidation.unwrap();
    let again = region.ok::<CreateInvalidation>(ask(&["/*"])).invalidation.unwrap();
    assert_eq!((first.id.as_str(), first.status.as_str()), (again.id.as_str(), "InProgress"));
    assert!(region.fault::<CreateInvalidation>(ask(&["/a"])).starts_with("InvalidArgument"));
    assert!(region.fault::<CreateInvalidation>(ask(&["a"])).starts_with("InvalidArgument"));
    region.pass(Span::seconds(20));
    let asked = GetInvalidationRequest { distribution_id: id.clone(), id: first.id };
    assert_eq!(region.ok::<GetInvalidation>(asked).invalidation.unwrap().status, "Completed");
}

#[test]
fn parts_stay_while_they_are_used_and_awss_own_for_ever() {
    let mut region = region();
    let access = OriginAccessControlConfig {
        name: "shop".to_owned(),
        signing_protocol: "sigv4".to_owned(),
        signing_behavior: "always".to_owned(),
        origin_access_control_origin_type: "s3".to_owned(),
        ..Default::default()
    };
    let ask = CreateOriginAccessControlRequest { origin_access_control_config: access };
    let part = region.ok::<CreateOriginAccessControl>(ask.clone());
    let id = part.origin_access_control.unwrap().id;
    let fault = region.fault::<CreateOriginAccessControl>(ask);
    assert!(fault.starts_with("OriginAccessControlAlreadyExists"), "{fault}");
    let mut wanted = config();
    wanted.origins.items[0].origin_access_control_id = Some(id.clone());
    region.ok::<CreateDistribution>(create(wanted));
    let gone = DeleteOriginAccessControlRequest { id, if_match: part.e_tag };
    let fault = region.fault::<DeleteOriginAccessControl>(gone);
    assert!(fault.starts_with("OriginAccessControlInUse"), "{fault}");
    let managed = DeleteCachePolicyRequest { id: OPTIMIZED.to_owned(), if_match: None };
    assert!(region.fault::<DeleteCachePolicy>(managed).starts_with("IllegalDelete"));
}

#[test]
fn what_is_published_stays_until_it_is_published_again() {
    let mut region = region();
    let config = FunctionConfig { runtime: "cloudfront-js-2.0".to_owned(), ..Default::default() };
    let made = region.ok::<CreateFunction>(CreateFunctionRequest {
        name: "pages".to_owned(),
        function_config: config.clone(),
        function_code: b"one".to_vec().into(),
        tags: None,
    });
    let tag = made.e_tag.unwrap();
    let live = GetFunctionRequest { name: "pages".into(), stage: Some("LIVE".into()) };
    assert!(region.fault::<GetFunction>(live.clone()).starts_with("NoSuchFunctionExists"));
    let publish = PublishFunctionRequest { name: "pages".into(), if_match: tag.clone() };
    region.ok::<PublishFunction>(publish);
    region.ok::<UpdateFunction>(UpdateFunctionRequest {
        name: "pages".to_owned(),
        if_match: tag,
        function_config: config,
        function_code: b"two".to_vec().into(),
    });
    let held = region.ok::<GetFunction>(live).function_code.unwrap();
    assert_eq!(held.reveal(), b"one");
}
