//! The store: the one door to everything.

use crate::StoreError;
use crate::floor;
use crate::folder::{folder, subfolders};
use crate::frame;
use crate::grave::{self, Graves};
use crate::stream::{Sizes, Stream};
use model::{LogGroupName, Timestamp};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::{LogAsk, LogEvent, LogPage, LogStreamKey, LogSummary};

/// A block of 64 KiB is some hundred lines: little to read for a page of ten, and enough for zstd
/// to learn from. A segment of 4 MiB is read in a few milliseconds when its stream is opened. An
/// open stream costs some hundred bytes and no file handle; opening it again costs a look into its
/// folder.
const SIZES: Sizes = Sizes { block: 64 << 10, segment: 4 << 20, kept: 8192 };

/// Log events below a folder. Threads may share it: streams are written and read independently of
/// each other, and a page holds no writer up. Files are open only while they are read or written,
/// so there are never more than threads at work. Only one process may use a folder.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    sizes: Sizes,
    graves: Graves,
    /// Held for moments: to find a stream, and to move one away. Streams have locks of their own.
    open: Mutex<Open>,
    /// Held while full segments are compressed, so that two threads don't compress the same.
    tidying: Mutex<()>,
}

/// What was asked for so far.
#[derive(Debug, Default)]
struct Open {
    /// Streams, by the names of their group's folder and their own.
    streams: BTreeMap<(String, String), Arc<Stream>>,
    /// Floors, by the names of the groups' folders.
    floors: BTreeMap<String, Timestamp>,
}

// === impl Store ===

