//! Waits for one service that was changed by hand.

use crate::failure::Failure;
use crate::reach::Reached;
use crate::rollout::{Goal, Watch};
use api::ecs::Service;
use std::time::Duration;

/// How a change is waited for.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct SettleArgs {
    /// Return when it is asked for, without watching
    #[arg(short, long)]
    pub(crate) detach: bool,
    /// Give up watching after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timeout: u64,
}

/// Watches a service until it has come to a version and a count and nothing changes any more; `before` is
/// what it was before the change.
pub(crate) async fn settle(
    reached: &Reached,
    before: &Service,
    (definition, least): (&str, u32),
    args: SettleArgs,
) -> Result<(), Failure> {
    let goal = Goal { definition: definition.to_owned(), digest: None, least };
    let watch = Watch::settling(reached, goal, before);
    watch.until_verdict(Duration::from_secs(args.timeout)).await
}
