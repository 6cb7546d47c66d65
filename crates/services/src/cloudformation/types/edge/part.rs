//! `AWS::CloudFront::OriginAccessControl`, `::CachePolicy`, `::OriginRequestPolicy` and
//! `::ResponseHeadersPolicy`: a configuration, and an id.

use super::super::{Kind, Look, Removal, stable};
use super::{at, words};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::wish::Wish;
use api::cloudfront::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// How a distribution is known to its origins.
#[derive(Debug)]
pub(in super::super) struct OriginAccessControl;

/// A cache policy.
#[derive(Debug)]
pub(in super::super) struct CachePolicy;

/// An origin request policy.
#[derive(Debug)]
pub(in super::super) struct OriginRequestPolicy;

/// A response headers policy.
#[derive(Debug)]
pub(in super::super) struct ResponseHeadersPolicy;

/// A type by the operations that it is made of.
macro_rules! part {
    ($kind:ident, $name:literal, $config:literal, $shape:ident, $member:ident, $get:ty, $create:ty, $update:ty, $delete:ty) => {
        impl Kind for $kind {
            fn name(&self) -> &'static str {
                $name
            }

            fn attributes(&self) -> &'static [&'static str] {
                &["Id"]
            }

            fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
                let input = translated(wish, ($config, &shapes::$shape));
                let made = hand.call::<$create>(input)?.$member;
                Ok(made.map(|made| made.id).unwrap_or_default())
            }

            fn update(
                &self,
                hand: &mut Hand<'_>,
                held: &Standing,
                wish: &Wish<'_>,
            ) -> Result<(), Failure> {
                let revision = hand.call::<$get>(at(&held.physical, None))?.e_tag;
                let mut input = translated(wish, ($config, &shapes::$shape));
                input.extend(at(&held.physical, revision));
                hand.call::<$update>(input).map(drop)
            }

            fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
                let revision = hand.call::<$get>(at(&held.physical, None))?.e_tag;
                hand.call::<$delete>(at(&held.physical, revision))?;
                Ok(Removal::Gone)
            }

            fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
                Ok(stable([("Id", json!(held.physical))]))
            }
        }
    };
}

part!(
    OriginAccessControl,
    "AWS::CloudFront::OriginAccessControl",
    "OriginAccessControlConfig",
    ORIGIN_ACCESS_CONTROL_CONFIG,
    origin_access_control,
    GetOriginAccessControl,
    CreateOriginAccessControl,
    UpdateOriginAccessControl,
    DeleteOriginAccessControl
);
part!(
    CachePolicy,
    "AWS::CloudFront::CachePolicy",
    "CachePolicyConfig",
    CACHE_POLICY_CONFIG,
    cache_policy,
    GetCachePolicy,
    CreateCachePolicy,
    UpdateCachePolicy,
    DeleteCachePolicy
);
part!(
    OriginRequestPolicy,
    "AWS::CloudFront::OriginRequestPolicy",
    "OriginRequestPolicyConfig",
    ORIGIN_REQUEST_POLICY_CONFIG,
    origin_request_policy,
    GetOriginRequestPolicy,
    CreateOriginRequestPolicy,
    UpdateOriginRequestPolicy,
    DeleteOriginRequestPolicy
);
part!(
    ResponseHeadersPolicy,
    "AWS::CloudFront::ResponseHeadersPolicy",
    "ResponseHeadersPolicyConfig",
    RESPONSE_HEADERS_POLICY_CONFIG,
    response_headers_policy,
    GetResponseHeadersPolicy,
    CreateResponseHeadersPolicy,
    UpdateResponseHeadersPolicy,
    DeleteResponseHeadersPolicy
);

/// The properties as an operation's members; the configuration in the API's words.
fn translated(
    wish: &Wish<'_>,
    (name, shape): (&str, &'static api::Structure),
) -> Map<String, Json> {
    let mut input = wish.without(&[]);
    if let Some(config) = input.get_mut(name) {
        *config = words::along(shape, config);
    }
    input
}
