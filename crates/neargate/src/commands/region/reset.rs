//! `neargate region reset`.

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
    match std::fs::remove_dir_all(&data) {
        Ok(()) => say::done("the region's data is gone"),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            say::note("there is nothing to forget")
        }
        Err(e) => {
            let what = format!("can't remove {}", data.display());
            return Err(Failure::because(Kind::Machine, what, e));
        }
    }
    Ok(())
}
