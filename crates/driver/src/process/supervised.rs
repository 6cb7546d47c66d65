//! The region's side of a container: its connection to the shim.

use super::folder::{Address, ContainerFolder};
use super::frame::{self, Decoder, ProbeOrder, Reply, Request};
use super::terminals::Terminals;
use crate::{ContainerKey, Error, Event, Events, Exec, Exit, Line, Mark, ProbeOutcome, Terminal};
use rustix::net::Shutdown;
use std::collections::BTreeMap;
use std::io;
use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;

/// The exit code of a container that nobody saw end: its shim was killed, or the machine stopped.
const KILLED: i32 = 137;

/// A container that a shim has, or had.
#[derive(Debug)]
pub(super) struct Supervised {
    /// Which run it is.
    pub(super) run: u32,
    requests: Requests,
    probes: Arc<Probes>,
    terminals: Arc<Terminals>,
    exit: watch::Receiver<Option<Exit>>,
    /// The connection closes when this value goes: the shim then waits for another region.
    tasks: [AbortHandle; 2],
}

/// A container's identity, where it lives, and who wants to hear of it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The container.
    pub(super) key: ContainerKey,
    /// Which run.
    pub(super) run: u32,
    /// Its files.
    pub(super) folder: ContainerFolder,
    /// Who is told.
    pub(super) events: Events,
}

/// Requests on their way to a shim.
#[derive(Debug, Clone)]
pub(super) struct Requests(mpsc::UnboundedSender<Sending>);

/// A request, and who wants to know that it was sent.
#[derive(Debug)]
struct Sending {
    request: Request,
    sent: Option<oneshot::Sender<()>>,
}

/// Probes that wait for their answers.
#[derive(Debug, Default)]
struct Probes {
    next: AtomicU64,
    waiting: Mutex<BTreeMap<u64, oneshot::Sender<ProbeOutcome>>>,
}

/// Connects to a container's shim and goes on after the line given. `keeper` is the process to be
/// waited for when the container has ended, where it is this process's child.
///
/// # Errors
/// Those of connecting: nobody listens when the shim is gone.
pub(super) async fn connect(
    place: Place,
    after: Option<Mark>,
    keeper: Option<Child>,
) -> io::Result<Supervised> {
    let address = Address::of(&place.folder.socket)?;
    let (reader, writer) = UnixStream::connect(&address.path).await?.into_split();
    let (queue, queued) = mpsc::unbounded_channel();
    let requests = Requests(queue);
    let (over, exit) = watch::channel(None);
    let (run, probes) = (place.run, Arc::<Probes>::default());
    let terminals = Arc::<Terminals>::default();
    requests.put(Request::Hello { after });
    let receiver = Receiver {
        place,
        requests: requests.clone(),
        probes: Arc::clone(&probes),
        terminals: Arc::clone(&terminals),
    };
    let open = Arc::clone(&terminals);
    let tasks = [
        tokio::spawn(write(writer, queued)).abort_handle(),
        tokio::spawn(async move {
            let exit = receiver.run(reader).await;
            open.clear();
            // In a task of its own, which goes on when this one is no longer of interest.
            drop(tokio::spawn(reap(keeper)));
            over.send_replace(Some(exit));
        })
        .abort_handle(),
    ];
    Ok(Supervised { run, requests, probes, terminals, exit, tasks })
}

/// Notes and tells the exit of a container whose keeper and shim are gone, or are about to be.
pub(super) async fn conclude(place: Place) -> Exit {
    let folder = place.folder.clone();
    let exit = tokio::task::spawn_blocking(move || settle(&folder)).await;
    let exit = exit.unwrap_or_else(|_| killed());
    let event = Event::Exited { container: place.key, run: place.run, exit };
    // Nobody is left to tell when the region has ended.
    place.events.send(event).await.ok();
    exit
}

// === impl Supervised ===

impl Supervised {
    /// How it ended, if it did.
    pub(super) fn exit(&self) -> Option<Exit> {
        *self.exit.borrow()
    }

    /// Sends the stop signal. Once this answers, no crash of the region can stop it.
    pub(super) async fn signal(&self) {
        self.requests.send(Request::Signal).await;
    }

    /// Kills the container. Once this answers, no crash of the region can stop it.
    pub(super) async fn kill(&self) {
        self.requests.send(Request::Kill).await;
    }

    /// Lets the shim of a container that has ended go, even if nobody has heard of the exit.
    pub(super) fn dismiss(&self) {
        self.requests.put(Request::Collected);
    }

    /// Waits until the container has ended and everything of it was told.
    pub(super) async fn ended(&self) {
        // An error means that the receiving task is gone, and with it all that could be waited for.
        self.exit.clone().wait_for(Option::is_some).await.ok();
    }

    /// Runs a command beside the container's. The shim keeps the time.
    pub(super) async fn probe(&self, words: Vec<String>, timeout: u64) -> ProbeOutcome {
        let (answer, outcome) = oneshot::channel();
        let id = self.probes.add(answer);
        self.requests.put(Request::Probe(ProbeOrder { id, words, timeout }));
        let ended = ProbeOutcome { code: None, output: "the container has ended".to_owned() };
        tokio::select! {
            outcome = outcome => outcome.unwrap_or(ended),
            () = self.ended() => ended,
        }
    }

