//! `neargate down`.

use crate::args::{DataArgs, ManifestArgs};
use crate::failure::Failure;
use crate::local;
use crate::project::{Project, Sought};
use crate::rollout;
use crate::ui::say;
use plan::Wish;
use std::collections::BTreeMap;

/// Remove what `up` made, except logs, parameters and secrets
#[derive(Debug, clap::Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    data: DataArgs,
}

pub(crate) async fn run(args: DownArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    let manifest = project.resolve_local()?;
    let region = local::expect(&local::data(&args.data)?).await?;
    let client = local::client(&region)?;
    let wish = Wish { manifest, artifacts: BTreeMap::new() };
    let names = wish.names();
    let sought = Sought::of(&wish);
    let mut waiting = String::new();
    let gone = apply::follow(
        &client,
        sought.scope(names),
        |observed| plan::down(names, observed),
        |round| rollout::tell(&round, &mut waiting),
    );
    gone.await?;
    say::done(&format!("{} is gone from the local region", wish.manifest.app));
    Ok(())
}
