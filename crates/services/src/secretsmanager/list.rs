//! `ListSecrets`.

use super::filter::Filter;
use super::{describe, fault, name};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::secretsmanager::{ListSecretsRequest, ListSecretsResponse, SecretListEntry};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use world::{SecretItem, World};

/// A secret's place in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    falling: bool,
    /// A time in milliseconds; zero when the listing is by name.
    at: i64,
    name: String,
}

/// `ListSecrets`.
pub(super) fn secrets(
    world: &World,
    cx: &Cx<'_>,
    input: ListSecretsRequest,
) -> Result<ListSecretsResponse, Fault> {
    let filters = Filter::read(input.filters.unwrap_or_default())?;
    let deleted_too = input.include_planned_deletion == Some(true);
    let falling = input.sort_order.as_deref() == Some("desc");
    let by = input.sort_by.as_deref().unwrap_or("created-date");
    let mut found: Vec<(Spot, &SecretItem)> = world
        .secrets
        .iter()
        .filter(|secret| secret.is_there(cx.now))
        .filter(|secret| deleted_too || secret.deleted_at.is_none())
        .filter(|secret| filters.iter().all(|filter| filter.admits(secret)))
        .map(|secret| {
            let name = secret.name.as_str().to_owned();
            (Spot { falling, at: sort_key(secret, by), name }, secret)
        })
        .collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let ask = Ask {
        listing: listing(by),
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, 100, 100),
    };
    let page = page::page(found, &ask, |(spot, _)| spot.clone()).map_err(fault::token)?;
    let Page { rows, next } = page;
    Ok(ListSecretsResponse {
        secret_list: Some(rows.into_iter().map(|(_, secret)| show(world, secret)).collect()),
        next_token: next,
    })
}

fn sort_key(secret: &SecretItem, by: &str) -> i64 {
    match by {
        "name" => 0,
        "last-accessed-date" => secret.accessed_at.map_or(-1, |at| at.millis()),
        "last-changed-date" => secret.changed_at.millis(),
        _ => secret.created_at.millis(),
    }
}

/// A token goes on in the order in which it was given; the direction is in its content.
fn listing(by: &str) -> &'static str {
    match by {
        "name" => "ListSecrets by name",
        "last-accessed-date" => "ListSecrets by access",
        "last-changed-date" => "ListSecrets by change",
        _ => "ListSecrets by creation",
    }
}

fn show(world: &World, secret: &SecretItem) -> SecretListEntry {
    SecretListEntry {
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
        description: secret.description.clone(),
        kms_key_id: secret.kms_key.clone(),
        last_changed_date: Some(secret.changed_at),
        last_accessed_date: secret.accessed_at,
        // Unlike in DescribeSecret, it is when the deletion was asked for.
        deleted_date: secret.deleted_at,
        tags: describe::tags(secret),
        secret_versions_to_stages: describe::stages(secret),
        created_date: Some(secret.created_at),
        ..Default::default()
    }
}

// === impl Spot ===

impl Ord for Spot {
    fn cmp(&self, other: &Self) -> Ordering {
        let rising = self.at.cmp(&other.at).then_with(|| self.name.cmp(&other.name));
        if self.falling { rising.reverse() } else { rising }
    }
}

impl PartialOrd for Spot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.falling, self.at, self.name)
    }
}

impl FromStr for Spot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '/');
        let mut next = || parts.next().ok_or(());
        let falling = next()?.parse().map_err(|_| ())?;
        let at = next()?.parse().map_err(|_| ())?;
        Ok(Self { falling, at, name: next()?.to_owned() })
    }
}
