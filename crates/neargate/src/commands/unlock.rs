//! `neargate unlock`.

use crate::args::FileArgs;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ship::environment::Environment;
use crate::ui::say;
use plan::Wish;
use std::collections::BTreeMap;

/// Take the lock of an environment on AWS away from a deployment that is no more
///
/// A lock that nobody renews ends by itself after two minutes; this is for who can't wait.
#[derive(Debug, clap::Args)]
pub(crate) struct UnlockArgs {
    /// The environment
    #[arg(short, long)]
    env: String,
    /// Do it, whoever holds it
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    file: FileArgs,
}

pub(crate) async fn run(args: UnlockArgs) -> Result<(), Failure> {
    let project = Project::read(&args.file.file)?;
    let environment = Environment::open(&project, &args.env).await?;
    let wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    let name = wish.names().lock();
    let Some(held) = apply::lock::holder(&environment.client, &name).await? else {
        say::note("nobody holds the lock");
        return Ok(());
    };
    let holder = format!("{} has held it since {}", held.owner, held.since);
    if !args.yes {
        let what = format!("the lock was left alone: {holder}");
        return Err(Failure::new(Kind::Usage, what).hint("say --yes to take it away"));
    }
    apply::lock::remove(&environment.client, &name).await?;
    say::done(&format!("the lock of {} is gone: {holder}", args.env));
    Ok(())
}
