//! Distributions: made, changed, found and removed.

mod check;
mod defaults;
mod show;

pub use check::bucket;
pub(super) use check::runs;

use super::{Asked, check_revision, fault, id, invalidation, listing, location, tagging};
use crate::{Cx, tags};
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::{Ids, Span};
use world::{Distribution as Row, Draft, RowKey, Stored, World};

/// How long AWS takes to bring a change to all its edges: some minutes. Locally it is there at
/// once, and only its status waits.
const DEPLOYING: Span = Span::seconds(180);

/// `CreateDistribution`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateDistributionRequest,
) -> Result<CreateDistributionResult, Fault> {
    let row = make(draft, (cx, ids), input.distribution_config, None)?;
    Ok(CreateDistributionResult {
        distribution: Some(show::whole(draft, &row, cx.now)),
        location: location("distribution", &row.id),
        e_tag: Some(row.etag),
    })
}

/// `CreateDistributionWithTags`.
pub(super) fn create_with_tags(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateDistributionWithTagsRequest,
) -> Result<CreateDistributionWithTagsResult, Fault> {
    let given = input.distribution_config_with_tags;
    let row = make(draft, (cx, ids), given.distribution_config, Some(given.tags))?;
    Ok(CreateDistributionWithTagsResult {
        distribution: Some(show::whole(draft, &row, cx.now)),
        location: location("distribution", &row.id),
        e_tag: Some(row.etag),
    })
}

/// `GetDistribution`.
pub(super) fn get(
    world: &World,
    cx: &Cx<'_>,
    input: GetDistributionRequest,
) -> Result<GetDistributionResult, Fault> {
    let row = find(world, &input.id)?;
    Ok(GetDistributionResult {
        distribution: Some(show::whole(world, row, cx.now)),
        e_tag: Some(row.etag.clone()),
    })
}

/// `GetDistributionConfig`.
pub(super) fn config(
    world: &World,
    _: &Cx<'_>,
    input: GetDistributionConfigRequest,
) -> Result<GetDistributionConfigResult, Fault> {
    let row = find(world, &input.id)?;
    Ok(GetDistributionConfigResult {
        distribution_config: Some(row.config.0.clone()),
        e_tag: Some(row.etag.clone()),
    })
}

/// `UpdateDistribution`. What the request does not say is AWS's default again.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateDistributionRequest,
) -> Result<UpdateDistributionResult, Fault> {
    let mut row = find(draft, &input.id)?.clone();
    check_revision(input.if_match.as_deref(), &row.etag)?;
    let mut config = input.distribution_config;
    if config.caller_reference != row.config.caller_reference {
        let text = "The caller reference of a distribution cannot be changed.";
        return Err(fault::of(&errors::ILLEGAL_UPDATE, text));
    }
    check::check(draft, &config, Some(&row.id))?;
    defaults::fill(&mut config);
    row.config = Stored(config);
    row.etag = id('E', ids);
    row.modified_at = cx.now;
    row.deployed_at = cx.now + cx.pace.wait(DEPLOYING);
    draft.put(row.clone());
    Ok(UpdateDistributionResult {
        distribution: Some(show::whole(draft, &row, cx.now)),
        e_tag: Some(row.etag),
    })
}

/// `DeleteDistribution`, of one that was disabled and whose edges have been told.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteDistributionRequest,
) -> Result<Nothing, Fault> {
    let row = find(draft, &input.id)?;
    check_revision(input.if_match.as_deref(), &row.etag)?;
    if row.config.enabled || cx.now < row.deployed_at {
        return Err(fault::not_disabled());
    }
    let id = row.id.clone();
    let past: Vec<_> = invalidation::of(draft, &id).map(|held| held.key.clone()).collect();
    for key in past {
        draft.remove(RowKey::Invalidation(key));
    }
    draft.remove(RowKey::Distribution(id));
    Ok(Nothing)
}

/// `ListDistributions`.
pub(super) fn list(
    world: &World,
    cx: &Cx<'_>,
    input: ListDistributionsRequest,
) -> Result<ListDistributionsResult, Fault> {
    let asked = Asked {
        listing: "ListDistributions",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let page = listing(world.distributions.iter(), asked, |row| row.id.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let rows = page.rows.into_iter().map(|row| show::summary(world, row, cx.now));
    Ok(ListDistributionsResult {
        distribution_list: Some(DistributionList {
            marker: input.marker.unwrap_or_default(),
            is_truncated: page.next.is_some(),
            next_marker: page.next,
            max_items,
            quantity,
            items: (quantity > 0).then(|| rows.collect()),
        }),
    })
}

fn make(
    draft: &mut Draft,
    (cx, ids): (&Cx<'_>, &mut Ids),
    mut config: DistributionConfig,
    given: Option<Tags>,
) -> Result<Row, Fault> {
    let reference = &config.caller_reference;
    let held = draft.distributions.iter().find(|row| row.config.caller_reference == *reference);
    if let Some(held) = held {
        return Err(fault::reference_taken(&held.id));
    }
    check::check(draft, &config, None)?;
    defaults::fill(&mut config);
    let pairs = given.map(tagging::pairs).into_iter().flatten();
    let tags = tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?;
    let row = Row {
        id: id('E', ids).into(),
        domain: format!("d{}.cloudfront.net", ids.word(13).to_lowercase()),
        etag: id('E', ids),
        modified_at: cx.now,
        deployed_at: cx.now + cx.pace.wait(DEPLOYING),
        local_port: None,
        config: Stored(config),
        tags,
    };
    draft.put(row.clone());
    Ok(row)
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Row, Fault> {
    world.distributions.get(id).ok_or_else(fault::no_distribution)
}
