//! The executable's other roles. A container of the process driver is three processes:
//!
//! * the *keeper*, which the region starts; it starts the shim, and when the shim ends, for
//!   whatever reason, it ends everything that the shim left behind;
//! * the *shim*, which starts the container's command, reads its output, keeps its exit status and
//!   talks with the region; when the keeper ends, it ends the container;
//! * the container's command, which a short-lived *stage* becomes by `exec` after it has set what
//!   can only be set from inside: session, limits, working directory, the signal at its parent's
//!   death.
//!
//! So a container survives the region, and none of its processes survives the two that guard it,
//! whichever of them is killed. (Who kills both in the same instant still ends the command, by the
//! death signal on Linux, but may leave daemons that it started.)

use super::{keeper, shim, stage};
use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// First argument of a keeper.
pub(super) const KEEPER: &str = "__keep";
/// First argument of a shim.
pub(super) const SHIM: &str = "__shim";
/// First argument of a stage.
pub(super) const STAGE: &str = "__exec";

/// Plays the role that the arguments name, if they name one, and returns the code to exit with.
/// To be called first of all in `main`: a program that has started threads is no good parent.
#[must_use]
pub fn take_over(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let role = arguments.into_iter().nth(1)?;
    match role.to_str()? {
        KEEPER => Some(keeper::run()),
        SHIM => Some(shim::run()),
        STAGE => Some(stage::run()),
        _ => None,
    }
}

/// This executable in another role, with an empty environment.
pub(super) fn command(role: &str) -> io::Result<Command> {
    let mut command = Command::new(own_executable()?);
    if let Some(name) = std::env::args_os().next() {
        command.arg0(name);
    }
    command.arg(role).env_clear();
    Ok(command)
}

/// On Linux this works even after the file was replaced by a newer version.
fn own_executable() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

/// Makes orphans below this process its children, so that they can be found and ended. Only Linux
/// can; see [`super::tree`] for the others.
pub(super) fn become_subreaper() {
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).ok();
}
