//! Origin access controls: how a distribution is known to its origins.

use super::part;
use super::{Asked, listing, location};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World, edge::Part};

/// What they are called in addresses.
const PATH: &str = "origin-access-control";

/// `CreateOriginAccessControl`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateOriginAccessControlRequest,
) -> Result<CreateOriginAccessControlResult, Fault> {
    check(&input.origin_access_control_config)?;
    let part = part::create(draft, cx.now, ids, input.origin_access_control_config)?;
    Ok(CreateOriginAccessControlResult {
        origin_access_control: Some(show(&part)),
        location: location(PATH, &part.id),
        e_tag: Some(part.etag),
    })
}

/// `GetOriginAccessControl`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetOriginAccessControlRequest,
) -> Result<GetOriginAccessControlResult, Fault> {
    let part = part::find(world, &input.id)?;
    Ok(GetOriginAccessControlResult {
        origin_access_control: Some(show(part)),
        e_tag: Some(part.etag.clone()),
    })
}

/// `GetOriginAccessControlConfig`.
pub(super) fn config(
    world: &World,
    _: &Cx<'_>,
    input: GetOriginAccessControlConfigRequest,
) -> Result<GetOriginAccessControlConfigResult, Fault> {
    let part = part::find::<OriginAccessControlConfig>(world, &input.id)?;
    Ok(GetOriginAccessControlConfigResult {
        origin_access_control_config: Some(part.config.0.clone()),
        e_tag: Some(part.etag.clone()),
    })
}

/// `UpdateOriginAccessControl`.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateOriginAccessControlRequest,
) -> Result<UpdateOriginAccessControlResult, Fault> {
    check(&input.origin_access_control_config)?;
    let which = (input.id.as_str(), input.if_match.as_deref());
    let part = part::update(draft, (cx.now, ids), which, input.origin_access_control_config)?;
    Ok(UpdateOriginAccessControlResult {
        origin_access_control: Some(show(&part)),
        e_tag: Some(part.etag),
    })
}

/// `DeleteOriginAccessControl`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteOriginAccessControlRequest,
) -> Result<Nothing, Fault> {
    part::delete::<OriginAccessControlConfig>(draft, &input.id, input.if_match.as_deref())?;
    Ok(Nothing)
}

/// `ListOriginAccessControls`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListOriginAccessControlsRequest,
) -> Result<ListOriginAccessControlsResult, Fault> {
    let asked = Asked {
        listing: "ListOriginAccessControls",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let rows = world.origin_access_controls.iter();
    let page = listing(rows, asked, |part| part.id.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    Ok(ListOriginAccessControlsResult {
        origin_access_control_list: Some(OriginAccessControlList {
            marker: input.marker.unwrap_or_default(),
            is_truncated: page.next.is_some(),
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(page.rows.into_iter().map(summary).collect()),
        }),
    })
}

fn show(part: &Part<OriginAccessControlConfig>) -> OriginAccessControl {
    OriginAccessControl {
        id: part.id.to_string(),
        origin_access_control_config: Some(part.config.0.clone()),
    }
}

fn summary(part: &Part<OriginAccessControlConfig>) -> OriginAccessControlSummary {
    let config = part.config.0.clone();
    OriginAccessControlSummary {
        id: part.id.to_string(),
        description: config.description.unwrap_or_default(),
        name: config.name,
        signing_protocol: config.signing_protocol,
        signing_behavior: config.signing_behavior,
        origin_access_control_origin_type: config.origin_access_control_origin_type,
    }
}

/// Only what is in buckets is read for a distribution.
fn check(config: &OriginAccessControlConfig) -> Result<(), Fault> {
    match config.origin_access_control_origin_type.as_str() {
        "s3" => Ok(()),
        other => Err(super::fault::not_here(format!("origin access control for `{other}`"))),
    }
}
