//! A file as a body, piece by piece.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::fs::File;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// How much is read at once.
const PIECE: usize = 128 * 1024;
/// How many pieces may wait for a slow client.
const WAITING: usize = 4;

/// Bytes of a file that a thread reads ahead of the client, a little.
#[derive(Debug)]
pub(in crate::door) struct Pieces {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

// === impl Pieces ===

impl Pieces {
    /// The next `length` bytes of a file.
    pub(super) fn of(file: File, length: u64) -> Self {
        Self::of_several(std::iter::once(Ok((file, length))), length)
    }

    /// The next bytes of several files, so many of each, one after the other: `length` in all. Each
    /// is opened when its turn comes.
    pub(in crate::door) fn of_several(
        files: impl Iterator<Item = io::Result<(File, u64)>> + Send + 'static,
        length: u64,
    ) -> Self {
        let (sender, pieces) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            for file in files {
                match file {
                    Ok((file, count)) => read(file, count, &sender),
                    Err(why) => drop(sender.blocking_send(Err(why))),
                }
                // A client that has hung up needs no more files opened.
                if sender.is_closed() {
                    return;
                }
            }
        });
        Self { pieces, left: length }
    }
}

fn read(file: File, length: u64, sender: &mpsc::Sender<io::Result<Bytes>>) {
    let mut file = file.take(length);
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let done = file.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        let last = matches!(done, Ok(0) | Err(_));
        let sent = match done {
            Ok(0) => Ok(()),
            Ok(_) => sender.blocking_send(Ok(Bytes::from(piece))),
            Err(why) => sender.blocking_send(Err(why)),
        };
        // A client that has hung up needs no more.
        if last || sent.is_err() {
            return;
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.pieces.poll_recv(cx).map(|piece| {
            let piece = piece?;
            Some(piece.map(|bytes| {
                self.left = self.left.saturating_sub(bytes.len() as u64);
                Frame::data(bytes)
            }))
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
