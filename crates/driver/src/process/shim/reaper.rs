//! A thread that waits for the shim's children, and at the end for everything below it.
//!
//! A thread, because waiting for a child and waiting for a pipe are one call on no system that we
//! know, short of signal handlers.

use super::super::tree;
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, getpid, kill_process_group, wait};
use std::io::{self, Write};
use std::os::unix::net::UnixStream;

/// What the thread tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaped {
    /// This process ended with this code.
    Child(i32, i32),
    /// No process is left below the shim.
    All,
}

/// Messages come in this many bytes: a process id and a code. The id 0 stands for all.
pub(super) const MESSAGE: usize = 8;

/// Starts the thread. When `main` has ended it ends all others, as the end of a container's first
/// process does.
pub(super) fn start(main: Pid) -> io::Result<UnixStream> {
    let (ours, theirs) = UnixStream::pair()?;
    std::thread::Builder::new().name("reaper".to_owned()).spawn(move || reap(main, theirs))?;
    Ok(ours)
}

fn reap(main: Pid, mut shim: UnixStream) {
    let mut tell = |pid: i32, code: i32| {
        let mut message = [0; MESSAGE];
        message[..4].copy_from_slice(&pid.to_ne_bytes());
        message[4..].copy_from_slice(&code.to_ne_bytes());
        // The shim reads until it ends, and this thread ends with it.
        shim.write_all(&message).ok();
    };
    let mut ending = false;
    loop {
        if ending {
            // Children of a process that ends become ours, so each round finds what the last left.
            kill_process_group(main, Signal::KILL).ok();
            tree::kill_descendants(getpid());
        }
        match wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) => {
                ending |= pid == main;
                tell(pid.as_raw_pid(), exit_code(status));
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return tell(0, 0),
        }
    }
}

/// As a shell and Docker count: 128 and the signal's number when a signal ended it.
fn exit_code(status: WaitStatus) -> i32 {
    let signal = status.terminating_signal().map(|signal| 128 + signal);
    status.exit_status().or(signal).unwrap_or(-1)
}

// === impl Reaped ===

impl Reaped {
    /// Reads a message.
    pub(super) fn from_bytes(message: [u8; MESSAGE]) -> Self {
        let [a, b, c, d, rest @ ..] = message;
        match i32::from_ne_bytes([a, b, c, d]) {
            0 => Self::All,
            pid => Self::Child(pid, i32::from_ne_bytes(rest)),
        }
    }
}
