//! CloudFront: distributions, and what they refer to.
//!
//! A distribution's configuration is checked as AWS does, with AWS's defaults filled in. What it
//! asks for that is not done locally is refused by name in `distribution`, or is in
//! [`STORED_ONLY`]. Whether a change is deployed yet follows from the clock.
//!
//! This service must not know: who listens, and how requests are answered.

mod access_control;
mod behaviour;
mod cache_policy;
mod distribution;
mod fault;
mod function;
mod headers_policy;
mod invalidation;
mod managed;
mod part;
mod quantity;
mod reading;
mod request_policy;
mod tagging;
#[cfg(test)]
mod tests;

pub use behaviour::behaviours;
pub use distribution::bucket;
pub use managed::{cache_policy, headers_policy, request_policy};
pub use reading::{Reader, may};

use crate::Table;
use crate::page::{Ask, Page, page};
use api::Fault;
use api::cloudfront::*;
use model::Ids;
use std::fmt::Display;
use std::str::FromStr;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("DistributionConfig.Aliases", "kept and shown; names of other people's zones lead elsewhere"),
    ("DistributionConfig.Comment, PriceClass, IsIPV6Enabled", "there is one edge, on loopback"),
    ("DistributionConfig.HttpVersion", "its address on this machine speaks HTTP/1.1"),
    (
        "DistributionConfig.ViewerCertificate, …ViewerProtocolPolicy",
        "its address on this machine speaks HTTP without TLS; nothing is redirected or refused for it",
    ),
    ("DistributionConfig.Logging", "kept and shown; no logs are written to buckets"),
    (
        "Origin.S3OriginConfig.OriginReadTimeout, ConnectionAttempts, ConnectionTimeout of a bucket",
        "buckets are read here, without a connection",
    ),
    ("Origin.OriginShield", "there is one edge, and so one cache"),
    (
        "Origin.CustomOriginConfig.OriginKeepaliveTimeout",
        "each request has a connection of its own",
    ),
    (
        "Origin.CustomOriginConfig.OriginSslProtocols, IpAddressType",
        "origins are load balancers of the region, reached over loopback",
    ),
    ("CachePolicyConfig.…EnableAcceptEncodingBrotli", "answers are packed with gzip"),
    (
        "CachePolicyConfig, OriginRequestPolicyConfig: headers CloudFront-…",
        "where and what a viewer is, is not known here: none is made",
    ),
    (
        "ResponseHeadersPolicyConfig.ServerTimingHeadersConfig",
        "kept and shown; nothing is measured",
    ),
    (
        "OriginAccessControlConfig.SigningBehavior",
        "what is read in a bucket is read for the distribution",
    ),
];

/// The operations of CloudFront.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateDistribution>(distribution::create)
        .write::<CreateDistributionWithTags>(distribution::create_with_tags)
        .read::<GetDistribution>(distribution::get)
        .read::<GetDistributionConfig>(distribution::config)
        .write::<UpdateDistribution>(distribution::update)
        .write::<DeleteDistribution>(distribution::delete)
        .read::<ListDistributions>(distribution::list)
        .write::<TagResource>(tagging::tag)
        .write::<UntagResource>(tagging::untag)
        .read::<ListTagsForResource>(tagging::list)
        .write::<CreateInvalidation>(invalidation::create)
        .read::<GetInvalidation>(invalidation::get)
        .read::<ListInvalidations>(invalidation::list)
        .write::<CreateOriginAccessControl>(access_control::create)
        .read::<GetOriginAccessControl>(access_control::get)
        .read::<GetOriginAccessControlConfig>(access_control::config)
        .write::<UpdateOriginAccessControl>(access_control::update)
        .write::<DeleteOriginAccessControl>(access_control::delete)
        .read::<ListOriginAccessControls>(access_control::list)
        .write::<CreateFunction>(function::create)
        .read::<DescribeFunction>(function::describe)
        .read::<GetFunction>(function::get)
        .write::<UpdateFunction>(function::update)
        .write::<PublishFunction>(function::publish)
        .write::<DeleteFunction>(function::delete)
        .read::<ListFunctions>(function::list)
        .and(policies())
}