    /// Runs a command beside the container's, at a terminal.
    pub(super) async fn exec(&self, order: Exec) -> Result<Terminal, Error> {
        self.terminals.start(order, self.requests.clone()).await
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.terminals.clear();
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

// === impl Requests ===

impl Requests {
    /// Sends a request when its turn comes.
    pub(super) fn put(&self, request: Request) {
        // A closed channel means that the container has ended, and then nothing is to be done.
        self.0.send(Sending { request, sent: None }).ok();
    }

    /// Sends a request and waits until the system has it.
    async fn send(&self, request: Request) {
        let (sent, was_sent) = oneshot::channel();
        if self.0.send(Sending { request, sent: Some(sent) }).is_ok() {
            was_sent.await.ok();
        }
    }
}

// === impl Probes ===

impl Probes {
    fn add(&self, answer: oneshot::Sender<ProbeOutcome>) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, answer);
        id
    }

    fn answer(&self, id: u64, outcome: ProbeOutcome) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(waiting) = waiting {
            // Who asked may have given up.
            waiting.send(outcome).ok();
        }
    }
}

/// Hears what a shim says.
struct Receiver {
    place: Place,
    requests: Requests,
    probes: Arc<Probes>,
    terminals: Arc<Terminals>,
}

// === impl Receiver ===

impl Receiver {
    /// Passes on what the shim says until it has said that the container ended, or has ended
    /// itself.
    async fn run(self, mut reader: OwnedReadHalf) -> Exit {
        let (mut decoder, mut chunk) = (Decoder::new(), vec![0; 64 * 1024]);
        loop {
            let told = match reader.read(&mut chunk).await {
                Ok(0) | Err(_) => Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(length) => {
                    decoder.push(&chunk[..length]);
                    self.pass_on(&mut decoder).await
                }
            };
            match told {
                Ok(None) => {}
                Ok(Some(exit)) => return exit,
                Err(_) => {
                    // A shim that speaks another language, one of an older version, ends itself.
                    rustix::net::shutdown(reader.as_ref(), Shutdown::Both).ok();
                    return conclude(self.place).await;
                }
            }
        }
    }

    async fn pass_on(&self, decoder: &mut Decoder<Reply>) -> io::Result<Option<Exit>> {
        let mut lines = Vec::new();
        while let Some(reply) = decoder.next()? {
            match reply {
                Reply::Line(line) => lines.push(line),
                Reply::Probed { id, code, output } => {
                    self.probes.answer(id, ProbeOutcome { code, output });
                }
                reply @ (Reply::Begun(..)
                | Reply::Shown(..)
                | Reply::Typed(_)
                | Reply::TerminalEnded(_)) => self.terminals.hear(reply),
                Reply::Exited(exit) => {
                    self.tell_output(lines).await;
                    let container = self.place.key.clone();
                    let event = Event::Exited { container, run: self.place.run, exit };
                    if self.tell(event).await {
                        self.requests.put(Request::Collected);
                    }
                    return Ok(Some(exit));
                }
            }
        }
        self.tell_output(lines).await;
        Ok(None)
    }

    async fn tell_output(&self, lines: Vec<Line>) {
        if let Some(last) = lines.last().map(|line| line.mark) {
            let container = self.place.key.clone();
            if self.tell(Event::Output { container, lines }).await {
                self.requests.put(Request::Taken(last));
            }
        }
    }

    /// Whether the region heard it. One that is ending does not listen any more; the shim then keeps
    /// what it has for the next.
    async fn tell(&self, event: Event) -> bool {
        self.place.events.send(event).await.is_ok()
    }
}

async fn write(mut writer: OwnedWriteHalf, mut queued: mpsc::UnboundedReceiver<Sending>) {
    while let Some(Sending { request, sent }) = queued.recv().await {
        let Ok(frame) = frame::encode(&request) else { continue };
        if writer.write_all(&frame).await.is_err() {
            return;
        }
        sent.and_then(|sent| sent.send(()).ok());
    }
}

/// Waits until keeper and shim are gone, and makes sure that an exit is noted.
pub(super) fn settle(folder: &ContainerFolder) -> Exit {
    // Errors mean that the folder is gone with its task; then nobody will ask.
    folder.wait_until_gone().ok();
    folder.exit().ok().flatten().unwrap_or_else(|| {
        let exit = killed();
        folder.write_exit(exit).ok();
        exit
    })
}

fn killed() -> Exit {
    Exit { code: KILLED, out_of_memory: false, at: Mark::now().at() }
}

/// A child that has ended stays in the system's table until its parent asks how.
async fn reap(keeper: Option<Child>) {
    if let Some(mut keeper) = keeper {
        tokio::task::spawn_blocking(move || keeper.wait()).await.ok();
    }
}
