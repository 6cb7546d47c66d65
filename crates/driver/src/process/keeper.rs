//! The keeper: the process above a shim that cleans up after it. See [`super::role`].
//!
//! It must not know what the container is, and must do nothing that can fail later.

use super::folder::{self, StartedFile};
use super::frame;
use super::role;
use super::shim::Handshake;
use super::tree;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process_group, setsid, wait};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{ExitCode, Stdio};

/// Runs in the container's folder, with the shim's orders on standard input.
pub(super) fn run() -> ExitCode {
    // A signal for the region's terminal is not for its tasks.
    setsid().ok();
    role::become_subreaper();
    match lock() {
        Ok(Some(_lock)) => guard(),
        Ok(None) => refuse(&Handshake::Busy),
        Err(error) => refuse(&Handshake::Failed(format!("locking the container: {error}"))),
    }
}

/// Starts the shim and stays until nothing of it is left.
fn guard() -> ExitCode {
    let (shim, _leash) = match start_shim() {
        Ok(started) => started,
        Err(error) => return refuse(&Handshake::Failed(format!("starting the shim: {error}"))),
    };
    while !matches!(wait(WaitOptions::empty()), Ok(Some((ended, _))) if ended == shim) {}
    if cfg!(not(target_os = "linux")) {
        end_orphans();
    }
    loop {
        // Children of a process that ends become ours, so each round finds what the last one left.
        tree::kill_descendants(getpid());
        match wait(WaitOptions::empty()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return ExitCode::SUCCESS,
        }
    }
}

/// Without subreapers a killed shim's children are nobody's: the command is found by its number.
fn end_orphans() {
    let running = StartedFile::of_running().ok().flatten();
    if let Some(main) = running.and_then(|started| Pid::from_raw(started.main)) {
        tree::kill_descendants(main);
        // The command leads a session and a group; this ends it, and those that stayed with it.
        kill_process_group(main, Signal::KILL).ok();
    }
}

/// Starts the shim and hands it what the region has to say. The stream that comes back is the
/// shim's leash: it sees the end of it when this process ends.
///
/// A region that ended in the middle of its sentence is noticed here, before there is a shim that
/// would wait for the rest.
fn start_shim() -> io::Result<(Pid, UnixStream)> {
    let spec = frame::read_frame(io::stdin().lock())?;
    let (mut ours, theirs) = UnixStream::pair()?;
    let shim = role::command(role::SHIM)?
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .spawn()?;
    // When the shim fails while it reads, it says so itself.
    ours.write_all(&spec).ok();
    Ok((Pid::from_child(&shim), ours))
}

/// The lock that tells others that something of the container may live; absent when another keeper
/// or shim has it. Keeper and shim share it, so it is free only when both are gone.
fn lock() -> io::Result<Option<File>> {
    let lock = File::create(folder::LOCK)?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => flock(&lock, FlockOperation::LockShared)?,
        Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    Ok(Some(lock))
}

fn refuse(handshake: &Handshake) -> ExitCode {
    handshake.send();
    ExitCode::FAILURE
}
