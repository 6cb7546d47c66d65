//! The one place where the region reads the clock.

use model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by the machine's clock.
///
/// The loop never lets its time go backwards (`Heart::now`), should the machine's do so.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
