//! A stream's folder: its segments, from the oldest to the one that grows.

use crate::StoreError;
use crate::block::Block;
use crate::frame;
use crate::page::{Place, Search};
use crate::segment::{self, Form, Name, Segment};
use model::Timestamp;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use world::{LogAsk, LogEvent, LogPage, LogPlace, LogSummary};

/// How large things get.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// A block takes no further frame beyond this many bytes.
    pub(crate) block: u32,
    /// A segment is full at this many bytes.
    pub(crate) segment: u64,
    /// Streams that stay open when nobody uses them.
    pub(crate) kept: usize,
}

/// A log stream's folder.
#[derive(Debug)]
pub(crate) struct Stream {
    path: PathBuf,
    sizes: Sizes,
    state: RwLock<State>,
}

/// What is known of a stream. Appending and forgetting write it, paging reads it.
#[derive(Debug, Default)]
struct State {
    /// Whether the folder was looked into.
    stage: Stage,
    /// The segments in the order of their positions; the last one grows, while it is raw.
    segments: Vec<Segment>,
    /// The position of the next event.
    next: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    /// Nobody asked for the stream yet.
    #[default]
    Unread,
    /// The state is that of the folder.
    Open,
    /// The stream was dropped; whoever still holds it has to ask for it again.
    Closed,
}

/// The stream was dropped meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed;

// === impl Stream ===

impl Stream {
    /// The stream of a folder, which need not be there yet and is not looked into yet.
    pub(crate) fn at(path: PathBuf, sizes: Sizes) -> Self {
        Self { path, sizes, state: RwLock::default() }
    }

    /// Adds events at the end. When this returns, they survive the death of this process.
    pub(crate) fn append(
        &self,
        events: &[LogEvent],
        ingested: Timestamp,
    ) -> Result<Result<(), Closed>, StoreError> {
        let mut frames = Vec::new();
        let mut rest = events;
        while !rest.is_empty() {
            rest = &rest[frame::write(rest, ingested, &mut frames)..];
        }
        let mut state = self.write()?;
        if state.stage == Stage::Closed {
            return Ok(Err(Closed));
        }
        let next = state.next;
        let segment = state.growing(next, self.sizes.segment);
        segment::append(&self.path, segment, &frames, self.sizes.block)?;
        state.next += events.len() as u64;
        Ok(Ok(()))
    }

    /// A page of the events that are not older than `floor`.
    pub(crate) fn page(&self, ask: &LogAsk, floor: Timestamp) -> Result<LogPage, StoreError> {
        let search = Search::new(ask, floor);
        loop {
            // Blocks are read without the lock, so that a long page holds nobody up. Sealing may
            // take a file away meanwhile; then the index names another, and the page begins anew.
            match search.page(&self.path, self.places(&search)?) {
                Err(error) if error.is_absence() && !self.names(&error)? => {}
                page => return page,
            }
        }
    }

    /// What it holds, the events older than `floor` excepted.
    pub(crate) fn summary(&self, floor: Timestamp) -> Result<LogSummary, StoreError> {
        let mut summary = LogSummary::default();
        {
            let state = self.read()?;
            let blocks = state.segments.iter().flat_map(|segment| &segment.blocks);
            blocks.filter(|block| block.latest >= floor).for_each(|block| add(&mut summary, block));
        }
        if summary.first_event.is_some_and(|first| first < floor) {
            // A block lies across the floor: only its events tell which one is the first.
            let (at, limit) = (LogPlace::Head, 1);
            let ask = LogAsk { from: None, to: None, at, limit, bytes: 0 };
            let first = self.page(&ask, floor)?;
            summary.first_event = first.events.first().map(|found| found.event.at);
        }
        Ok(summary)
    }

    /// Removes the segments that hold nothing but events older than `floor`.
    pub(crate) fn forget(&self, floor: Timestamp) -> Result<(), StoreError> {
        let mut state = self.write()?;
        let old = |segment: &Segment| segment.latest().is_some_and(|latest| latest < floor);
        let names: Vec<Name> =
            state.segments.iter().filter(|s| old(s)).map(|segment| segment.name).collect();
        state.segments.retain(|segment| !old(segment));
        names.iter().try_for_each(|name| remove(&name.path(&self.path)))?;
        if state.segments.is_empty() {
            // A folder with something else in it stays, and that is as good.
            drop(fs::remove_dir(&self.path));
        }
        Ok(())
    }

