//! `ListTaskDefinitionFamilies`.

use crate::Cx;
use crate::ecs::fault;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{ListTaskDefinitionFamiliesRequest, ListTaskDefinitionFamiliesResponse};
use model::Family;
use world::{DefinitionStatus, World};

/// Which families are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// With an ACTIVE revision.
    Active,
    /// With none.
    Inactive,
    /// Both.
    All,
}

/// Lists families by name; all of them unless `status` says otherwise (reference §2.1).
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTaskDefinitionFamiliesRequest,
) -> Result<ListTaskDefinitionFamiliesResponse, Fault> {
    let which = which(input.status.as_deref())?;
    let prefix = input.family_prefix.unwrap_or_default();
    let families = world
        .revisions
        .iter()
        .map(|counter| &counter.family)
        .filter(|family| family.as_str().starts_with(&prefix) && belongs(world, family, which));
    let ask = Ask {
        listing: "ListTaskDefinitionFamilies",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 100, 100),
    };
    let page = page(families, &ask, |family| family.to_string());
    let page = page.map_err(|_| fault::invalid_token())?;
    Ok(ListTaskDefinitionFamiliesResponse {
        families: Some(page.rows.into_iter().map(Family::to_string).collect()),
        next_token: page.next,
    })
}

/// A family whose revisions were all deleted is no family any more.
fn belongs(world: &World, family: &Family, which: Which) -> bool {
    let mut revisions = world.revisions_of(family).peekable();
    let exists = revisions.peek().is_some();
    let is_active = revisions.any(|row| row.status == DefinitionStatus::Active);
    match which {
        Which::Active => is_active,
        Which::Inactive => exists && !is_active,
        Which::All => exists,
    }
}

fn which(status: Option<&str>) -> Result<Which, Fault> {
    match status.unwrap_or("ALL") {
        "ACTIVE" => Ok(Which::Active),
        "INACTIVE" => Ok(Which::Inactive),
        "ALL" => Ok(Which::All),
        _ => Err(fault::not_one_of("status", &["ACTIVE", "INACTIVE", "ALL"])),
    }
}
