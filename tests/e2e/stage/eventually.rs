//! Waiting for a state, with a deadline. No test sleeps.

use std::time::{Duration, Instant};

/// Long enough for a slow machine that does much else; only a test that fails waits so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// From one look to the next.
const BETWEEN: Duration = Duration::from_millis(20);

/// Looks until there is something to see, and answers it.
///
/// # Panics
/// When it does not come within the time given.
pub(crate) async fn eventually<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {patience:?}");
        tokio::time::sleep(BETWEEN).await;
    }
}
