//! `neargate destroy`.

use crate::args::ManifestArgs;
use crate::failure::Failure;
use crate::project::Project;
use crate::ship::Consent;
use crate::ship::environment::Environment;
use crate::ship::teardown::Teardown;
use crate::ui::say;
use plan::Wish;
use plan::destroy::Data;
use std::collections::BTreeMap;

/// Remove an environment on AWS: services, task definitions, its stack, its records
///
/// Services are scaled to nothing before they go, so that requests that are under way end well.
/// Log groups, repositories and buckets stay unless --with-data is said, and a bucket stays in any case.
/// What `foundation.existing` names is left alone. Killed on the way, it goes on the next time.
#[derive(Debug, clap::Args)]
pub(crate) struct DestroyArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// The environment
    #[arg(short, long)]
    env: String,
    /// Delete log groups, and repositories with their images, too
    #[arg(long)]
    with_data: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(crate) async fn run(args: DestroyArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    let environment = Environment::open(&project, &args.env).await?;
    let wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    let data = if args.with_data { Data::Deleted } else { Data::Kept };
    let consent = if args.yes { Consent::Given } else { Consent::Asked };
    Teardown::new(&environment, &wish, data).run(consent).await?;
    say::done(&format!("{} is gone from {}", project.app(), args.env));
    Ok(())
}
