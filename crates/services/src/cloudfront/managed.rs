//! AWS's own policies, which are the same in every account, by their published ids.
//!
//! Those for other services of AWS and those about a viewer's place and device are not here.

mod headers;

use api::cloudfront::*;
use model::Timestamp;
use std::sync::LazyLock;
use world::edge::Part;
use world::{Stored, World};

pub(super) use headers::policies as headers_policies;

const YEAR: i64 = 31_536_000;
const DAY: i64 = 86_400;

/// A cache policy by its id, AWS's own among them.
#[must_use]
pub fn cache_policy<'a>(world: &'a World, id: &str) -> Option<&'a CachePolicyConfig> {
    super::part::find(world, id).ok().map(|part| &part.config.0)
}

/// An origin request policy by its id, AWS's own among them.
#[must_use]
pub fn request_policy<'a>(world: &'a World, id: &str) -> Option<&'a OriginRequestPolicyConfig> {
    super::part::find(world, id).ok().map(|part| &part.config.0)
}

/// A response headers policy by its id, AWS's own among them.
#[must_use]
pub fn headers_policy<'a>(world: &'a World, id: &str) -> Option<&'a ResponseHeadersPolicyConfig> {
    super::part::find(world, id).ok().map(|part| &part.config.0)
}

/// AWS's cache policies.
pub(super) fn cache_policies() -> &'static [Part<CachePolicyConfig>] {
    static ALL: LazyLock<Vec<Part<CachePolicyConfig>>> = LazyLock::new(|| {
        let overriding =
            ["host", "origin", "x-http-method", "x-http-method-override", "x-method-override"];
        let plain = || Key { headers: &[], cookies: "none", query: "none", packed: true };
        vec![
            cache(
                ("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled"),
                (0, 0, 0),
                &Key { packed: false, ..plain() },
            ),
            cache(
                ("658327ea-f89d-4fab-a63d-7e88639e58f6", "Managed-CachingOptimized"),
                (1, DAY, YEAR),
                &plain(),
            ),
            cache(
                (
                    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
                    "Managed-CachingOptimizedForUncompressedObjects",
                ),
                (1, DAY, YEAR),
                &Key { packed: false, ..plain() },
            ),
            cache(
                ("83da9c7e-98b4-4e11-a168-04f0df8e2c65", "UseOriginCacheControlHeaders"),
                (0, 0, YEAR),
                &Key { headers: &overriding, cookies: "all", ..plain() },
            ),
            cache(
                (
                    "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
                    "UseOriginCacheControlHeaders-QueryStrings",
                ),
                (0, 0, YEAR),
                &Key { headers: &overriding, cookies: "all", query: "all", ..plain() },
            ),
        ]
    });
    &ALL
}

/// AWS's origin request policies.
pub(super) fn request_policies() -> &'static [Part<OriginRequestPolicyConfig>] {
    static ALL: LazyLock<Vec<Part<OriginRequestPolicyConfig>>> = LazyLock::new(|| {
        let preflight =
            ["access-control-request-headers", "access-control-request-method", "origin"];
        vec![
            request(
                ("216adef6-5c7f-47e4-b989-5493eafa07d3", "Managed-AllViewer"),
                ("allViewer", &[]),
                "all",
            ),
            request(
                ("b689b0a8-53d0-40ab-baf2-68738e2966ac", "Managed-AllViewerExceptHostHeader"),
                ("allExcept", &["host"]),
                "all",
            ),
            request(
                ("59781a5b-3903-41f3-afcb-af62929ccde1", "Managed-CORS-CustomOrigin"),
                ("whitelist", &["origin"]),
                "none",
            ),
            request(
                ("88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "Managed-CORS-S3Origin"),
                ("whitelist", &preflight),
                "none",
            ),
            request(
                ("acba4595-bd28-49b8-b9fe-13317c0390fa", "Managed-UserAgentRefererHeaders"),
                ("whitelist", &["referer", "user-agent"]),
                "none",
            ),
            request(
                ("bf0718e1-ba1e-49d1-88b1-f726733018ae", "Managed-HostHeaderOnly"),
                ("whitelist", &["host"]),
                "none",
            ),
        ]
    });
    &ALL
}

/// What tells cached answers apart.
struct Key<'a> {
    headers: &'a [&'a str],
    cookies: &'a str,
    query: &'a str,
    /// Whether packed and plain answers are told apart.
    packed: bool,
}

fn cache(
    (id, name): (&str, &str),
    (least, usual, most): (i64, i64, i64),
    key: &Key<'_>,
) -> Part<CachePolicyConfig> {
    let behavior = if key.headers.is_empty() { "none" } else { "whitelist" };
    let parameters = ParametersInCacheKeyAndForwardedToOrigin {
        enable_accept_encoding_gzip: key.packed,
        enable_accept_encoding_brotli: Some(key.packed),
        headers_config: CachePolicyHeadersConfig {
            header_behavior: behavior.to_owned(),
            headers: names(key.headers),
        },
        cookies_config: CachePolicyCookiesConfig {
            cookie_behavior: key.cookies.to_owned(),
            cookies: None,
        },
        query_strings_config: CachePolicyQueryStringsConfig {
            query_string_behavior: key.query.to_owned(),
            query_strings: None,
        },
    };
    let config = CachePolicyConfig {
        comment: None,
        name: name.to_owned(),
        default_ttl: Some(usual),
        max_ttl: Some(most),
        min_ttl: least,
        parameters_in_cache_key_and_forwarded_to_origin: Some(parameters),
    };
    part(id, config)
}

fn request(
    (id, name): (&str, &str),
    (behavior, headers): (&str, &[&str]),
    rest: &str,
) -> Part<OriginRequestPolicyConfig> {
    let config = OriginRequestPolicyConfig {
        comment: None,
        name: name.to_owned(),
        headers_config: OriginRequestPolicyHeadersConfig {
            header_behavior: behavior.to_owned(),
            headers: names(headers),
        },
        cookies_config: OriginRequestPolicyCookiesConfig {
            cookie_behavior: rest.to_owned(),
            cookies: None,
        },
        query_strings_config: OriginRequestPolicyQueryStringsConfig {
            query_string_behavior: rest.to_owned(),
            query_strings: None,
        },
    };
    part(id, config)
}

fn names(given: &[&str]) -> Option<Headers> {
    let items: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
    let quantity = i32::try_from(items.len()).ok()?;
    (quantity > 0).then_some(Headers { quantity, items: Some(items) })
}

/// AWS's own have been there for long: since the beginning of 2021.
fn part<R>(id: &str, config: R) -> Part<R> {
    Part {
        id: id.into(),
        etag: "E23ZP02F085DFQ".to_owned(),
        modified_at: Timestamp::from_seconds(1_609_459_200),
        config: Stored(config),
    }
}
