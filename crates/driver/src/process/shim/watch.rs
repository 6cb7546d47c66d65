//! What the shim waits for.

use super::terminals::Watched;
use super::{Life, Shim};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

/// Where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The keeper has ended.
    Leash,
    /// A region connects.
    Listener,
    /// The region says something, or can hear more.
    Link,
    /// A child has ended.
    Reaper,
    /// The command wrote to this one of its streams.
    Output(usize),
    /// The probe in this process wrote something.
    Probe(i32),
    /// This terminal shows something, or takes keys.
    Terminal(u64),
}

/// While a region is overdue and the container is being ended, how often to look again: a
/// process that starts others while it is killed is met again.
const AGAIN: Duration = Duration::from_millis(20);

impl Shim {
    /// Waits until something happens or a time is reached, and says where.
    pub(super) fn wait(&self) -> io::Result<Vec<Source>> {
        let watched = self.watched();
        let mut fds: Vec<_> =
            watched.iter().map(|(_, fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)).collect();
        match poll(&mut fds, self.patience().as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        }
        let happened = watched.iter().zip(&fds).filter(|(_, fd)| !fd.revents().is_empty());
        Ok(happened.map(|((source, ..), _)| *source).collect())
    }

    fn watched(&self) -> Vec<(Source, BorrowedFd<'_>, PollFlags)> {
        let read = PollFlags::IN;
        let mut watched = vec![(Source::Listener, self.listener.as_fd(), read)];
        watched.extend(self.reaper.iter().map(|reaper| (Source::Reaper, reaper.as_fd(), read)));
        watched.extend(self.leash.iter().map(|leash| (Source::Leash, leash.as_fd(), read)));
        watched.extend(self.link.iter().map(|link| {
            let flags = if link.is_behind() { read | PollFlags::OUT } else { read };
            (Source::Link, link.socket.as_fd(), flags)
        }));
        let probes =
            self.probes.pipes().map(|(pid, pipe)| (Source::Probe(pid), pipe.as_fd(), read));
        watched.extend(probes);
        watched.extend(self.terminals.watched().map(|(id, master, what)| {
            let flags = match what {
                Watched::Picture => read,
                Watched::Keys => PollFlags::OUT,
                Watched::Both => read | PollFlags::OUT,
            };
            (Source::Terminal(id), master.as_fd(), flags)
        }));
        // A container that the region does not keep up with has to wait.
        if self.backlog.has_room() {
            let pipes = self.outputs.iter().map(|output| output.pipe.as_ref());
            let open = pipes.enumerate().filter_map(|(which, pipe)| Some((which, pipe?)));
            watched.extend(open.map(|(which, pipe)| (Source::Output(which), pipe.as_fd(), read)));
        }
        watched
    }

    /// How long to wait at most; for ever when no time matters.
    fn patience(&self) -> Option<Timespec> {
        let next = self.probes.next_deadline().into_iter().chain(self.linger_until).min()?;
        let left = next.saturating_duration_since(Instant::now());
        let overdue = left.is_zero() && self.life != Life::Done;
        // A time too far away for the system is no time.
        Timespec::try_from(if overdue { AGAIN } else { left }).ok()
    }
}
