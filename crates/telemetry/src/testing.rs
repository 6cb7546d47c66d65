//! What the tests of this room share.

use crate::Store;
use crate::stream::Sizes;
use model::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use world::{LogAsk, LogEvent, LogPlace, LogStreamKey, StoredEvent};

/// A few events a block, a few blocks a segment and few open streams, so that small tests meet
/// every border.
pub(crate) const SMALL: Sizes = Sizes { block: 100, segment: 400, kept: 2 };

/// A folder that goes with its owner.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

// === impl Folder ===

impl Folder {
    /// A new, empty folder.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("neargate-telemetry-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A store in it, with small sizes.
    pub(crate) fn store(&self) -> Store {
        Store::with_sizes(self.path(), SMALL)
    }

    /// The files below it, shortest path first.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A time.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A stream of the group `group`.
pub(crate) fn stream(name: &str) -> LogStreamKey {
    LogStreamKey { group: "group".into(), stream: name.into() }
}

/// Events of given times, each with its time as message.
pub(crate) fn events(times: &[i64]) -> Vec<LogEvent> {
    times.iter().map(|millis| LogEvent { at: at(*millis), message: millis.to_string() }).collect()
}

/// The request for everything from a place on.
pub(crate) fn all(place: LogPlace) -> LogAsk {
    LogAsk { from: None, to: None, at: place, limit: usize::MAX, bytes: usize::MAX }
}

/// The messages of a whole stream, in its order.
pub(crate) fn messages(store: &Store, name: &str) -> Vec<String> {
    let page = store.page(&stream(name), &all(LogPlace::Head)).unwrap();
    page.events.into_iter().map(text).collect()
}

/// An event's message.
pub(crate) fn text(event: StoredEvent) -> String {
    event.event.message
}
