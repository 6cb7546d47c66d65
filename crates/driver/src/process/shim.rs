//! The shim: the process that starts a container's command, reads its output, keeps its exit
//! status, and talks with the region. See [`super::role`].
//!
//! One loop over `poll`; nothing in it waits for anything else. It must not know other containers,
//! images or addresses: its [`Spec`] says everything.

mod backlog;
mod child;
mod link;
mod output;
mod probes;
mod reaper;
mod terminals;
mod watch;

use super::folder::{self, StartedFile};
use super::frame::{self, Raw, Reply, Request};
use super::role;
use super::spec::Spec;
use super::tree;
use crate::{Exit, Mark, Stream};
use backlog::Backlog;
use link::Link;
use output::{Output, Reading};
use probes::Probes;
use reaper::Reaped;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use terminals::Terminals;
use watch::Source;

/// What the region hears of a start, on the standard output of keeper and shim.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Handshake {
    /// The container's command runs.
    Started,
    /// It does not, and why.
    Failed(String),
    /// Another keeper or shim has the container.
    Busy,
}

/// How long to wait at least for the region that has just started the container.
const FIRST_LINGER: Duration = Duration::from_secs(1);

/// A container under supervision.
#[derive(Debug)]
struct Shim {
    spec: Spec,
    main: Pid,
    life: Life,
    /// The keeper's end of this closes when the keeper ends; absent when that has happened.
    leash: Option<UnixStream>,
    listener: UnixListener,
    /// Tells which children ended; absent when there are none any more.
    reaper: Option<UnixStream>,
    outputs: [Output; 2],
    backlog: Backlog,
    probes: Probes,
    terminals: Terminals,
    link: Option<Link>,
    /// When to give up waiting for a region; absent while one is connected.
    linger_until: Option<Instant>,
    /// Held for as long as this process lives.
    _lock: File,
}

/// Where a container is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Its command runs.
    Running,
    /// Its command ended with this code; others are being ended.
    Ending(i32),
    /// Nothing of it runs; output may be left in the pipes.
    Empty(i32),
    /// It is over, and the region has to be told.
    Over(Exit),
    /// The region was told and has noted it, or will not come.
    Done,
}

