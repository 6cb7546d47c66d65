//! Takes a connection in: agrees on TLS where the listener has it, and on the version of HTTP.

use super::{Line, Origin, Place};
use crate::tls::{Accepted, HANDSHAKE, Version};
use crate::worker::Worker;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

/// The first byte of every connection with TLS: a record of its handshake.
const HANDSHAKE_RECORD: u8 = 22;

/// What carries requests.
pub(super) enum Carrier {
    /// A connection for HTTP/1.1.
    Http1(Line),
    /// One for HTTP/2.
    Http2(Box<TlsStream<TcpStream>>),
    /// One without TLS, where there is only TLS.
    Plain(Line),
}

/// Whether a client of HTTP/1.1 speaks as its listener does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// It does.
    Proper,
    /// It speaks without TLS where there is only TLS.
    Plain,
}

/// Makes a connection ready for requests, as long as it is wanted.
pub(super) async fn welcome(
    stream: std::net::TcpStream,
    origin: Origin,
    worker: &Worker,
) -> io::Result<(Carrier, Place)> {
    let stream = TcpStream::from_std(stream)?;
    let Origin { peer, listener } = origin;
    let came_to = stream.local_addr()?;
    let peer_text = peer.ip().to_canonical().to_string();
    let number = worker.connection();
    let mut place = Place { listener, peer, peer_text, came_to, number, agreed: None, shown: None };
    let plan = place.listener.plan.load_full();
    if plan.scheme.as_str() == "http" {
        return Ok((Carrier::Http1(Line::new(stream)?), place));
    }
    let offer = plan.offer.as_ref().ok_or(io::ErrorKind::Unsupported)?;
    let agreeing = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE_RECORD {
            return Ok((Carrier::Plain(Line::new(stream)?), None));
        }
        stream.set_nodelay(true)?;
        let Accepted { stream, agreed, shown, version } = offer.accept(stream).await?;
        let carrier = match version {
            Version::Http1 => Carrier::Http1(Line::secure(stream)?),
            Version::Http2 => Carrier::Http2(Box::new(stream)),
        };
        Ok((carrier, Some((agreed, Arc::new(shown)))))
    };
    let mut agreeing = pin!(timeout(HANDSHAKE, agreeing));
    let agreed = poll_fn(|cx| match agreeing.as_mut().poll(cx) {
        Poll::Pending if worker.is_stopping() || place.is_closed() => {
            Poll::Ready(Ok(Err(io::ErrorKind::Interrupted.into())))
        }
        polled => polled,
    });
    let agreed = agreed.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    match agreed {
        Ok((carrier, agreed)) => {
            (place.agreed, place.shown) = agreed.unzip();
            Ok((carrier, place))
        }
        Err(error) => {
            place.listener.disagreements.fetch_add(1, Ordering::Relaxed);
            Err(error)
        }
    }
}
