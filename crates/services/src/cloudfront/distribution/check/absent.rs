//! What the region does not do of CloudFront. It is refused, by name: a firewall that is not there
//! must not look as if it were.

use super::super::super::behaviour::behaviours;
use super::super::super::fault;
use api::Fault;
use api::cloudfront::*;

/// Refuses what is not done.
pub(super) fn refuse(config: &DistributionConfig) -> Result<(), Fault> {
    let named = of_distribution(config)
        .or_else(|| config.origins.items.iter().find_map(of_origin))
        .or_else(|| behaviours(config).iter().find_map(of_behaviour));
    named.map_or(Ok(()), |what| Err(fault::not_here(what)))
}

fn of_distribution(config: &DistributionConfig) -> Option<&'static str> {
    let restrictions = config.restrictions.as_ref().map(|held| &held.geo_restriction);
    let groups = config.origin_groups.as_ref().map_or(0, |held| held.quantity);
    let certificate = config.viewer_certificate.as_ref();
    first([
        (said(config.web_acl_id.as_deref()), "WebACLId"),
        (restrictions.is_some_and(|held| held.restriction_type != "none"), "GeoRestriction"),
        (groups > 0, "OriginGroups"),
        (certificate.is_some_and(|held| held.iam_certificate_id.is_some()), "IAMCertificateId"),
        (config.staging == Some(true), "Staging"),
        (said(config.continuous_deployment_policy_id.as_deref()), "ContinuousDeploymentPolicyId"),
        (said(config.anycast_ip_list_id.as_deref()), "AnycastIpListId"),
        (config.tenant_config.is_some(), "TenantConfig"),
        (config.connection_mode.as_deref().is_some_and(|mode| mode != "direct"), "ConnectionMode"),
        (config.viewer_mtls_config.is_some(), "ViewerMtlsConfig"),
        (config.connection_function_association.is_some(), "ConnectionFunctionAssociation"),
        (config.cache_tag_config.is_some(), "CacheTagConfig"),
    ])
}

fn of_origin(origin: &Origin) -> Option<&'static str> {
    let identity =
        origin.s3_origin_config.as_ref().map(|held| held.origin_access_identity.as_str());
    let custom = origin.custom_origin_config.as_ref();
    first([
        (said(identity), "OriginAccessIdentity (an origin access control does the same)"),
        (origin.vpc_origin_config.is_some(), "VpcOriginConfig"),
        (origin.response_completion_timeout.is_some(), "ResponseCompletionTimeout"),
        (custom.is_some_and(|held| held.origin_mtls_config.is_some()), "OriginMtlsConfig"),
    ])
}

fn of_behaviour(behaviour: &CacheBehavior) -> Option<&'static str> {
    let signers = behaviour.trusted_signers.as_ref().is_some_and(|held| held.enabled);
    let groups = behaviour.trusted_key_groups.as_ref().is_some_and(|held| held.enabled);
    let lambdas = behaviour.lambda_function_associations.as_ref().map_or(0, |held| held.quantity);
    let grpc = behaviour.grpc_config.as_ref().is_some_and(|held| held.enabled);
    first([
        (signers, "TrustedSigners"),
        (groups, "TrustedKeyGroups"),
        (lambdas > 0, "LambdaFunctionAssociations"),
        (said(behaviour.field_level_encryption_id.as_deref()), "FieldLevelEncryptionId"),
        (said(behaviour.realtime_log_config_arn.as_deref()), "RealtimeLogConfigArn"),
        (behaviour.smooth_streaming == Some(true), "SmoothStreaming"),
        (grpc, "GrpcConfig"),
    ])
}

fn said(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

fn first<const N: usize>(asked: [(bool, &'static str); N]) -> Option<&'static str> {
    asked.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, what)| what)
}