impl Store {
    /// The store below `root`, which need not be there yet. Nothing is read.
    #[must_use]
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self::with_sizes(root, SIZES)
    }

    /// As [`Store::open`], with other sizes.
    pub(crate) fn with_sizes(root: impl Into<PathBuf>, sizes: Sizes) -> Self {
        let root = root.into();
        let graves = Graves::below(&root);
        Self { root, sizes, graves, open: Mutex::default(), tidying: Mutex::default() }
    }

    /// Adds events to a stream, which comes into being with its first one. When this returns, the
    /// events survive the death of this process; not that of the machine.
    ///
    /// # Errors
    /// When a message is longer than 8 MiB, or the file can't be written. Nothing is added then.
    pub fn append(
        &self,
        stream: &LogStreamKey,
        events: &[LogEvent],
        ingested: Timestamp,
    ) -> Result<(), StoreError> {
        let longest = events.iter().map(|event| event.message.len()).max();
        let Some(bytes) = longest else { return Ok(()) };
        if bytes > frame::LONGEST {
            return Err(StoreError::TooLong { bytes, most: frame::LONGEST });
        }
        // A stream that is dropped in this moment is followed by one of the same name.
        loop {
            if self.stream(stream)?.0.append(events, ingested)?.is_ok() {
                return Ok(());
            }
        }
    }

    /// A page of a stream's events; empty when there is no such stream.
    ///
    /// # Errors
    /// When a file can't be read or is damaged.
    pub fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> Result<LogPage, StoreError> {
        let (stream, floor) = self.stream(stream)?;
        stream.page(ask, floor)
    }

    /// What a stream holds; nothing when there is no such stream.
    ///
    /// # Errors
    /// When a file can't be read or is damaged.
    pub fn summary(&self, stream: &LogStreamKey) -> Result<LogSummary, StoreError> {
        let (stream, floor) = self.stream(stream)?;
        stream.summary(floor)
    }

    /// The bytes of all of a group's streams, by CloudWatch's count. A block of events that is
    /// forgotten in part counts as a whole.
    ///
    /// # Errors
    /// When a file can't be read or is damaged.
    pub fn stored_bytes(&self, group: &LogGroupName) -> Result<u64, StoreError> {
        let streams = self.streams(&folder(group.as_str()))?;
        streams.iter().map(|(stream, floor)| Ok(stream.summary(*floor)?.bytes)).sum()
    }

    /// Forgets the events of a group that are older than `before`: from now on none of them is
    /// shown, whatever a later call says, and files that hold no other are removed.
    ///
    /// # Errors
    /// When a file can't be written or removed.
    pub fn forget(&self, group: &LogGroupName, before: Timestamp) -> Result<(), StoreError> {
        let folder = folder(group.as_str());
        {
            let mut open = lock(&self.open);
            let floor = self.floor(&mut open, &folder)?;
            if before > floor {
                floor::write(&self.root.join(&folder), before)?;
                open.floors.insert(folder.clone(), before);
            }
        }
        self.streams(&folder)?.iter().try_for_each(|(stream, floor)| stream.forget(*floor))
    }

    /// Forgets a stream. One of the same name begins empty.
    ///
    /// # Errors
    /// When its folder can't be moved or removed. Once moved, the stream is forgotten.
    pub fn drop_stream(&self, stream: &LogStreamKey) -> Result<(), StoreError> {
        let key = folders(stream);
        let grave = {
            let mut open = lock(&self.open);
            if let Some(stream) = open.streams.remove(&key) {
                stream.close();
            }
            self.graves.bury(&self.root.join(key.0).join(key.1))?
        };
        grave.map_or(Ok(()), |grave| grave::remove(&grave))
    }

    /// Forgets a group with all its streams.
    ///
    /// # Errors
    /// When its folder can't be moved or removed. Once moved, the group is forgotten.
    pub fn drop_group(&self, group: &LogGroupName) -> Result<(), StoreError> {
        let folder = folder(group.as_str());
        let grave = {
            let mut open = lock(&self.open);
            open.streams.retain(|(group, _), stream| {
                let stays = *group != folder;
                if !stays {
                    stream.close();
                }
                stays
            });
            open.floors.remove(&folder);
            self.graves.bury(&self.root.join(&folder))?
        };
        grave.map_or(Ok(()), |grave| grave::remove(&grave))
    }

    /// Compresses the segments that are full and removes what earlier drops left; answers how many
    /// segments were compressed. It takes some 10 ms a segment, so it is for a thread of its own;
    /// the store is used beside it as always. Without it nothing is lost but space.
    ///
    /// # Errors
    /// When a file can't be read or written.
    pub fn tidy(&self) -> Result<usize, StoreError> {
        let _alone = lock(&self.tidying);
        self.graves.clear()?;
        // A stream that is not open grows no further; it has its turn when somebody asks for it.
        let streams: Vec<Arc<Stream>> = lock(&self.open).streams.values().cloned().collect();
        streams.iter().map(|stream| stream.seal()).sum()
    }

    /// A stream, and the floor of its group.
    fn stream(&self, stream: &LogStreamKey) -> Result<(Arc<Stream>, Timestamp), StoreError> {
        self.stream_in(folders(stream))
    }

    fn stream_in(&self, key: (String, String)) -> Result<(Arc<Stream>, Timestamp), StoreError> {
        let mut open = lock(&self.open);
        let floor = self.floor(&mut open, &key.0)?;
        if let Some(stream) = open.streams.get(&key) {
            return Ok((Arc::clone(stream), floor));
        }
        if open.streams.len() >= self.sizes.kept {
            // Whoever else holds a stream got it under this lock, so one that is held only here
            // is in nobody's use.
            open.streams.retain(|_, stream| Arc::strong_count(stream) > 1);
        }
        let stream = Arc::new(Stream::at(self.root.join(&key.0).join(&key.1), self.sizes));
        open.streams.insert(key, Arc::clone(&stream));
        Ok((stream, floor))
    }

    /// All streams that have a folder in a group's folder, and the group's floor.
    fn streams(&self, group: &str) -> Result<Vec<(Arc<Stream>, Timestamp)>, StoreError> {
        let streams = subfolders(&self.root.join(group))?;
        streams.into_iter().map(|stream| self.stream_in((group.to_owned(), stream))).collect()
    }

    fn floor(&self, open: &mut Open, group: &str) -> Result<Timestamp, StoreError> {
        if let Some(floor) = open.floors.get(group) {
            return Ok(*floor);
        }
        let floor = floor::read(&self.root.join(group))?;
        open.floors.insert(group.to_owned(), floor);
        Ok(floor)
    }
}

fn folders(stream: &LogStreamKey) -> (String, String) {
    (folder(stream.group.as_str()), folder(stream.stream.as_str()))
}

/// A lock is poisoned by a panic elsewhere; what these guard is whole between any two statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod crashes;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod threads;
