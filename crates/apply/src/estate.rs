//! Looks at what there is of an environment that a deployment made. What others made is told apart by
//! its tags.

mod data;
mod definitions;
mod scaling;
mod services;

use crate::client::{CallError, Client};
use api::cloudformation::{ListStackResources, ListStackResourcesInput};
use plan::destroy::Estate;
use plan::names::Names;
use std::collections::BTreeSet;

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The names of the application's things.
    pub names: Names<'a>,
    /// The cluster that its services are in.
    pub cluster: &'a str,
    /// The stack, where there is one, by name or ARN.
    pub stack: Option<&'a str>,
    /// Repositories that would be its own.
    pub repositories: &'a BTreeSet<String>,
    /// Log groups that would be its own.
    pub log_groups: &'a BTreeSet<String>,
}

/// A resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    kind: String,
    id: String,
}

/// Looks.
///
/// # Errors
/// When a call is refused for another reason than that something is not there.
pub async fn look(client: &Client, grounds: Grounds<'_>) -> Result<Estate, CallError> {
    let mut estate = Estate { cluster: grounds.cluster.to_owned(), ..Estate::default() };
    let parts = match grounds.stack {
        Some(stack) => parts(client, stack).await?,
        None => Vec::new(),
    };
    services::look(client, grounds, &mut estate).await?;
    scaling::look(client, &mut estate).await?;
    definitions::look(client, grounds, &mut estate).await?;
    data::look(client, grounds, &parts, &mut estate).await?;
    Ok(estate)
}

/// What a stack consists of.
async fn parts(client: &Client, stack: &str) -> Result<Vec<Part>, CallError> {
    let mut parts = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListStackResourcesInput { stack_name: stack.to_owned(), next_token };
        let page = client.call::<ListStackResources>(request).await?;
        let there = page.stack_resource_summaries.into_iter().flatten();
        let there = there.filter(|it| it.resource_status != "DELETE_COMPLETE");
        parts.extend(
            there.filter_map(|it| {
                Some(Part { kind: it.resource_type, id: it.physical_resource_id? })
            }),
        );
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(parts);
        }
    }
}
