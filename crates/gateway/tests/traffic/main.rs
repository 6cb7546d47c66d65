//! The gateway with real sockets: clients and targets are written here, byte by byte.
//!
//! Nothing sleeps. Whatever is expected is waited for, at most [`PATIENCE`].
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod access;
mod algorithms;
mod caller;
mod draining;
mod failures;
mod forwarding;
mod health;
mod http2;
mod limits;
mod listeners;
mod pooling;
mod rules;
mod secure;
mod stage;
mod statuses;
mod sticky;
mod streaming;
mod target;
mod websocket;

use std::time::Duration;
use tokio::time::timeout;

/// How long an expected thing may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for what is expected.
async fn expect<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("expected, but not seen: {what}"),
    }
}
