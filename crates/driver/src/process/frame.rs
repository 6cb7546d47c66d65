//! What region and supervisor say to each other, and how it is framed.
//!
//! A frame is four bytes of length, most significant first, and as many of JSON. Both sides push
//! what they read into a [`Decoder`]; so neither blocks in the middle of a frame.

use crate::{Exit, Line, Mark, Window};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io;
use std::marker::PhantomData;

/// What the region asks of a container's supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Request {
    /// The first words of a connection: go on after this line, or else after the last one that a
    /// region took.
    Hello {
        /// The last line that the region has.
        after: Option<Mark>,
    },
    /// Lines up to here were taken.
    Taken(Mark),
    /// Send the stop signal.
    Signal,
    /// Kill the container.
    Kill,
    /// Run a command beside the container's.
    Probe(ProbeOrder),
    /// Run a command at a terminal.
    Exec(ExecOrder),
    /// Type this at the terminal.
    Type(u64, Raw),
    /// Change the terminal's size.
    Resize(u64, Window),
    /// So many bytes of what the terminal showed were taken.
    Seen(u64, usize),
    /// End what runs at the terminal.
    HangUp(u64),
    /// The exit was taken; the supervisor may go.
    Collected,
}

/// A probe, to be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ProbeOrder {
    /// Names the probe in its answer.
    pub(super) id: u64,
    /// What to run.
    pub(super) words: Vec<String>,
    /// How long it may take, in milliseconds.
    pub(super) timeout: u64,
}

/// A command to be run at a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExecOrder {
    /// Names the terminal.
    pub(super) id: u64,
    /// What to run.
    pub(super) words: Vec<String>,
    /// The terminal's size.
    pub(super) window: Window,
}

/// Bytes, in base64 within JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Raw(pub(super) Vec<u8>);

/// What a supervisor tells the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Reply {
    /// A line of output.
    Line(Line),
    /// A probe ended.
    Probed {
        /// Which.
        id: u64,
        /// Its exit code; absent when it took too long.
        code: Option<i32>,
        /// The end of its output.
        output: String,
    },
    /// A command runs at its terminal, or why it does not.
    Begun(u64, Result<(), String>),
    /// A terminal shows this.
    Shown(u64, Raw),
    /// What was typed was taken; there may be more.
    Typed(u64),
    /// What ran at a terminal has ended.
    TerminalEnded(u64),
    /// The container ended; nothing follows.
    Exited(Exit),
}

/// A message longer than this is none of ours: the longest is a line, in JSON at most six times
/// as long as its bytes.
const LONGEST: usize = 8 * crate::lines::LONGEST;

/// Puts a message into a frame.
pub(super) fn encode<T: Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Reads one message from a source that blocks, and not a byte more.
pub(super) fn read<T: DeserializeOwned>(source: impl io::Read) -> io::Result<T> {
    let frame = read_frame(source)?;
    Ok(serde_json::from_slice(&frame[4..])?)
}

/// Reads one frame, to be passed on as it is.
pub(super) fn read_frame(mut source: impl io::Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    source.read_exact(&mut length)?;
    let mut frame = vec![0; 4 + checked(length)?];
    frame[..4].copy_from_slice(&length);
    source.read_exact(&mut frame[4..])?;
    Ok(frame)
}

/// Takes frames apart.
#[derive(Debug)]
pub(super) struct Decoder<T> {
    buffer: Vec<u8>,
    /// How much of the buffer was handed out already.
    done: usize,
    message: PhantomData<fn() -> T>,
}

// === impl Raw ===

impl TryFrom<String> for Raw {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

impl From<Raw> for String {
    fn from(raw: Raw) -> Self {
        STANDARD.encode(raw.0)
    }
}

// === impl Decoder ===

impl<T: DeserializeOwned> Decoder<T> {
    /// A decoder that has read nothing.
    pub(super) fn new() -> Self {
        Self { buffer: Vec::new(), done: 0, message: PhantomData }
    }

    /// Adds bytes that were read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.done);
        self.done = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message that is there in full.
    pub(super) fn next(&mut self) -> io::Result<Option<T>> {
        let rest = &self.buffer[self.done..];
        let Some((length, rest)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let length = checked(*length)?;
        let Some(body) = rest.get(..length) else { return Ok(None) };
        let message = serde_json::from_slice(body)?;
        self.done += 4 + length;
        Ok(Some(message))
    }
}

fn checked(length: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_be_bytes(length) as usize;
    if length <= LONGEST { Ok(length) } else { Err(io::Error::other("frame too long")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_any_cut_of_the_stream() {
        let sent = [Request::Hello { after: Some(Mark::from_nanos(7)) }, Request::Signal];
        let bytes: Vec<u8> = sent.iter().flat_map(|request| encode(request).unwrap()).collect();
        for size in 1..=bytes.len() {
            let (mut decoder, mut received) = (Decoder::<Request>::new(), Vec::new());
            for chunk in bytes.chunks(size) {
                decoder.push(chunk);
                while let Some(request) = decoder.next().unwrap() {
                    received.push(request);
                }
            }
            assert_eq!(received, sent, "chunks of {size}");
        }
    }

    #[test]
    fn the_longest_line_fits_a_frame_however_it_is_escaped() {
        let text = "\u{1}".repeat(crate::lines::LONGEST);
        let line = Line { stream: crate::Stream::Stdout, mark: Mark::default(), text };
        let frame = encode(&Reply::Line(line)).unwrap();
        assert!(read::<Reply>(frame.as_slice()).is_ok());
    }

    #[test]
    fn a_length_that_no_message_has_is_refused() {
        let mut decoder = Decoder::<Request>::new();
        decoder.push(&[0xff; 8]);
        assert!(decoder.next().is_err());
    }
}
