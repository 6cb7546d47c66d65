//! Segments: a stream's files. The newest grows; one that is full is sealed, and never changes again.

mod packed;
mod raw;

use crate::StoreError;
use crate::block::Block;
use model::Timestamp;
use std::path::{Path, PathBuf};

pub(crate) use packed::seal;
pub(crate) use raw::append;

/// One file of a stream, and what its index says.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// Its name.
    pub(crate) name: Name,
    /// Its length in bytes, up to the end of the last whole frame.
    pub(crate) length: u64,
    /// Its blocks, in the order of their positions.
    pub(crate) blocks: Vec<Block>,
}

/// A segment's name: the position of its first event, and its form. What a name stands for never
/// changes but by growth, so a reader that has one either reads what it expects or finds no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    /// The position of the first event.
    pub(crate) first: u64,
    /// How it is written. The order matters: of a segment in both forms, the sealed one counts.
    pub(crate) form: Form,
}

/// How a segment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Blocks compressed one by one, then their index.
    Packed,
    /// Frames, one after the other.
    Raw,
}

// === impl Segment ===

impl Segment {
    /// A segment without a file yet.
    pub(crate) fn empty(first: u64) -> Self {
        Self { name: Name { first, form: Form::Raw }, length: 0, blocks: Vec::new() }
    }

    /// The segment that a stream's folder has under this name. `full` is the length that blocks
    /// are to have, in bytes.
    pub(crate) fn open(stream: &Path, name: Name, full: u32) -> Result<Self, StoreError> {
        match name.form {
            Form::Packed => packed::open(stream, name),
            Form::Raw => raw::open(stream, name, full),
        }
    }

    /// The position after its last event.
    pub(crate) fn end(&self) -> u64 {
        self.blocks.last().map_or(self.name.first, Block::end)
    }

    /// The latest timestamp of its events; absent while it has none.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.blocks.iter().map(|block| block.latest).max()
    }
}

// === impl Name ===

impl Name {
    /// The name of a file; absent for a file that is no segment.
    pub(crate) fn parse(file: &str) -> Option<Self> {
        let (first, form) = file.split_once('.')?;
        let form = match form {
            "raw" => Form::Raw,
            "zst" => Form::Packed,
            _ => return None,
        };
        Some(Self { first: first.parse().ok()?, form })
    }

    /// The file in a stream's folder.
    pub(crate) fn path(self, stream: &Path) -> PathBuf {
        let extension = match self.form {
            Form::Raw => "raw",
            Form::Packed => "zst",
        };
        stream.join(format!("{:020}.{extension}", self.first))
    }

    /// The frames of one of the segment's blocks.
    pub(crate) fn read(self, stream: &Path, block: &Block) -> Result<Vec<u8>, StoreError> {
        match self.form {
            Form::Packed => packed::read(stream, self, block),
            Form::Raw => raw::read(stream, self, block),
        }
    }
}
