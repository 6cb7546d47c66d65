//! Whether the engine can get at an image, found out without fetching it.

use super::engine::{Hints, find, status, text};
use super::pull::is_unreachable;
use std::time::Duration;

/// How long a registry may take to say anything at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why no build can start from an image here: neither the engine has it nor does its registry
/// answer. None if it can, and also where only a build can tell: no engine, a refusal, a login.
pub async fn out_of_reach(hints: &Hints, image: &str) -> Option<String> {
    let engine = find(hints).await.ok()?;
    match engine.inspect_image(image).await {
        Err(error) if status(&error) == Some(404) => {}
        _ => return None,
    }
    let asked = engine.inspect_registry_image(image, None);
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(text(&error)).filter(|why| is_unreachable(why)),
        Err(_) => Some(format!("its registry does not answer within {PATIENCE:?}")),
    }
}
