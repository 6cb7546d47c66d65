//! Origin request policies: what origins are told of a request.

use super::part;
use super::{Asked, listing, location};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World, edge::Part};

/// What they are called in addresses.
const PATH: &str = "origin-request-policy";

/// `CreateOriginRequestPolicy`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateOriginRequestPolicyRequest,
) -> Result<CreateOriginRequestPolicyResult, Fault> {
    let part = part::create(draft, cx.now, ids, input.origin_request_policy_config)?;
    Ok(CreateOriginRequestPolicyResult {
        origin_request_policy: Some(show(&part)),
        location: location(PATH, &part.id),
        e_tag: Some(part.etag),
    })
}

/// `GetOriginRequestPolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetOriginRequestPolicyRequest,
) -> Result<GetOriginRequestPolicyResult, Fault> {
    let part = part::find(world, &input.id)?;
    Ok(GetOriginRequestPolicyResult {
        origin_request_policy: Some(show(part)),
        e_tag: Some(part.etag.clone()),
    })
}

/// `GetOriginRequestPolicyConfig`.
pub(super) fn config(
    world: &World,
    _: &Cx<'_>,
    input: GetOriginRequestPolicyConfigRequest,
) -> Result<GetOriginRequestPolicyConfigResult, Fault> {
    let part = part::find::<OriginRequestPolicyConfig>(world, &input.id)?;
    Ok(GetOriginRequestPolicyConfigResult {
        origin_request_policy_config: Some(part.config.0.clone()),
        e_tag: Some(part.etag.clone()),
    })
}

/// `UpdateOriginRequestPolicy`.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateOriginRequestPolicyRequest,
) -> Result<UpdateOriginRequestPolicyResult, Fault> {
    let which = (input.id.as_str(), input.if_match.as_deref());
    let part = part::update(draft, (cx.now, ids), which, input.origin_request_policy_config)?;
    Ok(UpdateOriginRequestPolicyResult {
        origin_request_policy: Some(show(&part)),
        e_tag: Some(part.etag),
    })
}

/// `DeleteOriginRequestPolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteOriginRequestPolicyRequest,
) -> Result<Nothing, Fault> {
    part::delete::<OriginRequestPolicyConfig>(draft, &input.id, input.if_match.as_deref())?;
    Ok(Nothing)
}

/// `ListOriginRequestPolicies`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListOriginRequestPoliciesRequest,
) -> Result<ListOriginRequestPoliciesResult, Fault> {
    let asked = Asked {
        listing: "ListOriginRequestPolicies",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let all = part::all::<OriginRequestPolicyConfig>(world, input.r#type.as_deref());
    let page = listing(all, asked, |(_, part)| part.id.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let summary = |(kind, part): (&str, &Part<_>)| OriginRequestPolicySummary {
        r#type: kind.to_owned(),
        origin_request_policy: show(part),
    };
    Ok(ListOriginRequestPoliciesResult {
        origin_request_policy_list: Some(OriginRequestPolicyList {
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(page.rows.into_iter().map(summary).collect()),
        }),
    })
}

fn show(part: &Part<OriginRequestPolicyConfig>) -> OriginRequestPolicy {
    OriginRequestPolicy {
        id: part.id.to_string(),
        last_modified_time: part.modified_at,
        origin_request_policy_config: part.config.0.clone(),
    }
}
