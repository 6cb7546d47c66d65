//! Lines of a manifest that make files on this machine.

use crate::failure::{Failure, Kind};
use crate::ui::live::Progress;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Runs a service's build line as the user would, in the user's own environment.
pub(crate) async fn run(name: &str, line: &str, folder: &Path) -> Result<(), Failure> {
    let failed = |why: String| {
        Failure::new(Kind::Deployment, format!("service {name} can't be built: {why}"))
    };
    let mut command = tokio::process::Command::new("/bin/sh");
    // Both streams into one, in the order in which they are written.
    command.arg("-c").arg(format!("exec 2>&1\n{line}")).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
    let mut progress = Progress::begin(&format!("build {name}: {line}"));
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            progress.line(&line);
        }
    }
    let status = child.wait().await.map_err(|e| failed(e.to_string()))?;
    progress.end(status.success());
    if status.success() { Ok(()) } else { Err(failed(format!("`{line}`: {status}"))) }
}
