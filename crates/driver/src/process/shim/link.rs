//! The connection to the region. It never makes the shim wait.

use super::super::frame::{self, Decoder, Reply, Request};
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

/// How much may wait to be written before more lines are put behind it, in bytes.
const ENOUGH: usize = 64 * 1024;

/// A region that has connected.
#[derive(Debug)]
pub(super) struct Link {
    /// The connection.
    pub(super) socket: UnixStream,
    /// Whether the region has said from where it wants to go on.
    pub(super) greeted: bool,
    /// Whether it was told the exit.
    pub(super) told_exit: bool,
    incoming: Decoder<Request>,
    outgoing: Vec<u8>,
}

impl Link {
    /// A connection that was accepted.
    pub(super) fn new(socket: UnixStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let incoming = Decoder::new();
        Ok(Self { socket, greeted: false, told_exit: false, incoming, outgoing: Vec::new() })
    }

    /// What the region asks for, as far as it is here; absent when nothing is here now. An error is
    /// the end of the connection.
    pub(super) fn receive(&mut self) -> io::Result<Option<Vec<Request>>> {
        let mut chunk = [0; 4096];
        match self.socket.read(&mut chunk) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => self.incoming.push(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error),
        }
        std::iter::from_fn(|| self.incoming.next().transpose()).collect::<io::Result<_>>().map(Some)
    }

    /// Whether the region reads fast enough for more.
    pub(super) fn wants_more(&self) -> bool {
        self.greeted && self.outgoing.len() < ENOUGH
    }

    /// Whether something waits to be written.
    pub(super) fn is_behind(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Puts a reply behind what waits.
    pub(super) fn send(&mut self, reply: &Reply) -> io::Result<()> {
        self.outgoing.extend(frame::encode(reply)?);
        Ok(())
    }

    /// Writes as much as goes without waiting. An error is the end of the connection.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        while !self.outgoing.is_empty() {
            match self.socket.write(&self.outgoing) {
                Ok(written) => drop(self.outgoing.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
