//! Segments that grow: frames as they came.

use super::{Name, Segment};
use crate::StoreError;
use crate::block::{self, Block};
use crate::frame::Frame;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Opens a segment, and cuts off what a crash left of an unfinished frame. The whole file is read:
/// only so is it known where the last whole frame ends.
pub(super) fn open(stream: &Path, name: Name, full: u32) -> Result<Segment, StoreError> {
    let path = name.path(stream);
    let bytes = fs::read(&path).map_err(StoreError::io("read", &path))?;
    let mut segment = Segment::empty(name.first);
    let whole = index(&bytes, &mut segment, full, |frame| frame.is_whole());
    if whole < bytes.len() {
        let file = OpenOptions::new().write(true).open(&path);
        file.and_then(|file| file.set_len(whole as u64)).map_err(StoreError::io("cut", &path))?;
    }
    Ok(segment)
}

/// Adds frames to a segment and its file, which is made when it isn't there.
pub(crate) fn append(
    stream: &Path,
    segment: &mut Segment,
    frames: &[u8],
    full: u32,
) -> Result<(), StoreError> {
    let path = segment.name.path(stream);
    write(&path, segment.length, frames).map_err(StoreError::io("write", &path))?;
    index(frames, segment, full, |_| true);
    Ok(())
}

/// The frames of a block.
pub(super) fn read(stream: &Path, name: Name, block: &Block) -> Result<Vec<u8>, StoreError> {
    let path = name.path(stream);
    bytes_at(&path, block.offset, block.length).map_err(StoreError::io("read", &path))
}

/// Some bytes of a file.
pub(super) fn bytes_at(path: &Path, offset: u64, length: u32) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Takes the frames that pass `good` into a segment's index, up to the first that doesn't; answers
/// how many bytes they are.
fn index(bytes: &[u8], segment: &mut Segment, full: u32, good: fn(&Frame<'_>) -> bool) -> usize {
    let mut done = 0;
    while let Some(frame) = Frame::first_of(&bytes[done..]).filter(|frame| good(frame)) {
        let first = segment.end();
        block::add(&mut segment.blocks, &frame, segment.length, first, full);
        done += frame.length();
        segment.length += frame.length() as u64;
    }
    done
}

/// Writes at a known place rather than at the end, so that what a failed write left is written over.
fn write(path: &Path, offset: u64, frames: &[u8]) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
        opened => opened?,
    };
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(frames).inspect_err(|_| {
        // Part of the frames may be there. Should this fail too, the next opening cuts them off.
        drop(file.set_len(offset));
    })
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(stream) = path.parent() {
        fs::create_dir_all(stream)?;
    }
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}
