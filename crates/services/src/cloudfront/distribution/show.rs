//! Distributions as CloudFront's answers show them.

use super::super::invalidation;
use api::cloudfront::*;
use model::Timestamp;
use world::{Distribution as Row, World};

/// One, whole.
pub(super) fn whole(world: &World, row: &Row, now: Timestamp) -> Distribution {
    let batches = invalidation::of(world, &row.id).filter(|held| now < held.completed_at).count();
    Distribution {
        id: row.id.to_string(),
        arn: arn(world, row),
        status: status(row, now),
        last_modified_time: row.modified_at,
        in_progress_invalidation_batches: i32::try_from(batches).unwrap_or(i32::MAX),
        domain_name: row.domain.clone(),
        active_trusted_signers: Some(ActiveTrustedSigners {
            enabled: false,
            quantity: 0,
            items: None,
        }),
        active_trusted_key_groups: Some(ActiveTrustedKeyGroups {
            enabled: false,
            quantity: 0,
            items: None,
        }),
        distribution_config: row.config.0.clone(),
        alias_icp_recordals: None,
    }
}

/// One, in a listing.
pub(super) fn summary(world: &World, row: &Row, now: Timestamp) -> DistributionSummary {
    let config = row.config.0.clone();
    DistributionSummary {
        id: row.id.to_string(),
        arn: arn(world, row),
        e_tag: Some(row.etag.clone()),
        status: status(row, now),
        last_modified_time: row.modified_at,
        domain_name: row.domain.clone(),
        aliases: config.aliases.unwrap_or_default(),
        origins: config.origins,
        origin_groups: config.origin_groups,
        default_cache_behavior: config.default_cache_behavior,
        cache_behaviors: config.cache_behaviors.unwrap_or_default(),
        custom_error_responses: config.custom_error_responses.unwrap_or_default(),
        comment: config.comment,
        price_class: config.price_class.unwrap_or_default(),
        enabled: config.enabled,
        viewer_certificate: config.viewer_certificate.unwrap_or_default(),
        restrictions: config.restrictions.unwrap_or_default(),
        web_acl_id: config.web_acl_id.unwrap_or_default(),
        http_version: config.http_version.unwrap_or_default(),
        is_ipv6_enabled: config.is_ipv6_enabled.unwrap_or_default(),
        staging: config.staging.unwrap_or_default(),
        ..Default::default()
    }
}

fn arn(world: &World, row: &Row) -> String {
    format!("arn:aws:cloudfront::{}:distribution/{}", world.place.account, row.id)
}

fn status(row: &Row, now: Timestamp) -> String {
    if now < row.deployed_at { "InProgress" } else { "Deployed" }.to_owned()
}
