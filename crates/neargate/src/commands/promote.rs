//! `neargate promote`: a version goes on, to all requests or to the next environment.

mod approval;
mod between;

use crate::args::RolloutArgs;
use crate::failure::Failure;
use crate::reach::ReachArgs;

/// Let a version go on: to the next environment, or past a deployment's wait for approval
///
/// With --from and --to, the images that run in one environment are deployed to the other, by their
/// digests: they are copied to its registry where that is another one, and go through all that `deploy`
/// does. Refused when the last deployment to the first one was no success, or other images run there
/// than its record says.
///
/// Without them it is about `deploy: {approve: true}`, by which a new version is brought up, and gets no
/// requests before it is promoted. One that is not promoted within a day goes back by itself.
#[derive(Debug, clap::Args)]
pub(crate) struct PromoteArgs {
    /// Only this service that waits for approval [default: all that wait]
    #[arg(conflicts_with = "from")]
    service: Option<String>,
    /// Bring the old version back instead of letting it have the requests
    #[arg(long, conflicts_with = "from")]
    rollback: bool,
    /// Deploy the images that run in this environment
    #[arg(long, value_name = "ENV", requires = "to", conflicts_with = "env")]
    from: Option<String>,
    /// To this environment
    #[arg(long, value_name = "ENV", requires = "from")]
    to: Option<String>,
    /// The profile whose credentials reach the first environment, where that is another account
    #[arg(long, value_name = "PROFILE", requires = "from")]
    from_profile: Option<String>,
    /// Promote although the first environment's last deployment does not vouch for it
    #[arg(long, requires = "from")]
    unproven: bool,
    /// Do not ask
    #[arg(short, long, requires = "from")]
    yes: bool,
    /// Begin although an alarm fires that is to watch the deployment
    #[arg(long, requires = "from")]
    despite_alarms: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    rollout: RolloutArgs,
}

pub(crate) async fn run(args: PromoteArgs) -> Result<(), Failure> {
    match (&args.from, &args.to) {
        (Some(from), Some(to)) => between::run(&args, from, to).await,
        _ => approval::run(args).await,
    }
}
