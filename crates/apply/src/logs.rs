//! Reads a log group as it is written.

use crate::client::{Absent as _, CallError, Client};
use api::logs::{FilterLogEvents, FilterLogEventsRequest, FilteredLogEvent};
use std::collections::BTreeMap;

/// How far behind the newest event a follower looks again: events of several streams arrive out of
/// order. What it has told already is told apart by its id.
const OVERLAP_MILLIS: i64 = 5_000;

/// Follows a log group.
#[derive(Debug)]
pub struct Follower {
    group: String,
    streams: Option<String>,
    from: i64,
    told: BTreeMap<String, i64>,
}

impl Follower {
    /// A follower that begins at a time, in milliseconds since the epoch. With a prefix, it follows
    /// only the streams whose names begin with it.
    #[must_use]
    pub fn new(group: String, streams: Option<String>, from: i64) -> Self {
        Self { group, streams, from, told: BTreeMap::new() }
    }

    /// The events that have come since the last call, oldest first. A group that is not there has
    /// none.
    ///
    /// # Errors
    /// When a call fails.
    pub async fn next(&mut self, client: &Client) -> Result<Vec<FilteredLogEvent>, CallError> {
        let mut fresh = Vec::new();
        let mut next_token = None;
        loop {
            let request = FilterLogEventsRequest {
                log_group_name: Some(self.group.clone()),
                log_stream_name_prefix: self.streams.clone(),
                start_time: Some(self.from),
                next_token,
                ..Default::default()
            };
            let page = client.call::<FilterLogEvents>(request).await;
            let Some(page) = page.absent(&["ResourceNotFoundException"])? else { break };
            fresh.extend(page.events.into_iter().flatten().filter(|event| self.is_new(event)));
            next_token = page.next_token;
            if next_token.is_none() {
                break;
            }
        }
        self.remember(&fresh);
        fresh.sort_by_key(|event| event.timestamp);
        Ok(fresh)
    }

    fn is_new(&self, event: &FilteredLogEvent) -> bool {
        event.event_id.as_ref().is_none_or(|id| !self.told.contains_key(id))
    }

    fn remember(&mut self, fresh: &[FilteredLogEvent]) {
        for event in fresh {
            if let (Some(id), Some(at)) = (&event.event_id, event.timestamp) {
                self.told.insert(id.clone(), at);
                self.from = self.from.max(at - OVERLAP_MILLIS);
            }
        }
        let from = self.from;
        self.told.retain(|_, at| *at >= from);
    }
}
