//! Invalidations: what a distribution is to forget.

use super::{Asked, fault, id, listing, location, quantity};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use model::{DistributionId, Ids, Span, Timestamp};
use world::{Draft, Invalidation as Row, InvalidationKey, Stored, World};

/// How long AWS takes to tell its edges. Locally the answers are gone at once.
const LASTING: Span = Span::seconds(20);
/// The most paths of a batch.
const MOST_PATHS: usize = 3000;

/// `CreateInvalidation`. The same reference with the same paths is the invalidation that is there.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateInvalidationRequest,
) -> Result<CreateInvalidationResult, Fault> {
    let distribution = known(draft, &input.distribution_id)?;
    let batch = input.invalidation_batch;
    quantity::check(&batch)?;
    check_paths(batch.paths.items.as_deref().unwrap_or_default())?;
    let earlier =
        of(draft, &distribution).find(|row| row.batch.caller_reference == batch.caller_reference);
    let row = match earlier {
        Some(row) if row.batch.0 == batch => row.clone(),
        Some(_) => {
            let text = "Your request contains a caller reference that was used for a previous invalidation with different paths.";
            return Err(fault::invalid(text));
        }
        None => Row {
            key: InvalidationKey { distribution, id: id('I', ids) },
            created_at: cx.now,
            completed_at: cx.now + cx.pace.wait(LASTING),
            batch: Stored(batch),
        },
    };
    draft.put(row.clone());
    let kind = format!("distribution/{}/invalidation", row.key.distribution);
    Ok(CreateInvalidationResult {
        location: location(&kind, &row.key.id),
        invalidation: Some(show(&row, cx.now)),
    })
}

/// `GetInvalidation`.
pub(super) fn get(
    world: &World,
    cx: &Cx<'_>,
    input: GetInvalidationRequest,
) -> Result<GetInvalidationResult, Fault> {
    let key = InvalidationKey { distribution: known(world, &input.distribution_id)?, id: input.id };
    let text = "The specified invalidation does not exist.";
    let row = world.invalidations.get(&key);
    let row = row.ok_or_else(|| fault::of(&errors::NO_SUCH_INVALIDATION, text))?;
    Ok(GetInvalidationResult { invalidation: Some(show(row, cx.now)) })
}

/// `ListInvalidations`.
pub(super) fn list(
    world: &World,
    cx: &Cx<'_>,
    input: ListInvalidationsRequest,
) -> Result<ListInvalidationsResult, Fault> {
    let distribution = known(world, &input.distribution_id)?;
    let asked = Asked {
        listing: "ListInvalidations",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let page = listing(of(world, &distribution), asked, |row| row.key.id.clone())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let summary = |row: &Row| InvalidationSummary {
        id: row.key.id.clone(),
        create_time: row.created_at,
        status: status(row, cx.now),
    };
    Ok(ListInvalidationsResult {
        invalidation_list: Some(InvalidationList {
            marker: input.marker.unwrap_or_default(),
            is_truncated: page.next.is_some(),
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(page.rows.into_iter().map(summary).collect()),
        }),
    })
}

/// The invalidations of a distribution.
pub(super) fn of<'a>(world: &'a World, of: &'a DistributionId) -> impl Iterator<Item = &'a Row> {
    let first = InvalidationKey { distribution: of.clone(), id: String::new() };
    world.invalidations.range(first..).take_while(move |row| row.key.distribution == *of)
}

fn known(world: &World, id: &str) -> Result<DistributionId, Fault> {
    let row = world.distributions.get(id).ok_or_else(fault::no_distribution)?;
    Ok(row.id.clone())
}

fn check_paths(paths: &[String]) -> Result<(), Fault> {
    if paths.is_empty() {
        return Err(fault::invalid("Your request contains no paths to invalidate."));
    }
    if paths.len() > MOST_PATHS {
        let text = "Your request contains more paths than an invalidation may have.";
        return Err(fault::of(&errors::BATCH_TOO_LARGE, text));
    }
    let well_formed = |path: &String| {
        path.starts_with('/') && path.is_ascii() && !path.contains([' ', '<', '>', '"', '\\', '^'])
    };
    if !paths.iter().all(well_formed) {
        return Err(fault::invalid(
            "Your request contains one or more invalid invalidation paths.",
        ));
    }
    Ok(())
}

fn status(row: &Row, now: Timestamp) -> String {
    if now < row.completed_at { "InProgress" } else { "Completed" }.to_owned()
}

fn show(row: &Row, now: Timestamp) -> Invalidation {
    Invalidation {
        id: row.key.id.clone(),
        status: status(row, now),
        create_time: row.created_at,
        invalidation_batch: row.batch.0.clone(),
    }
}
