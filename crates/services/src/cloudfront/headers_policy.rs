//! Response headers policies: what answers say beside what their origins say.

use super::part;
use super::{Asked, listing, location};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World, edge::Part};

/// What they are called in addresses.
const PATH: &str = "response-headers-policy";

/// `CreateResponseHeadersPolicy`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateResponseHeadersPolicyRequest,
) -> Result<CreateResponseHeadersPolicyResult, Fault> {
    let part = part::create(draft, cx.now, ids, input.response_headers_policy_config)?;
    Ok(CreateResponseHeadersPolicyResult {
        response_headers_policy: Some(show(&part)),
        location: location(PATH, &part.id),
        e_tag: Some(part.etag),
    })
}

/// `GetResponseHeadersPolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetResponseHeadersPolicyRequest,
) -> Result<GetResponseHeadersPolicyResult, Fault> {
    let part = part::find(world, &input.id)?;
    Ok(GetResponseHeadersPolicyResult {
        response_headers_policy: Some(show(part)),
        e_tag: Some(part.etag.clone()),
    })
}

/// `GetResponseHeadersPolicyConfig`.
pub(super) fn config(
    world: &World,
    _: &Cx<'_>,
    input: GetResponseHeadersPolicyConfigRequest,
) -> Result<GetResponseHeadersPolicyConfigResult, Fault> {
    let part = part::find::<ResponseHeadersPolicyConfig>(world, &input.id)?;
    Ok(GetResponseHeadersPolicyConfigResult {
        response_headers_policy_config: Some(part.config.0.clone()),
        e_tag: Some(part.etag.clone()),
    })
}

/// `UpdateResponseHeadersPolicy`.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateResponseHeadersPolicyRequest,
) -> Result<UpdateResponseHeadersPolicyResult, Fault> {
    let which = (input.id.as_str(), input.if_match.as_deref());
    let part = part::update(draft, (cx.now, ids), which, input.response_headers_policy_config)?;
    Ok(UpdateResponseHeadersPolicyResult {
        response_headers_policy: Some(show(&part)),
        e_tag: Some(part.etag),
    })
}

/// `DeleteResponseHeadersPolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteResponseHeadersPolicyRequest,
) -> Result<Nothing, Fault> {
    part::delete::<ResponseHeadersPolicyConfig>(draft, &input.id, input.if_match.as_deref())?;
    Ok(Nothing)
}

/// `ListResponseHeadersPolicies`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListResponseHeadersPoliciesRequest,
) -> Result<ListResponseHeadersPoliciesResult, Fault> {
    let asked = Asked {
        listing: "ListResponseHeadersPolicies",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let all = part::all::<ResponseHeadersPolicyConfig>(world, input.r#type.as_deref());
    let page = listing(all, asked, |(_, part)| part.id.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let summary = |(kind, part): (&str, &Part<_>)| ResponseHeadersPolicySummary {
        r#type: kind.to_owned(),
        response_headers_policy: show(part),
    };
    Ok(ListResponseHeadersPoliciesResult {
        response_headers_policy_list: Some(ResponseHeadersPolicyList {
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(page.rows.into_iter().map(summary).collect()),
        }),
    })
}

fn show(part: &Part<ResponseHeadersPolicyConfig>) -> ResponseHeadersPolicy {
    ResponseHeadersPolicy {
        id: part.id.to_string(),
        last_modified_time: part.modified_at,
        response_headers_policy_config: part.config.0.clone(),
    }
}
