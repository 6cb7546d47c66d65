//! What calls are answered with, at the door and in the heart alike.

use crate::authority::LocalAuthority;
use crate::heart::Published;
use crate::issuer::KeyIssuer;
use crate::layers::Layers;
use crate::sessions::Sessions;
use model::{Pace, Timestamp};
use services::{Caller, Cx, LogReader, Table};
use std::sync::Arc;

/// The table of operations, and what its handlers may look at.
pub(crate) struct Desk {
    /// The World that readers see.
    pub(crate) published: Published,
    /// The operations.
    pub(crate) table: Table,
    /// Log events.
    pub(crate) reader: Arc<dyn LogReader + Send + Sync>,
    /// Temporary credentials.
    pub(crate) issuer: KeyIssuer,
    /// Certificates.
    pub(crate) authority: LocalAuthority,
    /// The bytes of layers.
    pub(crate) layers: Layers,
    /// Sessions that wait for their clients.
    pub(crate) sessions: Sessions,
    /// Where Docker finds the region's registry.
    pub(crate) registry: String,
    /// The region's speed.
    pub(crate) pace: Pace,
}

impl Desk {
    /// The circumstances of a call.
    pub(crate) fn cx<'a>(&'a self, now: Timestamp, caller: &'a Caller) -> Cx<'a> {
        let Self { reader, issuer, authority, layers, sessions, pace, registry, .. } = self;
        let (pace, logs) = (*pace, reader.as_ref());
        let (received, template) = (None, None);
        Cx {
            now,
            pace,
            caller,
            logs,
            issuer,
            authority,
            layers,
            sessions,
            registry,
            received,
            template,
        }
    }
}
