//! Blocks: the unit of reading, and the sparse index that says which ones to read.

use crate::frame::Frame;
use model::Timestamp;

/// A row of frames in a segment, and what the index knows of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where it begins in the segment's file.
    pub(crate) offset: u64,
    /// Its length in the file, in bytes.
    pub(crate) length: u32,
    /// Its length as frames, in bytes: the same, unless it is compressed.
    pub(crate) raw: u32,
    /// The position of its first event.
    pub(crate) first: u64,
    /// How many events it has.
    pub(crate) count: u32,
    /// The earliest timestamp.
    pub(crate) earliest: Timestamp,
    /// The latest timestamp.
    pub(crate) latest: Timestamp,
    /// When its last event arrived.
    pub(crate) ingested: Timestamp,
    /// Its bytes by CloudWatch's count: 26 more than each message has.
    pub(crate) cost: u64,
}

/// An event of a block, its message still among the block's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its timestamp.
    pub(crate) at: Timestamp,
    /// Its position.
    pub(crate) position: u64,
    /// When it arrived.
    pub(crate) ingested: Timestamp,
    /// Where its message begins in the block.
    pub(crate) start: usize,
    /// The message's length.
    pub(crate) length: usize,
}

/// Takes a frame into an index: into its last block while that has fewer than `full` bytes, else
/// into a new one. The frame lies at `offset`, and its first event has the position `first`.
pub(crate) fn add(index: &mut Vec<Block>, frame: &Frame<'_>, offset: u64, first: u64, full: u32) {
    let block = Block::of(frame, offset, first);
    match index.last_mut() {
        Some(last) if last.raw < full && last.end() == first => last.grow(&block),
        _ => index.push(block),
    }
}

/// The events of a block's frames; `first` is the position of the first one. Absent when the bytes
/// are not a row of whole frames.
pub(crate) fn entries(bytes: &[u8], first: u64) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut offset = 0;
    let mut position = first;
    while offset < bytes.len() {
        let frame = Frame::first_of(&bytes[offset..])?;
        let before = entries.len();
        for event in frame.events() {
            entries.push(Entry {
                at: event.at,
                position,
                ingested: frame.ingested,
                start: offset + event.start,
                length: event.length,
            });
            position += 1;
        }
        if entries.len() - before != usize::try_from(frame.count).ok()? {
            return None;
        }
        offset += frame.length();
    }
    Some(entries)
}

// === impl Block ===

impl Block {
    fn of(frame: &Frame<'_>, offset: u64, first: u64) -> Self {
        let length = u32::try_from(frame.length()).unwrap_or(u32::MAX);
        let mut block = Self {
            offset,
            length,
            raw: length,
            first,
            count: frame.count,
            earliest: Timestamp::from_millis(i64::MAX),
            latest: Timestamp::from_millis(i64::MIN),
            ingested: frame.ingested,
            cost: 0,
        };
        for event in frame.events() {
            block.earliest = block.earliest.min(event.at);
            block.latest = block.latest.max(event.at);
            block.cost += event.length as u64 + 26;
        }
        block
    }

    /// Takes the block that follows it in.
    fn grow(&mut self, next: &Self) {
        self.length += next.length;
        self.raw += next.raw;
        self.count += next.count;
        self.earliest = self.earliest.min(next.earliest);
        self.latest = self.latest.max(next.latest);
        self.ingested = self.ingested.max(next.ingested);
        self.cost += next.cost;
    }

    /// The position after its last event.
    pub(crate) fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }
}
