//! A connection, and what arrived on it that nobody has taken yet.

use crate::access::Traffic;
use socket2::SockRef;
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsStream;

/// How much is read ahead from a client that pipelines while its request is under way. It may be
/// a head of the longest kind; more waits in the kernel.
const AHEAD: usize = 64 * 1024;

/// A connection to a client or to a target.
///
/// Bytes are read into a worker's scratch and used from there. Only what can't be used yet (half
/// a head, a pipelined request) is kept here, so an idle connection holds no buffer.
#[derive(Debug)]
pub(crate) struct Line {
    stream: Stream,
    inbox: Vec<u8>,
    /// Bytes that were read and written so far, without TLS's own.
    read: u64,
    written: u64,
}

/// What carries the bytes.
#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Line {
    /// A connection on which nothing has arrived.
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self::on(Stream::Plain(stream)))
    }

    /// The same with TLS, once both sides have agreed on it.
    pub(crate) fn secure(stream: impl Into<TlsStream<TcpStream>>) -> io::Result<Self> {
        let stream = stream.into();
        stream.get_ref().0.set_nodelay(true)?;
        Ok(Self::on(Stream::Tls(Box::new(stream))))
    }

    fn on(stream: Stream) -> Self {
        Self { stream, inbox: Vec::new(), read: 0, written: 0 }
    }

    /// What has passed so far. What was read and put back counts as not read yet.
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic { received: self.read - self.inbox.len() as u64, sent: self.written }
    }

    /// Moves what was kept to the front of `scratch`, as far as it fits; tells how many bytes.
    pub(crate) fn unpack(&mut self, scratch: &mut [u8]) -> usize {
        if self.inbox.is_empty() {
            return 0;
        }
        let length = self.inbox.len().min(scratch.len());
        scratch[..length].copy_from_slice(&self.inbox[..length]);
        self.inbox = self.inbox.split_off(length);
        length
    }

    /// Puts bytes back that can't be used yet, in front of those that came after them.
    pub(crate) fn put_back(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.inbox.splice(..0, bytes.iter().copied());
        }
    }

    /// Whether something is kept.
    pub(crate) fn holds_bytes(&self) -> bool {
        !self.inbox.is_empty()
    }

    /// Reads what there is; 0 is the end. What TLS has not sent yet goes on its way meanwhile.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(scratch);
        let read = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, &mut buffer),
            Stream::Tls(stream) => {
                if stream.get_ref().1.wants_write()
                    && let Poll::Ready(Err(error)) = Pin::new(&mut **stream).poll_flush(cx)
                {
                    return Poll::Ready(Err(error));
                }
                Pin::new(&mut **stream).poll_read(cx, &mut buffer)
            }
        };
        let read = read.map_ok(|()| buffer.filled().len());
        if let Poll::Ready(Ok(length)) = read {
            self.read += length as u64;
        }
        read
    }

    /// Writes as much as the connection takes. With TLS that may not have been sent yet; see
    /// [`Line::poll_flush`].
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(&mut **stream).poll_write(cx, bytes),
        };
        if let Poll::Ready(Ok(length)) = written {
            self.written += length as u64;
        }
        written
    }

    /// Ready when all that was written has been sent.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(_) => Poll::Ready(Ok(())),
            Stream::Tls(stream) if !stream.get_ref().1.wants_write() => Poll::Ready(Ok(())),
            Stream::Tls(stream) => Pin::new(&mut **stream).poll_flush(cx),
        }
    }

    /// Tells the other side that nothing more comes.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(&mut **stream).poll_shutdown(cx),
        }
    }

    /// Ready when the other side is gone. What it sends instead is kept for later.
    pub(crate) fn poll_gone(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<()> {
        while self.inbox.len() < AHEAD {
            match ready!(self.poll_read(cx, scratch)) {
                Ok(0) | Err(_) => return Poll::Ready(()),
                Ok(length) => self.inbox.extend_from_slice(&scratch[..length]),
            }
        }
        Poll::Pending
    }

    /// Whether an idle connection looks usable: open and silent, as far as the runtime has heard.
    /// That costs no system call, and misses what happened a moment ago.
    pub(crate) fn looks_idle(&mut self) -> bool {
        match &mut self.stream {
            Stream::Plain(stream) => {
                let read = stream.try_read(&mut [0]);
                matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
            }
            // What arrives may be TLS's own business, such as a ticket for another session.
            Stream::Tls(_) => {
                self.poll_read(&mut Context::from_waker(Waker::noop()), &mut [0]).is_pending()
            }
        }
    }

    /// Whether an idle connection is open and silent at this moment.
    pub(crate) fn is_idle(&self) -> bool {
        let read = SockRef::from(self.socket()).peek(&mut [MaybeUninit::uninit()]);
        matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Ends the connection so that the other side sees an error: what it got is not all.
    pub(crate) fn reset(self) {
        // An error means that there is no connection left to reset.
        let _closed = self.socket().set_zero_linger();
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
        }
    }
}
