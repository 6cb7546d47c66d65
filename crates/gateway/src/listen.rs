//! Listening: finds an address to listen on, and takes connections in.

use crate::connection::{Arrival, Origin};
use crate::desks::Desks;
use crate::live::LiveListener;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;

/// Connections that wait to be taken in; the system may allow fewer.
const BACKLOG: i32 = 4096;
/// How long to wait when the system has no more files or memory for connections. They stay in the
/// backlog meanwhile, and trying again at once would only burn the processor.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// A socket that listens, and the candidate it came from.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) socket: TcpListener,
    pub(crate) candidate: SocketAddr,
    pub(crate) address: SocketAddr,
}

/// Listens on the first candidate that can be bound; else tells why none can.
pub(crate) fn bind(candidates: &[SocketAddr]) -> Result<Bound, String> {
    let mut reasons = Vec::new();
    for candidate in candidates {
        match listen(*candidate) {
            Ok(bound) => return Ok(bound),
            Err(error) => reasons.push(format!("{candidate}: {error}")),
        }
    }
    Err(if reasons.is_empty() { "no candidates".to_owned() } else { reasons.join("; ") })
}

fn listen(candidate: SocketAddr) -> io::Result<Bound> {
    let socket = Socket::new(Domain::for_address(candidate), Type::STREAM, Some(Protocol::TCP))?;
    // Connections of an earlier listener that linger in TIME_WAIT don't matter. Sharing the port
    // (SO_REUSEPORT) is not asked for: it would let two gateways split each other's traffic.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&candidate.into())?;
    socket.listen(BACKLOG)?;
    let socket = TcpListener::from_std(socket.into())?;
    Ok(Bound { address: socket.local_addr()?, socket, candidate })
}

/// Takes connections in, and gives them to workers.
pub(crate) async fn accept(socket: TcpListener, listener: Arc<LiveListener>, desks: Desks) {
    loop {
        match socket.accept().await {
            Ok((stream, peer)) => match stream.into_std() {
                Ok(stream) => {
                    let origin = Origin { peer, listener: Arc::clone(&listener) };
                    desks.give(Arrival { stream, origin });
                }
                Err(error) => {
                    tracing::debug!(%error, "a connection was gone before it was given on")
                }
            },
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "can't take connections in for a moment");
                sleep(EXHAUSTED).await;
            }
        }
    }
}

/// Whether accepting failed because of the connection, so that the next one may do better.
fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::is_about_one_connection;
    use std::io::Error;

    #[test]
    fn a_lack_of_files_or_memory_is_not_about_one_connection() {
        // EMFILE, ENFILE, ENOMEM and EINTR have these numbers on Linux and macOS alike.
        for (code, expected) in [(24, false), (23, false), (12, false), (4, true)] {
            let error = Error::from_raw_os_error(code);
            assert_eq!(is_about_one_connection(&error), expected, "{error}");
        }
        let aborted = Error::from(std::io::ErrorKind::ConnectionAborted);
        assert!(is_about_one_connection(&aborted));
    }
}
