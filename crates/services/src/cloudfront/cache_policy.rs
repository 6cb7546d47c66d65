//! Cache policies: what tells cached answers apart, and how long they are kept.

use super::part;
use super::{Asked, listing, location};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World, edge::Part};

/// What they are called in addresses.
const PATH: &str = "cache-policy";

/// `CreateCachePolicy`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateCachePolicyRequest,
) -> Result<CreateCachePolicyResult, Fault> {
    check(&input.cache_policy_config)?;
    let part = part::create(draft, cx.now, ids, input.cache_policy_config)?;
    Ok(CreateCachePolicyResult {
        cache_policy: Some(show(&part)),
        location: location(PATH, &part.id),
        e_tag: Some(part.etag),
    })
}

/// `GetCachePolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetCachePolicyRequest,
) -> Result<GetCachePolicyResult, Fault> {
    let part = part::find(world, &input.id)?;
    Ok(GetCachePolicyResult { cache_policy: Some(show(part)), e_tag: Some(part.etag.clone()) })
}

/// `GetCachePolicyConfig`.
pub(super) fn config(
    world: &World,
    _: &Cx<'_>,
    input: GetCachePolicyConfigRequest,
) -> Result<GetCachePolicyConfigResult, Fault> {
    let part = part::find::<CachePolicyConfig>(world, &input.id)?;
    Ok(GetCachePolicyConfigResult {
        cache_policy_config: Some(part.config.0.clone()),
        e_tag: Some(part.etag.clone()),
    })
}

/// `UpdateCachePolicy`.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateCachePolicyRequest,
) -> Result<UpdateCachePolicyResult, Fault> {
    check(&input.cache_policy_config)?;
    let which = (input.id.as_str(), input.if_match.as_deref());
    let part = part::update(draft, (cx.now, ids), which, input.cache_policy_config)?;
    Ok(UpdateCachePolicyResult { cache_policy: Some(show(&part)), e_tag: Some(part.etag) })
}

/// `DeleteCachePolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteCachePolicyRequest,
) -> Result<Nothing, Fault> {
    part::delete::<CachePolicyConfig>(draft, &input.id, input.if_match.as_deref())?;
    Ok(Nothing)
}

/// `ListCachePolicies`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListCachePoliciesRequest,
) -> Result<ListCachePoliciesResult, Fault> {
    let asked = Asked {
        listing: "ListCachePolicies",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let all = part::all::<CachePolicyConfig>(world, input.r#type.as_deref());
    let page = listing(all, asked, |(_, part)| part.id.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let summary = |(kind, part): (&str, &Part<_>)| CachePolicySummary {
        r#type: kind.to_owned(),
        cache_policy: show(part),
    };
    Ok(ListCachePoliciesResult {
        cache_policy_list: Some(CachePolicyList {
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(page.rows.into_iter().map(summary).collect()),
        }),
    })
}

fn show(part: &Part<CachePolicyConfig>) -> CachePolicy {
    CachePolicy {
        id: part.id.to_string(),
        last_modified_time: part.modified_at,
        cache_policy_config: part.config.0.clone(),
    }
}

/// Holds the times that answers are kept against each other.
fn check(config: &CachePolicyConfig) -> Result<(), Fault> {
    let least = config.min_ttl;
    let most = config.max_ttl.unwrap_or(YEAR.max(least));
    let usual = config.default_ttl.unwrap_or(DAY.clamp(least, most.max(least)));
    if least < 0 || least > usual || usual > most {
        let text = "The parameter MinTTL, DefaultTTL or MaxTTL is invalid: MinTTL <= DefaultTTL <= MaxTTL.";
        return Err(super::fault::invalid(text));
    }
    Ok(())
}

/// CloudFront's defaults, in seconds.
const DAY: i64 = 86_400;
const YEAR: i64 = 31_536_000;
