//! The behaviours of a distribution in the order in which they are tried.

use api::cloudfront::{CacheBehavior, DefaultCacheBehavior, DistributionConfig};

/// All behaviours, the default one last, as one for every path.
#[must_use]
pub fn behaviours(config: &DistributionConfig) -> Vec<CacheBehavior> {
    let held = config.cache_behaviors.iter().flat_map(|held| held.items.iter()).flatten().cloned();
    held.chain([for_every_path(config.default_cache_behavior.clone())]).collect()
}

/// AWS has two records for the same thing, but for the path.
fn for_every_path(held: DefaultCacheBehavior) -> CacheBehavior {
    CacheBehavior {
        path_pattern: "*".to_owned(),
        target_origin_id: held.target_origin_id,
        trusted_signers: held.trusted_signers,
        trusted_key_groups: held.trusted_key_groups,
        viewer_protocol_policy: held.viewer_protocol_policy,
        allowed_methods: held.allowed_methods,
        smooth_streaming: held.smooth_streaming,
        compress: held.compress,
        lambda_function_associations: held.lambda_function_associations,
        function_associations: held.function_associations,
        field_level_encryption_id: held.field_level_encryption_id,
        realtime_log_config_arn: held.realtime_log_config_arn,
        cache_policy_id: held.cache_policy_id,
        origin_request_policy_id: held.origin_request_policy_id,
        response_headers_policy_id: held.response_headers_policy_id,
        grpc_config: held.grpc_config,
        forwarded_values: held.forwarded_values,
        min_ttl: held.min_ttl,
        default_ttl: held.default_ttl,
        max_ttl: held.max_ttl,
    }
}
