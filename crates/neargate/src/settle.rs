//! Watches one service until it has settled on a version and a count.

use crate::failure::{Failure, Kind};
use crate::reach::Reached;
use crate::ui::say;
use plan::progress::{Intent, is_steady};
use plan::{Sight, Verdict};
use std::time::{Duration, Instant};

/// From one look to the next.
const PAUSE: Duration = Duration::from_secs(1);

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

/// What a service has to come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal<'a> {
    /// The service.
    pub(crate) service: &'a str,
    /// The ARN of its task definition.
    pub(crate) definition: &'a str,
    /// How many tasks there have to be at least.
    pub(crate) least: u32,
}

/// Watches until the service is there, and says what it waits for.
pub(crate) async fn settle(
    reached: &Reached,
    goal: Goal<'_>,
    args: SettleArgs,
) -> Result<(), Failure> {
    let Goal { service, definition, least } = goal;
    let (begun, names) = (Instant::now(), [service.to_owned()]);
    let intent = Intent { definition, digest: None, least };
    let mut said = String::new();
    loop {
        let mut sights = apply::sights(&reached.client, &reached.cluster(), &names).await?;
        let sight: Sight = sights.remove(service).unwrap_or_default();
        let progress = plan::progress(&sight, intent);
        match progress.verdict {
            Verdict::Done if is_steady(&sight.service) => return Ok(()),
            Verdict::Failed(why) => {
                let what = format!("service {service}: {why}");
                return Err(Failure::new(Kind::Deployment, what)
                    .hint(format!("`neargate events {service}` shows what ECS did"))
                    .hint(format!("`neargate logs {service}` shows what its tasks wrote")));
            }
            Verdict::Done | Verdict::Waiting => {}
        }
        let waiting = match progress.waiting.as_slice() {
            // Tasks that are too many do no harm to a deployment, but they still run.
            [] => "tasks have still to stop".to_owned(),
            waiting => waiting.join("; "),
        };
        if begun.elapsed() > Duration::from_secs(args.timeout) {
            let what = format!("service {service} is not done after {} s: {waiting}", args.timeout);
            return Err(Failure::new(Kind::Deployment, what)
                .hint("it goes on by itself; `neargate status` shows how far it is"));
        }
        if waiting != said {
            say::note(&format!("… {service}: {waiting}"));
            said = waiting;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
