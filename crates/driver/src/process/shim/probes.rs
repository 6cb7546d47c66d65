//! Commands that run beside the container's, each with a time limit.

use super::super::frame::{ProbeOrder, Reply};
use super::super::spec::{Input, Program};
use super::child;
use crate::tail::Tail;
use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// The exit code of a command that can't be started, as shells have it.
const NOT_STARTED: i32 = 127;

/// The probes under way, by process.
#[derive(Debug, Default)]
pub(super) struct Probes {
    running: BTreeMap<i32, Running>,
}

#[derive(Debug)]
struct Running {
    id: u64,
    pid: Pid,
    /// Both output streams; absent when they have come to their end.
    pipe: Option<io::PipeReader>,
    tail: Tail,
    until: Instant,
    timed_out: bool,
}

impl Probes {
    /// Starts a probe with the container's environment, working directory and limits. An answer
    /// comes at once only when it can't be started.
    pub(super) fn start(&mut self, order: ProbeOrder, container: &Program) -> Option<Reply> {
        let until = Instant::now() + Duration::from_millis(order.timeout);
        let id = order.id;
        let program = Program { words: order.words, input: Input::Empty, ..container.clone() };
        match spawn(&program) {
            Ok((pid, pipe)) => {
                let running = Running {
                    id,
                    pid,
                    pipe: Some(pipe),
                    tail: Tail::default(),
                    until,
                    timed_out: false,
                };
                self.running.insert(pid.as_raw_pid(), running);
                None
            }
            Err(why) => Some(Reply::Probed { id, code: Some(NOT_STARTED), output: why }),
        }
    }

    /// The pipes to watch, by process.
    pub(super) fn pipes(&self) -> impl Iterator<Item = (i32, &io::PipeReader)> {
        self.running.iter().filter_map(|(pid, probe)| Some((*pid, probe.pipe.as_ref()?)))
    }

    /// When the next probe has had its time.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.running.values().filter(|probe| !probe.timed_out).map(|probe| probe.until).min()
    }

    /// Reads what a probe printed.
    pub(super) fn read(&mut self, pid: i32) {
        if let Some(probe) = self.running.get_mut(&pid) {
            probe.read();
        }
    }

    /// The answer of a probe whose process ended.
    pub(super) fn ended(&mut self, pid: i32, code: i32) -> Option<Reply> {
        let mut probe = self.running.remove(&pid)?;
        probe.read();
        let code = (!probe.timed_out).then_some(code);
        Some(Reply::Probed { id: probe.id, code, output: probe.tail.text() })
    }

    /// Kills the probes that have had their time; their answers come when they have ended.
    pub(super) fn expire(&mut self, now: Instant) {
        for probe in self.running.values_mut().filter(|probe| probe.until <= now) {
            probe.timed_out = true;
            // Its session has one group unless it made more; those end with the container.
            kill_process_group(probe.pid, Signal::KILL).ok();
        }
    }
}

// === impl Running ===

impl Running {
    /// Reads what is there, without waiting.
    fn read(&mut self) {
        let mut chunk = [0; 4096];
        while let Some(pipe) = &mut self.pipe {
            match pipe.read(&mut chunk) {
                Ok(length @ 1..) => self.tail.push(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Ok(0) | Err(_) => self.pipe = None,
            }
        }
    }
}

fn spawn(program: &Program) -> Result<(Pid, io::PipeReader), String> {
    let pipes = || {
        let (reader, writer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&reader, true)?;
        let copy = writer.try_clone()?;
        Ok::<_, io::Error>((reader, writer, copy))
    };
    let (reader, stdout, stderr) = pipes().map_err(|error| format!("opening pipes: {error}"))?;
    Ok((child::spawn(program, stdout, stderr)?, reader))
}
