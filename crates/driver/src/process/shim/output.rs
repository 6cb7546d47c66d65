//! A pipe from the container's command, cut into lines.

use crate::Stream;
use crate::lines::LineSplitter;
use std::io::{self, Read};

/// How much is read at once, in bytes: what a pipe of Linux holds.
const CHUNK: usize = 64 * 1024;

/// One of the command's output streams.
#[derive(Debug)]
pub(super) struct Output {
    /// Which.
    pub(super) stream: Stream,
    /// The pipe's reading end; absent when it has come to its end.
    pub(super) pipe: Option<io::PipeReader>,
    splitter: LineSplitter,
}

/// What a reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// There was something.
    Some,
    /// There is nothing now.
    Nothing,
    /// There will be nothing any more.
    Over,
}

impl Output {
    /// A stream, and the end of it that is for the command.
    pub(super) fn open(stream: Stream) -> io::Result<(Self, io::PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&reader, true)?;
        Ok((Self { stream, pipe: Some(reader), splitter: LineSplitter::default() }, writer))
    }

    /// Reads once, without waiting, and hands out the lines that are complete.
    pub(super) fn read(&mut self, each: impl FnMut(String)) -> Reading {
        let Some(pipe) = &mut self.pipe else { return Reading::Over };
        let mut chunk = [0; CHUNK];
        match pipe.read(&mut chunk) {
            Ok(0) => self.close(each),
            Ok(length) => {
                self.splitter.push(&chunk[..length], each);
                Reading::Some
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Reading::Nothing,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Reading::Some,
            Err(_) => self.close(each),
        }
    }

    /// Gives the pipe up and hands out a last line that had no end.
    pub(super) fn close(&mut self, mut each: impl FnMut(String)) -> Reading {
        self.pipe = None;
        if let Some(line) = self.splitter.finish() {
            each(line);
        }
        Reading::Over
    }
}
