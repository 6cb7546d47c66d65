//! The region's side of the terminals at a container's shim.

use super::frame::{ExecOrder, Raw, Reply, Request};
use super::supervised::Requests;
use crate::terminal::{self, FarEnd, Stroke};
use crate::{Error, Exec, Terminal};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// The most keys in one request. They are bytes in JSON.
const KEYS: usize = 16 * 1024;

/// The terminals that the region has open at a shim, with the way to who sits there.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    next: AtomicU64,
    open: Mutex<BTreeMap<u64, mpsc::UnboundedSender<Heard>>>,
}

/// What is heard of a terminal. What waits is bounded: the shim shows no more than it is told was
/// seen.
#[derive(Debug)]
enum Heard {
    Begun(Result<(), String>),
    Shown(Bytes),
    Typed,
    Ended,
}

// === impl Terminals ===

impl Terminals {
    /// Runs a command at a new terminal.
    pub(super) async fn start(&self, order: Exec, requests: Requests) -> Result<Terminal, Error> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (tell, mut heard) = mpsc::unbounded_channel();
        self.lock().insert(id, tell);
        requests.put(Request::Exec(ExecOrder { id, words: order.words, window: order.window }));
        match heard.recv().await {
            Some(Heard::Begun(Ok(()))) => {}
            Some(Heard::Begun(Err(why))) => {
                self.lock().remove(&id);
                return Err(Error::Exec(why));
            }
            _ => return Err(Error::Exec("the container has ended".to_owned())),
        }
        let (near, far) = terminal::pair();
        tokio::spawn(Seat { id, heard, requests }.serve(far));
        Ok(near)
    }

    /// Passes on what the shim says of a terminal.
    pub(super) fn hear(&self, reply: Reply) {
        let (id, heard) = match reply {
            Reply::Begun(id, begun) => (id, Heard::Begun(begun)),
            Reply::Shown(id, Raw(bytes)) => (id, Heard::Shown(bytes.into())),
            Reply::Typed(id) => (id, Heard::Typed),
            Reply::TerminalEnded(id) => (id, Heard::Ended),
            Reply::Line(_) | Reply::Probed { .. } | Reply::Exited(_) => return,
        };
        let mut open = self.lock();
        let is_over = matches!(heard, Heard::Ended);
        // Nobody sits there any more.
        let _gone = open.get(&id).map(|tell| tell.send(heard));
        if is_over {
            open.remove(&id);
        }
    }

    /// The container has ended, and all that ran beside it.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, mpsc::UnboundedSender<Heard>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between a terminal and who sits there.
struct Seat {
    id: u64,
    heard: mpsc::UnboundedReceiver<Heard>,
    requests: Requests,
}

impl Seat {
    async fn serve(mut self, far: FarEnd) {
        let FarEnd { output, mut input } = far;
        let mut waiting = Bytes::new();
        let mut is_taken = true;
        loop {
            if is_taken && !waiting.is_empty() {
                let keys = waiting.split_to(KEYS.min(waiting.len()));
                self.requests.put(Request::Type(self.id, Raw(keys.to_vec())));
                is_taken = false;
            }
            tokio::select! {
                heard = self.heard.recv() => match heard {
                    Some(Heard::Shown(bytes)) => {
                        let length = bytes.len();
                        if output.send(bytes).await.is_err() {
                            break;
                        }
                        self.requests.put(Request::Seen(self.id, length));
                    }
                    Some(Heard::Typed) => is_taken = true,
                    Some(Heard::Begun(_)) => {}
                    Some(Heard::Ended) | None => return,
                },
                stroke = input.recv(), if waiting.is_empty() => match stroke {
                    Some(Stroke::Keys(keys)) => waiting = keys,
                    Some(Stroke::Resize(window)) => {
                        self.requests.put(Request::Resize(self.id, window));
                    }
                    None => break,
                },
                () = output.closed() => break,
            }
        }
        self.requests.put(Request::HangUp(self.id));
    }
}
