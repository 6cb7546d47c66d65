//! Brings up what stands behind the services, before them.

use crate::failure::Failure;
use crate::place::Place;
use crate::rollout;
use crate::ui::say;
use apply::Client;
use plan::Wish;
use std::time::Duration;

/// Starts backing services and waits until they are ready. What they give is put where the services
/// read it when those are planned.
pub(crate) async fn up(
    client: &Client,
    place: &Place,
    wish: &Wish,
    patience: Duration,
) -> Result<(), Failure> {
    if wish.manifest.environment.backing.is_empty() {
        return Ok(());
    }
    let observed = rollout::follow_with(client, place, wish, plan::plan_backing).await?;
    let part = wish.only_backing();
    rollout::Watch::new(client, place, &part, &observed).until_verdict(patience).await?;
    plan::backing::overruled(wish, &observed).iter().for_each(|what| say::warn(what));
    Ok(())
}
