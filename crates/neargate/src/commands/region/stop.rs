//! `neargate region stop`.

use crate::admin::Status;
use crate::args::DataArgs;
use crate::failure::{Failure, Kind};
use crate::ui::say;
use crate::{admin, local};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a region may take to end: its tasks have ten seconds of their own.
const PATIENCE: Duration = Duration::from_secs(30);

/// Stop the local region and its tasks; what it remembers stays
#[derive(Debug, clap::Args)]
pub(crate) struct StopArgs {
    #[command(flatten)]
    data: DataArgs,
}

pub(crate) async fn run(args: StopArgs) -> Result<(), Failure> {
    let data = local::data(&args.data)?;
    let Some(status) = local::running(&data).await else {
        say::note("the region is not running");
        return Ok(());
    };
    stop(&data, &status).await?;
    say::done("the region has stopped");
    Ok(())
}

/// Stops a running region, and waits until its process has ended.
pub(super) async fn stop(data: &Path, status: &Status) -> Result<(), Failure> {
    admin::post(status.port, "stop").await?;
    let begun = Instant::now();
    while local::running(data).await.is_some() || is_alive(status.pid) {
        if begun.elapsed() > PATIENCE {
            let what = format!("the region (process {}) does not end", status.pid);
            return Err(Failure::new(Kind::Machine, what));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Whether a process runs. One that has ended is still listed until its parent asks about it, which
/// the first process of many containers never does.
fn is_alive(pid: u32) -> bool {
    if cfg!(target_os = "linux") {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // `1234 (name) S …`: the name may hold anything, so the state is behind the last bracket.
        return stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"));
    }
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}
