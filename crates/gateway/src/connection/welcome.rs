//! Takes a connection in: agrees on TLS where the listener has it.

use super::{Line, Origin};
use crate::tls::{Agreed, HANDSHAKE};
use crate::worker::Worker;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The first byte of every connection with TLS: a record of its handshake.
const HANDSHAKE_RECORD: u8 = 22;

/// A connection that is ready for requests.
pub(super) struct Welcomed {
    pub(super) line: Line,
    pub(super) came_to: SocketAddr,
    /// What was agreed on.
    pub(super) agreed: Option<Agreed>,
    pub(super) kind: Kind,
}

/// Whether a client speaks as its listener does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It does.
    Proper,
    /// It speaks without TLS where there is only TLS.
    Plain,
}

/// Makes a connection ready, as long as it is wanted.
pub(super) async fn welcome(
    stream: std::net::TcpStream,
    origin: &Origin,
    worker: &Worker,
) -> io::Result<Welcomed> {
    let stream = TcpStream::from_std(stream)?;
    let came_to = stream.local_addr()?;
    let plan = origin.listener.plan.load_full();
    if plan.scheme.as_str() == "http" {
        let line = Line::new(stream)?;
        return Ok(Welcomed { line, came_to, agreed: None, kind: Kind::Proper });
    }
    let offer = plan.offer.as_ref().ok_or(io::ErrorKind::Unsupported)?;
    let agreeing = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE_RECORD {
            let line = Line::new(stream)?;
            return Ok(Welcomed { line, came_to, agreed: None, kind: Kind::Plain });
        }
        let (stream, agreed) = offer.accept(stream).await?;
        let line = Line::secure(stream)?;
        Ok(Welcomed { line, came_to, agreed: Some(agreed), kind: Kind::Proper })
    };
    let mut agreeing = pin!(timeout(HANDSHAKE, agreeing));
    let agreed = poll_fn(|cx| match agreeing.as_mut().poll(cx) {
        Poll::Pending if worker.is_stopping() || origin.listener.closed.load(Ordering::Acquire) => {
            Poll::Ready(Ok(Err(io::ErrorKind::Interrupted.into())))
        }
        polled => polled,
    });
    let agreed = agreed.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    if agreed.is_err() {
        origin.listener.disagreements.fetch_add(1, Ordering::Relaxed);
    }
    agreed
}
