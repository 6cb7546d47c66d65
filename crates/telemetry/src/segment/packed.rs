//! Segments that are sealed: each block compressed by itself, so that a page costs its own blocks
//! and no more; then the index, so that opening one reads no event.
//!
//! ```text
//! block, block, …   zstd frames with a checksum of their own
//! index             60 bytes a block
//! length of the index u32 | its checksum u32 | MAGIC
//! ```

use super::raw::bytes_at;
use super::{Form, Name, Segment};
use crate::StoreError;
use crate::block::Block;
use crate::checksum::Checksum;
use model::Timestamp;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The end of a sealed file; the digit is the form's version.
const MAGIC: &[u8; 8] = b"ngtlog1\n";

/// What follows the index.
const TRAILER: usize = 16;

/// A block's entry in the index.
const ROW: usize = 60;

/// zstd's own default: stronger levels save a few per cent of text and take several times as long.
const LEVEL: i32 = 3;

/// Writes the sealed form of a full segment beside it, and answers its description.
pub(crate) fn seal(stream: &Path, segment: &Segment) -> Result<Segment, StoreError> {
    let raw = segment.name.path(stream);
    let bytes = fs::read(&raw).map_err(StoreError::io("read", &raw))?;
    let name = Name { form: Form::Packed, ..segment.name };
    let (out, blocks) = pack(&bytes, &segment.blocks).map_err(StoreError::io("compress", &raw))?;
    // The name appears with the whole content behind it, or not at all.
    let (path, draft) = (name.path(stream), name.path(stream).with_extension("tmp"));
    fs::write(&draft, &out).map_err(StoreError::io("write", &draft))?;
    fs::rename(&draft, &path).map_err(StoreError::io("rename", &draft))?;
    Ok(Segment { name, length: out.len() as u64, blocks })
}

/// Opens a sealed segment by its index.
pub(super) fn open(stream: &Path, name: Name) -> Result<Segment, StoreError> {
    let path = name.path(stream);
    let (index, length) = index_bytes(&path).map_err(StoreError::io("read", &path))?;
    let index = index.ok_or_else(|| StoreError::damaged(&path, "its index is not whole"))?;
    let blocks = index.as_chunks().0.iter().map(load).collect();
    Ok(Segment { name, length, blocks })
}

/// The frames of a block.
pub(super) fn read(stream: &Path, name: Name, block: &Block) -> Result<Vec<u8>, StoreError> {
    let path = name.path(stream);
    let packed = bytes_at(&path, block.offset, block.length);
    let packed = packed.map_err(StoreError::io("read", &path))?;
    let raw = usize::try_from(block.raw).unwrap_or(usize::MAX);
    zstd::bulk::decompress(&packed, raw).map_err(StoreError::io("decompress", &path))
}

fn pack(bytes: &[u8], blocks: &[Block]) -> io::Result<(Vec<u8>, Vec<Block>)> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    let (mut out, mut packed) = (Vec::new(), Vec::new());
    for block in blocks {
        let start = usize::try_from(block.offset).unwrap_or(usize::MAX);
        let frames = start.checked_add(usize::try_from(block.length).unwrap_or(usize::MAX));
        let frames = frames.and_then(|end| bytes.get(start..end));
        let frames = compressor.compress(frames.ok_or(io::ErrorKind::UnexpectedEof)?)?;
        let length = u32::try_from(frames.len()).map_err(io::Error::other)?;
        packed.push(Block { offset: out.len() as u64, length, ..*block });
        out.extend_from_slice(&frames);
    }
    let index: Vec<u8> = packed.iter().flat_map(save).collect();
    let length = u32::try_from(index.len()).map_err(io::Error::other)?;
    out.extend_from_slice(&index);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&Checksum::new().with(&index).value().to_le_bytes());
    out.extend_from_slice(MAGIC);
    Ok((out, packed))
}

/// The bytes of a file's index, absent when they are not what was written, and the file's length.
fn index_bytes(path: &Path) -> io::Result<(Option<Vec<u8>>, u64)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let Some(end) = length.checked_sub(TRAILER as u64) else { return Ok((None, length)) };
    file.seek(SeekFrom::Start(end))?;
    let mut trailer = [0; TRAILER];
    file.read_exact(&mut trailer)?;
    let size = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
    let checksum = u32::from_le_bytes([trailer[4], trailer[5], trailer[6], trailer[7]]);
    let Some(start) = end.checked_sub(size.into()) else { return Ok((None, length)) };
    let index = bytes_at(path, start, size)?;
    let whole = trailer[8..] == MAGIC[..]
        && index.len() % ROW == 0
        && Checksum::new().with(&index).value() == checksum;
    Ok((whole.then_some(index), length))
}

fn save(block: &Block) -> [u8; ROW] {
    let mut row = [0; ROW];
    row[..8].copy_from_slice(&block.offset.to_le_bytes());
    row[8..12].copy_from_slice(&block.length.to_le_bytes());
    row[12..16].copy_from_slice(&block.raw.to_le_bytes());
    row[16..24].copy_from_slice(&block.first.to_le_bytes());
    row[24..28].copy_from_slice(&block.count.to_le_bytes());
    row[28..36].copy_from_slice(&block.earliest.millis().to_le_bytes());
    row[36..44].copy_from_slice(&block.latest.millis().to_le_bytes());
    row[44..52].copy_from_slice(&block.ingested.millis().to_le_bytes());
    row[52..].copy_from_slice(&block.cost.to_le_bytes());
    row
}

fn load(row: &[u8; ROW]) -> Block {
    Block {
        offset: u64::from_le_bytes(part(row, 0)),
        length: u32::from_le_bytes(part(row, 8)),
        raw: u32::from_le_bytes(part(row, 12)),
        first: u64::from_le_bytes(part(row, 16)),
        count: u32::from_le_bytes(part(row, 24)),
        earliest: Timestamp::from_millis(i64::from_le_bytes(part(row, 28))),
        latest: Timestamp::from_millis(i64::from_le_bytes(part(row, 36))),
        ingested: Timestamp::from_millis(i64::from_le_bytes(part(row, 44))),
        cost: u64::from_le_bytes(part(row, 52)),
    }
}

/// A number's bytes. All callers stay within the row.
fn part<const N: usize>(row: &[u8; ROW], at: usize) -> [u8; N] {
    std::array::from_fn(|i| row[at + i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_row_comes_back_as_it_was() {
        let block = Block {
            offset: 1 << 40,
            length: 2,
            raw: 3,
            first: 1 << 50,
            count: 4,
            earliest: Timestamp::from_millis(-5),
            latest: Timestamp::from_millis(6),
            ingested: Timestamp::from_millis(7),
            cost: 8,
        };
        assert_eq!(load(&save(&block)), block);
    }
}
