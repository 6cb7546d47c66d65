//! `ListTaskDefinitions`.

use crate::Cx;
use crate::ecs::fault;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{ListTaskDefinitionsRequest, ListTaskDefinitionsResponse};
use model::Family;
use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;
use world::{DefinitionStatus, TaskDefinition, World};

/// A revision's place in the listing; `family::revision`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    family: Family,
    revision: u32,
}

/// The same, from the end.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FromEnd(Reverse<Spot>);

/// Lists revisions by family and revision, rising unless `sort` says otherwise (reference §2.1).
/// `familyPrefix` is a whole family's name, whatever it is called.
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTaskDefinitionsRequest,
) -> Result<ListTaskDefinitionsResponse, Fault> {
    let status = status(input.status.as_deref())?;
    let family = input.family_prefix.as_deref().map(Family::from);
    let rows = |row: &&TaskDefinition| row.status == status;
    let rising = world
        .definitions
        .iter()
        .filter(|row| family.as_ref().is_none_or(|family| row.key.family == *family) && rows(row));
    let ask = Ask {
        listing: "ListTaskDefinitions",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 100, 100),
    };
    let page = match input.sort.as_deref() {
        None | Some("ASC") => page(rising, &ask, |row| Spot::of(row)),
        Some("DESC") => page(rising.rev(), &ask, |row| FromEnd(Reverse(Spot::of(row)))),
        Some(_) => return Err(fault::not_one_of("sort", &["ASC", "DESC"])),
    };
    let page = page.map_err(|_| fault::invalid_token())?;
    let arn =
        |row: &&TaskDefinition| world.place.task_definition_arn(&row.key.family, row.key.revision);
    Ok(ListTaskDefinitionsResponse {
        task_definition_arns: Some(page.rows.iter().map(arn).collect()),
        next_token: page.next,
    })
}

fn status(given: Option<&str>) -> Result<DefinitionStatus, Fault> {
    match given.unwrap_or("ACTIVE") {
        "ACTIVE" => Ok(DefinitionStatus::Active),
        "INACTIVE" => Ok(DefinitionStatus::Inactive),
        "DELETE_IN_PROGRESS" => Ok(DefinitionStatus::DeleteInProgress),
        _ => Err(fault::not_one_of("status", &["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"])),
    }
}

// === impl Spot ===

impl Spot {
    fn of(row: &TaskDefinition) -> Self {
        Self { family: row.key.family.clone(), revision: row.key.revision }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}", self.family, self.revision)
    }
}

/// The text is no spot.
#[derive(Debug)]
struct NoSpot;

impl FromStr for Spot {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        let (family, revision) = text.split_once("::").ok_or(NoSpot)?;
        let revision = revision.parse().map_err(|_| NoSpot)?;
        Ok(Self { family: family.into(), revision })
    }
}

impl fmt::Display for FromEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl FromStr for FromEnd {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        text.parse().map(|spot| Self(Reverse(spot)))
    }
}
