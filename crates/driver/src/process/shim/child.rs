//! Starts a program through a stage.

use super::super::frame;
use super::super::role;
use super::super::spec::Program;
use super::super::stage::Order;
use rustix::process::{Pid, getpid};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;

/// Starts a program in a session of its own and answers its process, which is that session's
/// leader.
///
/// # Errors
/// Says why the program can't be started, in the words of Docker's runtime.
pub(super) fn spawn(
    program: &Program,
    stdout: impl Into<Stdio>,
    stderr: impl Into<Stdio>,
) -> Result<Pid, String> {
    let (pid, mut socket) = start_stage(stdout.into(), stderr.into())
        .map_err(|error| format!("starting a process: {error}"))?;
    let order = Order { program: program.clone(), parent: getpid().as_raw_pid() };
    let mut answer = String::new();
    let told = frame::encode(&order).and_then(|frame| socket.write_all(&frame));
    told.and_then(|()| socket.read_to_string(&mut answer))
        .map_err(|error| format!("starting a process: {error}"))?;
    if answer.is_empty() { Ok(pid) } else { Err(answer) }
}

/// The stage's other end of the socket must exist in the stage alone: it closes when the stage
/// becomes the program, and that is how success is seen.
fn start_stage(stdout: Stdio, stderr: Stdio) -> io::Result<(Pid, UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = role::command(role::STAGE)?
        .stdin(OwnedFd::from(theirs))
        .stdout(stdout)
        .stderr(stderr)
        .spawn()?;
    Ok((Pid::from_child(&child), ours))
}
