//! The gateway from outside.

use crate::access::{AccessTo, Ledger};
use crate::board::Directory;
use crate::desks::{Desk, Desks};
use crate::keeper::{self, Command};
use crate::report::Report;
use crate::routes::{Change, Routes, TargetId};
use crate::sticky::{KEY_LENGTH, Seal};
use crate::tls::Connector;
use crate::worker::{self, Settings};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, LocalOptions, LocalRuntime};
use tokio::sync::mpsc;

/// AWS's limit for making a connection to a target (reference §4.10).
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Takes reports.
pub type ReportTo = Arc<dyn Fn(Report) + Send + Sync>;

/// How a gateway is made.
#[derive(Clone)]
pub struct Config {
    /// How many threads serve connections. One more listens and probes.
    pub threads: NonZeroUsize,
    /// How long a connection to a target may take to be made; [`CONNECT_TIMEOUT`] on AWS.
    pub connect_timeout: Duration,
    /// What the load balancer's cookies are sealed with. With the same key a client stays with its
    /// target over a restart.
    pub cookie_key: [u8; KEY_LENGTH],
    /// Who is told of changes. It is called on the gateway's own thread, must not block, and must
    /// not call [`Gateway::apply`], which waits for that thread.
    pub report: ReportTo,
    /// Who takes the entries of access logs. It is called on the threads that serve, one of them at
    /// a time or several, and must not block.
    pub access: AccessTo,
}

/// A load balancer's data plane, running on threads of its own.
///
/// Dropping it stops it at once; [`Gateway::stop`] lets requests finish.
#[derive(Debug)]
pub struct Gateway {
    commands: mpsc::UnboundedSender<Command>,
    directory: Arc<Mutex<Directory>>,
    threads: Vec<JoinHandle<()>>,
}

/// The gateway can't start.
#[derive(Debug, thiserror::Error)]
#[error("can't start the gateway's thread `{thread}`")]
pub struct StartError {
    /// Which thread.
    thread: String,
    /// Why.
    #[source]
    source: io::Error,
}

// === impl Gateway ===

impl Gateway {
    /// Starts without routes.
    ///
    /// # Errors
    /// When the system gives no threads or no files for them.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let (commands, orders) = mpsc::unbounded_channel();
        let directory = Arc::<Mutex<Directory>>::default();
        let mut threads = Vec::new();
        let mut desks = Vec::new();
        let settings = Settings {
            connect_timeout: config.connect_timeout,
            seal: Arc::new(Seal::new(&config.cookie_key)),
            connector: Connector::new(),
            ledger: Ledger(config.access),
        };
        for number in 0..config.threads.get() {
            let (desk, thread) = start_worker(number, settings.clone())?;
            desks.push(desk);
            threads.push(thread);
        }
        let (desks, known, report) = (Desks::new(desks), Arc::clone(&directory), config.report);
        threads.push(spawn("gateway-keeper", move || keeper::run(orders, desks, known, report))?);
        Ok(Self { commands, directory, threads })
    }

    /// Follows other routes. When it returns they are in effect: every request that arrives from
    /// now on goes by them, on connections that exist too, and listeners are bound or have been
    /// reported. What is the same in both is left alone.
    ///
    /// It waits for the gateway's thread: microseconds for what changes in a small region, some
    /// milliseconds for thousands of rules and targets.
    pub fn apply(&self, routes: Routes) {
        self.command(|done| Command::Apply(routes, done));
    }

    /// Like [`Gateway::apply`], told only what is other than before: it costs what it changes.
    pub fn change(&self, change: Change) {
        self.command(|done| Command::Change(change, done));
    }

    fn command(&self, command: impl FnOnce(std::sync::mpsc::Sender<()>) -> Command) {
        let (done, in_effect) = std::sync::mpsc::channel();
        if self.commands.send(command(done)).is_ok() {
            // The keeper answers, or is gone; there is nothing to wait for then.
            let _applied = in_effect.recv();
        }
    }

    /// What the keeper says of this moment. It holds the lock while it notes a change, and nobody
    /// who serves a request looks here.
    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where listeners really listen. One that can't listen is not there.
    #[must_use]
    pub fn bound(&self) -> BTreeMap<String, SocketAddr> {
        self.directory().bound.clone()
    }

    /// How many clients a listener could not agree on TLS with since it began to listen.
    #[must_use]
    pub fn disagreements(&self, listener: &str) -> u64 {
        let directory = self.directory();
        let listener = directory.listeners.get(listener);
        listener.map_or(0, |listener| listener.disagreements.load(Ordering::Relaxed))
    }

    /// How many requests a target has in flight; 0 for one that is not in the routes. For one that
    /// drains, 0 means that it will get no more.
    #[must_use]
    pub fn in_flight(&self, group: &str, target: TargetId) -> usize {
        let directory = self.directory();
        let target = directory.targets.get(group).and_then(|targets| targets.get(&target));
        target.map_or(0, |target| target.in_flight())
    }

    /// Stops listening and probing, closes idle connections, and waits until requests have
    /// finished, but not longer than `patience`.
    pub fn stop(mut self, patience: Duration) {
        self.end(patience);
    }

    fn end(&mut self, patience: Duration) {
        // A keeper that is gone has stopped already.
        let _told = self.commands.send(Command::Stop(Instant::now() + patience));
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the gateway panicked");
            }
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, connect_timeout, cookie_key: _, report: _, access: _ } = self;
        f.debug_struct("Config")
            .field("threads", threads)
            .field("connect_timeout", connect_timeout)
            .finish_non_exhaustive()
    }
}

fn start_worker(number: usize, settings: Settings) -> Result<(Desk, JoinHandle<()>), StartError> {
    let (orders, mailbox) = mpsc::unbounded_channel();
    let load = Arc::new(AtomicUsize::new(0));
    let desk = Desk { orders, load: Arc::clone(&load) };
    let thread = spawn(&format!("gateway-{number}"), move || worker::run(mailbox, load, settings))?;
    Ok((desk, thread))
}

/// Runs a future on a thread and a runtime of its own. The runtime is made on the thread, which it
/// can't leave; whether that worked is told back.
fn spawn<F: Future<Output = ()>>(
    name: &str,
    main: impl FnOnce() -> F + Send + 'static,
) -> Result<JoinHandle<()>, StartError> {
    let failed = |source| StartError { thread: name.to_owned(), source };
    let (tell, told) = std::sync::mpsc::channel();
    let run = move || match runtime() {
        Ok(runtime) => {
            // The caller waits for this word and is there.
            let _told = tell.send(Ok(()));
            runtime.block_on(main());
        }
        Err(error) => {
            let _told = tell.send(Err(error));
        }
    };
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(failed)?;
    match told.recv() {
        Ok(Ok(())) => Ok(thread),
        Ok(Err(error)) => Err(failed(error)),
        Err(_) => Err(failed(io::ErrorKind::BrokenPipe.into())),
    }
}

fn runtime() -> io::Result<LocalRuntime> {
    Builder::new_current_thread().enable_all().build_local(LocalOptions::default())
}