/// Runs in the container's folder; the spec and the leash come on standard input.
pub(super) fn run() -> ExitCode {
    let started = start();
    let handshake = match &started {
        Ok(_) => Handshake::Started,
        Err(why) => Handshake::Failed(why.clone()),
    };
    handshake.send();
    let Ok(mut shim) = started else { return ExitCode::FAILURE };
    match close_stdout().and_then(|()| shim.serve()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // This goes to a file beside the container. The keeper ends what is left.
            writeln!(io::stderr(), "the shim failed: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<Shim, String> {
    role::become_subreaper();
    let failed = |doing: &str, error: &dyn std::fmt::Display| format!("{doing}: {error}");
    let leash = rustix::io::fcntl_dupfd_cloexec(io::stdin(), 3)
        .map(UnixStream::from)
        .map_err(|error| failed("taking the leash", &error))?;
    let spec: Spec = frame::read(&leash).map_err(|error| failed("reading the spec", &error))?;
    let lock = lock().map_err(|error| failed("locking the container", &error))?;
    let listener = listen(&spec).map_err(|error| failed("opening the socket", &error))?;
    let open = |stream| Output::open(stream).map_err(|error| failed("opening pipes", &error));
    let (stdout, stdout_end) = open(Stream::Stdout)?;
    let (stderr, stderr_end) = open(Stream::Stderr)?;
    let main = child::spawn(&spec.program, stdout_end, stderr_end)?;
    let started =
        StartedFile { run: spec.run, shim: getpid().as_raw_pid(), main: main.as_raw_pid() };
    started.write().map_err(|error| failed("noting the start", &error))?;
    let reaper = reaper::start(main).map_err(|error| failed("starting the reaper", &error))?;
    let linger = Duration::from_millis(spec.linger).max(FIRST_LINGER);
    Ok(Shim {
        spec,
        main,
        life: Life::Running,
        leash: Some(leash),
        listener,
        reaper: Some(reaper),
        outputs: [stdout, stderr],
        backlog: Backlog::default(),
        probes: Probes::default(),
        terminals: Terminals::default(),
        link: None,
        linger_until: Some(Instant::now() + linger),
        _lock: lock,
    })
}

// === impl Handshake ===

impl Handshake {
    /// Says it. A region that is gone does not hear it, and that changes nothing here.
    pub(super) fn send(&self) {
        if let Ok(frame) = frame::encode(self) {
            let mut stdout = io::stdout();
            stdout.write_all(&frame).and_then(|()| stdout.flush()).ok();
        }
    }
}

// === impl Shim ===

impl Shim {
    fn serve(&mut self) -> io::Result<()> {
        while self.life != Life::Done {
            for source in self.wait()? {
                self.attend(source)?;
            }
            self.probes.expire(Instant::now());
            self.give_up_waiting();
            self.move_on()?;
            self.tell();
        }
        // The region may have removed it with its task.
        std::fs::remove_file(&self.spec.socket).ok();
        Ok(())
    }

    fn attend(&mut self, source: Source) -> io::Result<()> {
        match source {
            Source::Leash => self.keeper_ended(),
            Source::Listener => self.accept(),
            Source::Link => drop(self.listen_to_region()),
            Source::Reaper => self.reap()?,
            Source::Output(which) => drop(self.read_output(which)),
            Source::Probe(pid) => self.probes.read(pid),
            Source::Terminal(id) => {
                let replies = self.terminals.attend(id);
                self.reply(replies);
            }
        }
        Ok(())
    }

    /// Without its keeper a shim could leave processes behind, so it ends the container.
    fn keeper_ended(&mut self) {
        self.leash = None;
        tree::kill_descendants(getpid());
    }

    /// A region connects; the last one is gone or will not be back.
    fn accept(&mut self) {
        let accepted = self.listener.accept().and_then(|(socket, _)| Link::new(socket));
        if let Ok(link) = accepted {
            self.lose_region();
            self.link = Some(link);
            self.linger_until = None;
        }
    }

    /// Does what the region asks for, and says whether there may be more.
    fn listen_to_region(&mut self) -> bool {
        match self.link.as_mut().map(Link::receive) {
            Some(Ok(Some(requests))) => {
                requests.into_iter().for_each(|request| self.obey(request));
                true
            }
            Some(Ok(None)) | None => false,
            Some(Err(_)) => {
                self.hang_up();
                false
            }
        }
    }

    fn obey(&mut self, request: Request) {
        match request {
            Request::Hello { after } => {
                self.backlog.rewind(after);
                if let Some(link) = &mut self.link {
                    link.greeted = true;
                }
            }
            Request::Taken(mark) => self.backlog.take(mark),
            Request::Signal => {
                if self.life == Life::Running {
                    let signal = Signal::from_named_raw(self.spec.stop_signal);
                    kill_process(self.main, signal.unwrap_or(Signal::TERM)).ok();
                }
            }
            Request::Kill => tree::kill_descendants(getpid()),
            Request::Probe(order) => {
                let reply = match self.life {
                    Life::Running => self.probes.start(order, &self.spec.program),
                    _ => Some(Reply::Probed { id: order.id, code: None, output: ENDED.to_owned() }),
                };
                self.reply(reply);
            }
            Request::Exec(order) => {
                let reply = match self.life {
                    Life::Running => self.terminals.start(order, &self.spec.program),
                    _ => Reply::Begun(order.id, Err(ENDED.to_owned())),
                };
                self.reply([reply]);
            }
            Request::Type(id, Raw(keys)) => {
                let replies = self.terminals.type_keys(id, &keys);
                self.reply(replies);
            }
            Request::Resize(id, window) => self.terminals.resize(id, window),
            Request::Seen(id, length) => self.terminals.seen(id, length),
            Request::HangUp(id) => self.terminals.hang_up(id),
            Request::Collected => self.life = Life::Done,
        }
    }

    fn reply(&mut self, replies: impl IntoIterator<Item = Reply>) {
        for reply in replies {
            if let Some(link) = &mut self.link
                && link.send(&reply).is_err()
            {
                self.lose_region();
            }
        }
    }

    /// Lets a connection go. What its region asked for before it went still counts.
    fn lose_region(&mut self) {
        while self.listen_to_region() {}
        self.hang_up();
    }

    fn hang_up(&mut self) {
        self.link = None;
        self.terminals.hang_up_all();
        self.linger_until = Some(Instant::now() + Duration::from_millis(self.spec.linger));
    }

    /// Takes one message of the reaper.
    fn reap(&mut self) -> io::Result<()> {
        let Some(reaper) = &mut self.reaper else { return Ok(()) };
        let mut message = [0; reaper::MESSAGE];
        reaper.read_exact(&mut message)?;
        match (Reaped::from_bytes(message), self.life) {
            (Reaped::Child(pid, code), Life::Running) if pid == self.main.as_raw_pid() => {
                self.life = Life::Ending(code);
            }
            (Reaped::Child(pid, code), _) => {
                let reply = self.probes.ended(pid, code);
                self.reply(reply);
                let replies = self.terminals.ended(pid);
                self.reply(replies);
            }
            (Reaped::All, Life::Ending(code)) => {
                self.reaper = None;
                self.life = Life::Empty(code);
            }
            (Reaped::All, _) => return Err(io::Error::other("the command was never seen to end")),
        }
        Ok(())
    }

    fn read_output(&mut self, which: usize) -> Reading {
        let (output, backlog) = (&mut self.outputs[which], &mut self.backlog);
        let stream = output.stream;
        output.read(|line| backlog.push(stream, line, Mark::now()))
    }

    /// When no process is left, the pipes hold what there will ever be. They are read to their end,
    /// as far as there is room, and then the container is over.
    fn move_on(&mut self) -> io::Result<()> {
        let Life::Empty(code) = self.life else { return Ok(()) };
        for which in 0..self.outputs.len() {
            while self.backlog.has_room() && self.read_output(which) == Reading::Some {}
        }
        if self.backlog.has_room() {
            let exit = Exit { code, out_of_memory: false, at: Mark::now().at() };
            self.finish(exit)?;
        }
        Ok(())
    }

    fn finish(&mut self, exit: Exit) -> io::Result<()> {
        let backlog = &mut self.backlog;
        for output in &mut self.outputs {
            let stream = output.stream;
            output.close(|line| backlog.push(stream, line, Mark::now()));
        }
        folder::write_exit(exit)?;
        self.life = Life::Over(exit);
        Ok(())
    }

    /// A region that stays away too long does not come back: the container ends.
    fn give_up_waiting(&mut self) {
        if self.linger_until.is_none_or(|until| Instant::now() < until) {
            return;
        }
        match self.life {
            Life::Running | Life::Ending(_) => tree::kill_descendants(getpid()),
            Life::Empty(code) => {
                let exit = Exit { code, out_of_memory: false, at: Mark::now().at() };
                folder::write_exit(exit).ok();
                self.life = Life::Done;
            }
            Life::Over(_) | Life::Done => self.life = Life::Done,
        }
    }

    /// Sends the region what there is, as fast as it reads.
    fn tell(&mut self) {
        let Some(link) = &mut self.link else { return };
        let mut told = Ok(());
        while told.is_ok() && link.wants_more() {
            let Some(line) = self.backlog.next() else { break };
            told = link.send(&Reply::Line(line.clone()));
        }
        if let (Life::Over(exit), true) = (self.life, self.backlog.is_sent())
            && link.greeted
            && !link.told_exit
        {
            link.told_exit = true;
            told = told.and_then(|()| link.send(&Reply::Exited(exit)));
        }
        if told.and_then(|()| link.flush()).is_err() {
            self.lose_region();
        }
    }
}

/// What a probe of a container that has ended is answered.
const ENDED: &str = "the container has ended";

fn lock() -> io::Result<File> {
    let lock = File::create(folder::LOCK)?;
    flock(&lock, FlockOperation::LockShared)?;
    Ok(lock)
}

/// A socket of an earlier run is dead: the keeper has the lock.
fn listen(spec: &Spec) -> io::Result<UnixListener> {
    std::fs::remove_file(&spec.socket).ok();
    let listener = folder::bind(&spec.socket)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The region reads the handshake to its end.
fn close_stdout() -> io::Result<()> {
    rustix::stdio::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
    Ok(())
}