    /// Compresses the segments that are full; answers how many.
    pub(crate) fn seal(&self) -> Result<usize, StoreError> {
        let full: Vec<Segment> = {
            let state = self.read()?;
            let grown = state.segments.iter().filter(|segment| self.is_full(segment));
            grown.cloned().collect()
        };
        for segment in &full {
            // The file of a full segment does not change, so this goes on without the lock.
            let sealed = match segment::seal(&self.path, segment) {
                // Dropped or forgotten meanwhile.
                Err(error) if error.is_absence() => continue,
                sealed => sealed?,
            };
            let mut state = self.write()?;
            match state.segments.iter_mut().find(|held| held.name == segment.name) {
                Some(held) => *held = sealed,
                _ => remove(&sealed.name.path(&self.path))?,
            }
            remove(&segment.name.path(&self.path))?;
        }
        Ok(full.len())
    }

    /// Ends the use of a stream that is dropped: waits for the append that is under way, and lets
    /// no other begin.
    pub(crate) fn close(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State { stage: Stage::Closed, ..State::default() };
    }

    fn is_full(&self, segment: &Segment) -> bool {
        segment.name.form == Form::Raw && segment.length >= self.sizes.segment
    }

    fn places(&self, search: &Search) -> Result<Vec<Place>, StoreError> {
        let state = self.read()?;
        let segments = state.segments.iter();
        let blocks = segments
            .flat_map(|segment| segment.blocks.iter().map(|block| (segment.name, block)))
            .filter(|(_, block)| search.concerns(block));
        Ok(blocks.map(|(segment, block)| Place { segment, block: *block }).collect())
    }

    /// Whether the index still names the file that an error is about.
    fn names(&self, error: &StoreError) -> Result<bool, StoreError> {
        let StoreError::Io { path, .. } = error else { return Ok(true) };
        let state = self.read()?;
        Ok(state.segments.iter().any(|segment| segment.name.path(&self.path) == *path))
    }

    /// The state to read, after a look into the folder if that is the first.
    fn read(&self) -> Result<RwLockReadGuard<'_, State>, StoreError> {
        loop {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if state.stage != Stage::Unread {
                return Ok(state);
            }
            drop(state);
            drop(self.write()?);
        }
    }

    /// The state to write, likewise.
    fn write(&self) -> Result<RwLockWriteGuard<'_, State>, StoreError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.stage == Stage::Unread {
            *state = State::of(&self.path, self.sizes)?;
        }
        Ok(state)
    }
}

// === impl State ===

impl State {
    /// What a folder holds.
    fn of(stream: &Path, sizes: Sizes) -> Result<Self, StoreError> {
        let mut segments: Vec<Segment> = Vec::new();
        for name in names(stream)? {
            // A crash between two steps of sealing leaves a segment in both forms; the sealed one,
            // which comes first, was whole before it got its name.
            if segments.last().is_some_and(|last| last.name.first == name.first) {
                remove(&name.path(stream))?;
            } else {
                segments.push(Segment::open(stream, name, sizes.block)?);
            }
        }
        let next = segments.last().map_or(0, Segment::end);
        Ok(Self { stage: Stage::Open, segments, next })
    }

    /// The segment that takes the event with the position `next`.
    fn growing(&mut self, next: u64, full: u64) -> &mut Segment {
        let last = self.segments.last();
        let grows = |last: &Segment| last.name.form == Form::Raw && last.length < full;
        if !last.is_some_and(grows) {
            self.segments.push(Segment::empty(next));
        }
        let last = self.segments.len() - 1;
        &mut self.segments[last]
    }
}

/// Takes a block into a summary.
fn add(summary: &mut LogSummary, block: &Block) {
    let LogSummary { first_event, last_event, last_ingestion, bytes } = summary;
    *first_event = Some(first_event.map_or(block.earliest, |first| first.min(block.earliest)));
    *last_event = (*last_event).max(Some(block.latest));
    *last_ingestion = (*last_ingestion).max(Some(block.ingested));
    *bytes += block.cost;
}

/// The segments in a stream's folder, in order. What a crash left half-made is removed.
fn names(stream: &Path) -> Result<Vec<Name>, StoreError> {
    let entries = match fs::read_dir(stream) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(StoreError::io("list", stream))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("list", stream))?;
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "tmp") {
            remove(&path)?;
        }
        names.extend(entry.file_name().to_str().and_then(Name::parse));
    }
    names.sort_unstable();
    Ok(names)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(StoreError::io("remove", path)),
    }
}