fn policies() -> Table {
    Table::default()
        .write::<CreateCachePolicy>(cache_policy::create)
        .read::<GetCachePolicy>(cache_policy::get)
        .read::<GetCachePolicyConfig>(cache_policy::config)
        .write::<UpdateCachePolicy>(cache_policy::update)
        .write::<DeleteCachePolicy>(cache_policy::delete)
        .read::<ListCachePolicies>(cache_policy::list)
        .write::<CreateOriginRequestPolicy>(request_policy::create)
        .read::<GetOriginRequestPolicy>(request_policy::get)
        .read::<GetOriginRequestPolicyConfig>(request_policy::config)
        .write::<UpdateOriginRequestPolicy>(request_policy::update)
        .write::<DeleteOriginRequestPolicy>(request_policy::delete)
        .read::<ListOriginRequestPolicies>(request_policy::list)
        .write::<CreateResponseHeadersPolicy>(headers_policy::create)
        .read::<GetResponseHeadersPolicy>(headers_policy::get)
        .read::<GetResponseHeadersPolicyConfig>(headers_policy::config)
        .write::<UpdateResponseHeadersPolicy>(headers_policy::update)
        .write::<DeleteResponseHeadersPolicy>(headers_policy::delete)
        .read::<ListResponseHeadersPolicies>(headers_policy::list)
}

/// An id as CloudFront has them: `E`, `I` and 13 capitals and digits.
fn id(first: char, ids: &mut Ids) -> String {
    format!("{first}{}", ids.word(13).to_uppercase())
}

/// Holds the revision that a caller names against the one that is there.
fn check_revision(given: Option<&str>, held: &str) -> Result<(), Fault> {
    match given {
        None | Some("") => Err(fault::no_revision()),
        Some(given) if given != held => Err(fault::other_revision()),
        Some(_) => Ok(()),
    }
}

/// Where a resource is found: `https://cloudfront.amazonaws.com/2020-05-31/distribution/E1`.
fn location(kind: &str, id: &impl Display) -> Option<String> {
    Some(format!("https://cloudfront.amazonaws.com/2020-05-31/{kind}/{id}"))
}

/// A page as CloudFront's listings have it.
struct Listing<T> {
    rows: Vec<T>,
    next: Option<String>,
    /// The most rows that were asked for.
    most: i32,
}

impl<T> Listing<T> {
    /// How many there are, as a record says it.
    fn quantity(&self) -> i32 {
        i32::try_from(self.rows.len()).unwrap_or(i32::MAX)
    }
}

/// What a caller asks of a listing.
#[derive(Clone, Copy)]
struct Asked<'a> {
    listing: &'static str,
    marker: Option<&'a str>,
    most: Option<&'a str>,
}

/// The page that is asked for, of 100 rows where nothing is said.
fn listing<T, K: Ord + Display + FromStr>(
    rows: impl IntoIterator<Item = T>,
    asked: Asked<'_>,
    key: impl Fn(&T) -> K,
) -> Result<Listing<T>, Fault> {
    let most = asked.most.map_or(Ok(MOST), str::parse::<usize>);
    let most = most.map_err(|_| fault::invalid("The parameter MaxItems is not a number."))?;
    let limit = most.clamp(1, MOST);
    let token = asked.marker.filter(|marker| !marker.is_empty());
    let ask = Ask { listing: asked.listing, token, limit };
    let Page { rows, next } =
        page(rows, &ask, key).map_err(|_| fault::invalid("The parameter Marker is invalid."))?;
    Ok(Listing { rows, next, most: i32::try_from(limit).unwrap_or(i32::MAX) })
}

/// The most rows of a page.
const MOST: usize = 100;
