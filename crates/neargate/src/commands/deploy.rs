//! `neargate deploy`.

use super::up;
use crate::args::{DataArgs, ManifestArgs, RolloutArgs};
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;

/// Deploy the manifest to an environment
///
/// Success means that the intended version runs, in full and healthy: a deployment that was rolled
/// back, superseded or scaled to nothing is a failure.
#[derive(Debug, clap::Args)]
pub(crate) struct DeployArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    data: DataArgs,
    /// The environment; `local` is the local region
    #[arg(short, long)]
    env: String,
    #[command(flatten)]
    rollout: RolloutArgs,
}

pub(crate) async fn run(args: DeployArgs) -> Result<(), Failure> {
    if args.env != manifest::LOCAL {
        let what =
            format!("can't deploy to `{}`: environments on AWS are not supported yet", args.env);
        return Err(Failure::new(Kind::Usage, what).hint("--env local deploys to the local region"));
    }
    let project = Project::read(&args.manifest.path)?;
    let data = local::data(&args.data)?;
    up::deploy(&project, &data, &args.rollout).await
}
