//! A thread that serves connections.
//!
//! Each worker is a runtime of its own. What its connections share (buffers, idle connections to
//! targets, chance) belongs to the thread, so requests take no lock.

use crate::access::{Entry, Ledger};
use crate::connection::{Arrival, serve};
use crate::headers::Stamp;
use crate::pool::Pool;
use crate::sticky::Seal;
use crate::tls::Connector;
use model::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::hash::{BuildHasher as _, RandomState};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet, spawn_local};
use tokio::time::{Instant, sleep, timeout_at};

/// Room in front of a response in the scratch. A rewritten head is longer than the one that came
/// by at most 2 bytes for each of 256 headers (a blank, a carriage return) and two short lines,
/// unless the load balancer adds headers of its own.
pub(crate) const HEADROOM: usize = 1024;
/// How much is read at once. A 64 K body and its head come in one piece, and the scratch stays in
/// the processor's cache; it also holds the longest head that can come, twice over.
const SCRATCH: usize = HEADROOM + 128 * 1024;
/// How often idle connections to targets are looked after.
const SWEEP: Duration = Duration::from_secs(1);

/// What all workers have in common.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// How long a connection to a target may take to be made.
    pub(crate) connect_timeout: Duration,
    /// What seals and opens cookies.
    pub(crate) seal: Arc<Seal>,
    /// What makes connections to targets secret.
    pub(crate) connector: Connector,
    /// What takes the entries of access logs.
    pub(crate) ledger: Ledger,
}

/// What a worker is told.
#[derive(Debug)]
pub(crate) enum Order {
    /// Serve this connection.
    Serve(Arrival),
    /// Close idle connections to the target with this serial number.
    Forget(u64),
    /// Something changed that connections in the middle of something should look at.
    Nudge,
    /// End: idle connections at once, others when their requests end, at the latest then.
    Stop(std::time::Instant),
}

/// What the connections of one thread share.
#[derive(Debug)]
pub(crate) struct Worker {
    /// Where bytes are read to. Nobody keeps it while waiting.
    pub(crate) scratch: RefCell<Box<[u8]>>,
    /// Where the head of an answer is written, in the middle of a poll.
    pub(crate) head: RefCell<Vec<u8>>,
    /// Idle connections to targets.
    pub(crate) pool: Pool,
    /// How long a connection to a target may take to be made.
    pub(crate) connect_timeout: Duration,
    /// What seals and opens cookies.
    pub(crate) seal: Arc<Seal>,
    /// What makes connections to targets secret.
    pub(crate) connector: Connector,
    ledger: Ledger,
    stopping: Cell<bool>,
    chance: Cell<u64>,
    seats: Cell<u64>,
    /// How to wake each connection's task, by its seat.
    wakers: RefCell<BTreeMap<u64, Waker>>,
}

/// A connection's place at a worker.
struct Seat {
    watched: Watched,
    load: Arc<AtomicUsize>,
}

/// A task that is woken when something changes that it should look at.
pub(crate) struct Watched {
    number: u64,
    worker: Rc<Worker>,
}

/// Serves until told to stop.
pub(crate) async fn run(
    mut orders: mpsc::UnboundedReceiver<Order>,
    load: Arc<AtomicUsize>,
    settings: Settings,
) {
    let worker = Rc::new(Worker::new(settings));
    let sweeping = spawn_local(sweep(Rc::clone(&worker)));
    let mut connections = JoinSet::new();
    let end = loop {
        let order = tokio::select! {
            order = orders.recv() => order,
            Some(ended) = connections.join_next() => {
                note_panic(ended);
                continue;
            }
        };
        match order {
            Some(Order::Serve(arrival)) => {
                let seat = Seat::new(&worker, Arc::clone(&load));
                connections.spawn_local(attend(seat, arrival));
            }
            Some(Order::Forget(serial)) => worker.pool.forget(serial),
            Some(Order::Nudge) => worker.nudge(),
            Some(Order::Stop(end)) => break Instant::from_std(end),
            None => break Instant::now(),
        }
    };
    sweeping.abort();
    worker.stopping.set(true);
    worker.nudge();
    let last_ones = async {
        while let Some(ended) = connections.join_next().await {
            note_panic(ended);
        }
    };
    // Connections that live longer are dropped with the set.
    let _in_time = timeout_at(end, last_ones).await;
}

