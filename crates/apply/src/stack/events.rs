//! The events of a stack, each told once.

use super::is_missing;
use crate::client::{CallError, Client};
use api::cloudformation::{DescribeStackEvents, DescribeStackEventsInput, StackEvent};
use std::collections::BTreeSet;

/// The events of one change of a stack.
#[derive(Debug)]
pub(super) struct Events {
    stack: String,
    told: BTreeSet<String>,
}

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    /// In words: `WebLogGroup CREATE_FAILED: it exists already`.
    pub(super) line: String,
    /// Whether it is why a change failed.
    pub(super) is_cause: bool,
}

// === impl Events ===

impl Events {
    /// Those of the change that was begun last.
    pub(super) fn of(stack: &str) -> Self {
        Self { stack: stack.to_owned(), told: BTreeSet::new() }
    }

    /// Takes all that were until now for told. A stack that is not there yet has none.
    pub(super) async fn skip(&mut self, client: &Client) -> Result<(), CallError> {
        match self.unseen(client).await {
            Err(why) if is_missing(&why) => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Those that were not told yet, oldest first.
    pub(super) async fn fresh(&mut self, client: &Client) -> Result<Vec<Event>, CallError> {
        let unseen = match self.unseen(client).await {
            // It was deleted meanwhile, and nobody knows its name any more.
            Err(why) if is_missing(&why) => Vec::new(),
            outcome => outcome?,
        };
        Ok(unseen.into_iter().map(event).collect())
    }

    async fn unseen(&mut self, client: &Client) -> Result<Vec<StackEvent>, CallError> {
        let mut fresh = Vec::new();
        let mut next_token = None;
        loop {
            let stack_name = self.stack.clone();
            let request = DescribeStackEventsInput { stack_name, next_token };
            let page = client.call::<DescribeStackEvents>(request).await?;
            let mut is_over = page.next_token.is_none();
            for event in page.stack_events.into_iter().flatten() {
                // Newest first: what is older than one that was told, or than the begin of the
                // change, was told too or is another change's.
                if !self.told.insert(event.event_id.clone()) {
                    is_over = true;
                    break;
                }
                let begins = begins(&event);
                fresh.push(event);
                if begins {
                    is_over = true;
                    break;
                }
            }
            if is_over {
                fresh.reverse();
                return Ok(fresh);
            }
            next_token = page.next_token;
        }
    }
}

/// Whether a change of the whole stack begins with an event. Going back is part of a change.
fn begins(event: &StackEvent) -> bool {
    let status = event.resource_status.as_deref().unwrap_or_default();
    event.physical_resource_id.as_deref() == Some(event.stack_id.as_str())
        && ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"].contains(&status)
}

fn event(held: StackEvent) -> Event {
    let status = held.resource_status.unwrap_or_default();
    let id = held.logical_resource_id.unwrap_or_default();
    let reason = held.resource_status_reason.unwrap_or_default();
    let dash = if reason.is_empty() { "" } else { ": " };
    // What AWS gave up because of another failure is no cause.
    let is_cause = status.ends_with("_FAILED") && !reason.contains("cancelled");
    Event { line: format!("{id} {status}{dash}{reason}"), is_cause }
}
