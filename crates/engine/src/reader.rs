//! Log events, for handlers: the port that `services` defines, over the telemetry store.

use crate::heart::Chain;
use model::LogGroupName;
use services::LogReader;
use services::cx::LogsUnreadable;
use std::sync::Arc;
use world::{LogAsk, LogPage, LogStreamKey, LogSummary};

/// Reads the store. Why it can't goes to the region's own log.
pub(crate) struct Reader(pub(crate) Arc<telemetry::Store>);

impl Reader {
    fn read<T>(read: Result<T, telemetry::StoreError>) -> Result<T, LogsUnreadable> {
        read.map_err(|why| {
            tracing::error!(error = %Chain(&why), "log events can't be read");
            LogsUnreadable
        })
    }
}

impl LogReader for Reader {
    fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> Result<LogPage, LogsUnreadable> {
        Self::read(self.0.page(stream, ask))
    }

    fn summary(&self, stream: &LogStreamKey) -> Result<LogSummary, LogsUnreadable> {
        Self::read(self.0.summary(stream))
    }

    fn stored_bytes(&self, group: &LogGroupName) -> Result<u64, LogsUnreadable> {
        Self::read(self.0.stored_bytes(group))
    }
}