/// Serves one connection. Its task is noted, so that it can be woken from outside.
async fn attend(seat: Seat, arrival: Arrival) {
    seat.watched.note().await;
    serve(arrival, Rc::clone(&seat.watched.worker)).await;
}

/// A panic in one connection is a fault of ours, and no reason to drop the others.
pub(crate) fn note_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection's task panicked");
    }
}

/// Looks after idle connections to targets, as long as there are any.
async fn sweep(worker: Rc<Worker>) {
    loop {
        worker.pool.filled().await;
        while !worker.pool.is_empty() {
            sleep(SWEEP).await;
            worker.pool.sweep(Instant::now());
        }
    }
}

// === impl Worker ===

impl Worker {
    fn new(Settings { connect_timeout, seal, connector, ledger }: Settings) -> Self {
        Self {
            scratch: RefCell::new(vec![0; SCRATCH].into_boxed_slice()),
            head: RefCell::default(),
            pool: Pool::default(),
            connect_timeout,
            seal,
            connector,
            ledger,
            stopping: Cell::new(false),
            // The standard library's seed for hash maps is by chance, and other for each thread.
            chance: Cell::new(RandomState::new().hash_one(0)),
            seats: Cell::new(0),
            wakers: RefCell::default(),
        }
    }

    /// Whether connections should end with what they are doing.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.get()
    }

    /// Writes what is known of a request that is over, if a log is kept.
    pub(crate) fn note(&self, entry: Option<Box<Entry>>) {
        if let Some(entry) = entry {
            self.ledger.take(&entry);
        }
    }

    /// A number that no other connection has.
    pub(crate) fn connection(&self) -> u128 {
        u128::from(self.number_by_chance()) << 64 | u128::from(self.number_by_chance())
    }

    /// What makes the next trace id.
    pub(crate) fn stamp(&self) -> Stamp {
        let mut id = [0; 12];
        id[..8].copy_from_slice(&self.number_by_chance().to_be_bytes());
        id[8..].copy_from_slice(&self.number_by_chance().to_be_bytes()[..4]);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Eight hexadecimal digits of seconds last until the year 2106.
        Stamp { seconds: u32::try_from(since.as_secs()).unwrap_or(u32::MAX), id }
    }

    /// The time on the clock.
    pub(crate) fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// The next number of SplitMix64: two multiplications, and good enough to tell requests apart.
    fn number_by_chance(&self) -> u64 {
        let state = self.chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.chance.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn nudge(&self) {
        self.wakers.borrow().values().for_each(Waker::wake_by_ref);
    }
}

// === impl Seat ===

impl Seat {
    fn new(worker: &Rc<Worker>, load: Arc<AtomicUsize>) -> Self {
        Self { watched: Watched::new(worker), load }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.load.fetch_sub(1, Ordering::Relaxed);
    }
}

// === impl Watched ===

impl Watched {
    /// A task of this worker.
    pub(crate) fn new(worker: &Rc<Worker>) -> Self {
        let number = worker.seats.get() + 1;
        worker.seats.set(number);
        Self { number, worker: Rc::clone(worker) }
    }

    /// Notes the task that waits for this.
    pub(crate) async fn note(&self) {
        poll_fn(|cx| {
            self.worker.wakers.borrow_mut().insert(self.number, cx.waker().clone());
            Poll::Ready(())
        })
        .await;
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.worker.wakers.borrow_mut().remove(&self.number);
    }
}
