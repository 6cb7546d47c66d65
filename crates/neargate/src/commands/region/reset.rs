//! `neargate region reset`.

use super::stop;
use crate::args::DataArgs;
use crate::failure::{Failure, Kind};
use crate::ui::say;
use crate::{admin, local};

/// Forget everything: services, tasks, parameters, secrets, logs
#[derive(Debug, clap::Args)]
pub(crate) struct ResetArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Do it without asking
    #[arg(short, long)]
    yes: bool,
}

pub(crate) async fn run(args: ResetArgs) -> Result<(), Failure> {
    let data = local::data(&args.data)?;
    if !args.yes {
        let what = format!("this forgets everything in {}", data.display());
        return Err(Failure::new(Kind::Usage, what).hint("say --yes if that is what you want"));
    }
    if let Some(status) = local::running(&data).await {
        admin::post(status.port, "reset").await?;
        say::done("the region has forgotten everything");
        return Ok(());
    }
    if !data.exists() {
        say::note("there is nothing to forget");
        return Ok(());
    }
    // What a region that was killed has left is known by its data alone: it is ended first.
    let status = local::start(&data, &["--port=0".to_owned()]).await?;
    stop::stop(&data, &status).await?;
    std::fs::remove_dir_all(&data).map_err(|e| {
        Failure::because(Kind::Machine, format!("can't remove {}", data.display()), e)
    })?;
    say::done("the region's data is gone");
    Ok(())
}
