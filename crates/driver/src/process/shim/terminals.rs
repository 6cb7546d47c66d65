//! Commands that run beside the container's, each at a terminal of its own.

use super::super::frame::{ExecOrder, Raw, Reply};
use super::super::spec::{Input, Program};
use super::super::tree;
use super::child;
use crate::Window;
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;

/// How much the region may have been shown and not have taken, in bytes.
const AHEAD: usize = 64 * 1024;

/// How many pieces a system keeps of a terminal at most. What comes after those is of who does not
/// end with the program, and nobody sits there any more.
const PIECES: usize = 16;

/// What a terminal is called that has no other name.
const KIND: &str = "xterm";

/// The terminals in use, by the region's names for them.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    open: BTreeMap<u64, Open>,
}

#[derive(Debug)]
struct Open {
    pid: Pid,
    /// The end that the person's keys go into and the picture comes out of.
    master: File,
    /// Whether nothing can come out of it any more.
    is_over: bool,
    /// Keys that the program does not take yet.
    typed: Vec<u8>,
    /// How much was shown to the region and is not taken.
    unseen: usize,
}

impl Terminals {
    /// Starts a command with the container's environment, working directory and limits.
    pub(super) fn start(&mut self, order: ExecOrder, container: &Program) -> Reply {
        let mut program =
            Program { words: order.words, input: Input::Terminal, ..container.clone() };
        program.environment.entry("TERM".to_owned()).or_insert_with(|| KIND.into());
        let begun = spawn(&program, order.window).map(|(pid, master)| {
            let open = Open { pid, master, is_over: false, typed: Vec::new(), unseen: 0 };
            self.open.insert(order.id, open);
        });
        Reply::Begun(order.id, begun)
    }

    /// The terminals to watch: which have something to be shown that there is room for, and whether
    /// keys wait.
    pub(super) fn watched(&self) -> impl Iterator<Item = (u64, &File, Watched)> {
        self.open.iter().filter_map(|(id, open)| {
            let shows = !open.is_over && open.unseen < AHEAD;
            let watched = match (shows, open.typed.is_empty()) {
                (true, true) => Watched::Picture,
                (true, false) => Watched::Both,
                (false, false) => Watched::Keys,
                (false, true) => return None,
            };
            Some((*id, &open.master, watched))
        })
    }

    /// Takes a step at a terminal where something happened.
    pub(super) fn attend(&mut self, id: u64) -> Vec<Reply> {
        let Some(open) = self.open.get_mut(&id) else { return Vec::new() };
        let had_keys = !open.typed.is_empty();
        open.feed();
        let taken = had_keys && open.typed.is_empty();
        let mut replies: Vec<Reply> = taken.then_some(Reply::Typed(id)).into_iter().collect();
        if open.unseen < AHEAD {
            replies.extend(open.look().map(|picture| Reply::Shown(id, Raw(picture))));
        }
        replies
    }

    /// Types at a terminal.
    pub(super) fn type_keys(&mut self, id: u64, keys: &[u8]) -> Vec<Reply> {
        if let Some(open) = self.open.get_mut(&id) {
            open.typed.extend(keys);
        }
        self.attend(id)
    }

    /// Changes a terminal's size.
    pub(super) fn resize(&self, id: u64, window: Window) {
        if let Some(open) = self.open.get(&id) {
            tcsetwinsize(&open.master, size(window)).ok();
        }
    }

    /// The region has taken so much of what was shown.
    pub(super) fn seen(&mut self, id: u64, length: usize) {
        if let Some(open) = self.open.get_mut(&id) {
            open.unseen = open.unseen.saturating_sub(length);
        }
    }

    /// Ends what runs at a terminal. It is told when it has ended.
    pub(super) fn hang_up(&mut self, id: u64) {
        if let Some(open) = self.open.get(&id) {
            open.end();
        }
    }

    /// Ends what runs at all terminals: nobody sits there any more.
    pub(super) fn hang_up_all(&mut self) {
        self.open.values().for_each(Open::end);
    }

    /// The last picture of the terminal whose program was this process.
    pub(super) fn ended(&mut self, pid: i32) -> Vec<Reply> {
        let ended = self.open.iter().find(|(_, open)| open.pid.as_raw_pid() == pid);
        let Some(id) = ended.map(|(id, _)| *id) else { return Vec::new() };
        let mut replies = Vec::new();
        if let Some(mut open) = self.open.remove(&id) {
            let rest = std::iter::from_fn(|| open.look()).take(PIECES);
            replies.extend(rest.map(|picture| Reply::Shown(id, Raw(picture))));
        }
        // Whoever else holds the terminal is hung up by the system now.
        replies.push(Reply::TerminalEnded(id));
        replies
    }
}

/// What is waited for at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watched {
    /// That it shows something.
    Picture,
    /// That it takes keys.
    Keys,
    /// One of the two.
    Both,
}

// === impl Open ===

impl Open {
    /// What it shows, as far as it is there now.
    fn look(&mut self) -> Option<Vec<u8>> {
        let mut picture = vec![0; 16 * 1024];
        match self.master.read(&mut picture) {
            Ok(length @ 1..) => {
                picture.truncate(length);
                self.unseen += length;
                Some(picture)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            // Linux says EIO when nobody has the other end open.
            Ok(0) | Err(_) => {
                self.is_over = true;
                None
            }
        }
    }

    /// Passes keys on, as many as are taken now.
    fn feed(&mut self) {
        while !self.typed.is_empty() {
            match self.master.write(&self.typed) {
                Ok(length @ 1..) => drop(self.typed.drain(..length)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Ok(0) | Err(_) => self.typed.clear(),
            }
        }
    }

    fn end(&self) {
        tree::kill_descendants(self.pid);
        kill_process_group(self.pid, Signal::KILL).ok();
    }
}

fn spawn(program: &Program, window: Window) -> Result<(Pid, File), String> {
    let open = || {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        tcsetwinsize(&master, size(window))?;
        let name = ptsname(&master, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(name, flags, Mode::empty())?;
        rustix::io::ioctl_fionbio(&master, true)?;
        let copy = slave.try_clone()?;
        Ok::<(OwnedFd, OwnedFd, OwnedFd), io::Error>((master, slave, copy))
    };
    let (master, slave, copy) = open().map_err(|error| format!("opening a terminal: {error}"))?;
    Ok((child::spawn(program, slave, copy)?, File::from(master)))
}

fn size(window: Window) -> Winsize {
    Winsize { ws_col: window.columns, ws_row: window.rows, ws_xpixel: 0, ws_ypixel: 0 }
}
