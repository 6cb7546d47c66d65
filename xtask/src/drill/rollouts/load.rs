//! Clients that ask without a pause worth the name, each one request after the other.

use super::client::{Answer, Connection, Question};
use super::tally::{Epoch, Failure, Kind, Tally, Window};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Between two requests of a client. It leaves the targets some processor time to start and end.
const BREATH: Duration = Duration::from_millis(10);

/// Every so many requests of a client one changes something, and can't be sent twice.
const CHANGES: usize = 5;

/// The clients.
#[derive(Debug)]
pub(super) struct Load {
    watch: Arc<Watch>,
    clients: Vec<JoinHandle<Tally>>,
}

/// What clients share with who watches them.
#[derive(Debug)]
pub(super) struct Watch {
    begun: Instant,
    /// The load balancer's port.
    port: u16,
    /// How slow slow requests are.
    slow: Duration,
    over: AtomicBool,
    epoch: AtomicUsize,
    asked: AtomicUsize,
    failed: AtomicUsize,
    under_way: AtomicUsize,
}

/// One client.
struct Client {
    watch: Arc<Watch>,
    kind: Kind,
    held: Option<Connection>,
    tally: Tally,
}

// === impl Load ===

impl Load {
    /// So many clients of each kind.
    pub(super) fn start(port: u16, each: usize, slow: Duration) -> Self {
        let counters = || AtomicUsize::new(0);
        let watch = Arc::new(Watch {
            begun: Instant::now(),
            port,
            slow,
            over: AtomicBool::new(false),
            epoch: counters(),
            asked: counters(),
            failed: counters(),
            under_way: counters(),
        });
        let kinds = Kind::ALL.into_iter().flat_map(|kind| std::iter::repeat_n(kind, each));
        let clients = kinds.map(|kind| {
            let (watch, tally) = (Arc::clone(&watch), Tally::default());
            thread::spawn(move || Client { watch, kind, held: None, tally }.run())
        });
        let clients = clients.collect();
        Self { watch, clients }
    }

    pub(super) fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Ends it; answers what its clients saw.
    pub(super) fn stop(self) -> Result<Tally, String> {
        self.watch.over.store(true, Ordering::SeqCst);
        let mut all = Tally::default();
        for client in self.clients {
            all.add(client.join().map_err(|_| "a client broke")?);
        }
        Ok(all)
    }
}

// === impl Watch ===

impl Watch {
    /// How old the drill is.
    pub(super) fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// From here on requests belong to this epoch.
    pub(super) fn enter(&self, epoch: Epoch) {
        self.epoch.store(epoch.0, Ordering::SeqCst);
    }

    /// How many requests came to an end.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// How many of them failed.
    pub(super) fn failed(&self) -> usize {
        self.failed.load(Ordering::SeqCst)
    }

    /// How many requests are under way.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }
}

// === impl Client ===

impl Client {
    fn run(mut self) -> Tally {
        for at in 1.. {
            if self.watch.over.load(Ordering::SeqCst) {
                break;
            }
            let question = self.question(at);
            self.ask(&question);
            thread::sleep(BREATH);
        }
        self.tally
    }

    fn question(&self, at: usize) -> Question {
        let connection = if self.kind == Kind::New { "close" } else { "keep-alive" };
        let slow = format!("/api/slow?ms={}", self.watch.slow.as_millis());
        let (method, path, body) = match self.kind {
            Kind::Slow => ("GET", slow, ""),
            _ if at.is_multiple_of(CHANGES) => {
                ("POST", "/api/notes".to_owned(), r#"{"text":"drill"}"#)
            }
            _ => ("GET", "/".to_owned(), ""),
        };
        Question { method, path, body, connection }
    }

    fn ask(&mut self, question: &Question) {
        let watch = Arc::clone(&self.watch);
        let epoch = Epoch(watch.epoch.load(Ordering::SeqCst));
        watch.under_way.fetch_add(1, Ordering::SeqCst);
        let from = watch.now();
        let outcome = self.exchange(question);
        let life = Window { from, to: watch.now() };
        watch.under_way.fetch_sub(1, Ordering::SeqCst);
        watch.asked.fetch_add(1, Ordering::SeqCst);
        let wrong = match outcome {
            Ok(Answer { status: 200..300, body, .. }) => {
                return self.tally.answered((self.kind, epoch), life.length(), version(&body));
            }
            Ok(Answer { status, .. }) => status.to_string(),
            Err(why) => why.to_string(),
        };
        watch.failed.fetch_add(1, Ordering::SeqCst);
        let what = format!("{} {}: {wrong}", question.method, question.path);
        self.tally.failed(Failure { kind: self.kind, what, life, epoch });
    }

    /// A connection is kept until its last answer says that it ends.
    fn exchange(&mut self, question: &Question) -> io::Result<Answer> {
        let mut connection = match self.held.take() {
            Some(held) => held,
            None => Connection::open(self.watch.port)?,
        };
        let answer = connection.ask(question)?;
        self.held = answer.lasts.then_some(connection);
        Ok(answer)
    }
}

/// The version that an answer names: the examples greet with a variable of their definition.
fn version(body: &str) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_str(body).ok()?;
    answer["greeting"].as_str().map(str::to_owned)
}
