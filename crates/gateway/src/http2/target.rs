//! Connections to targets that speak HTTP/2.

use super::{SEND_AHEAD, WINDOW, WINDOW_OF_ALL};
use crate::http1::RESPONSE_HEAD;
use crate::live::Ticket;
use crate::pool::Berth;
use crate::proxy::{Broken, Connected, broke_off, connect_to};
use crate::worker::Worker;
use bytes::Bytes;
use h2::client::{Builder, SendRequest};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::spawn_local;

/// How many requests a target gets before it has said how many it takes: as many as RFC 9113 §6.5.2
/// asks every server to take at least.
const BEFORE_SETTINGS: usize = 100;

/// A new connection, and a request's place on it. It may wait so long for another one.
pub(super) async fn open(
    worker: &Worker,
    ticket: &Ticket,
    patience: Duration,
) -> Result<Berth, Broken> {
    let send = match connect_to(worker, ticket).await? {
        Connected::Plain(stream) => {
            stream.set_nodelay(true).map_err(|error| broke_off(ticket, &error))?;
            begin(stream).await
        }
        Connected::Secure(stream) => {
            stream.get_ref().0.set_nodelay(true).map_err(|error| broke_off(ticket, &error))?;
            begin(*stream).await
        }
    };
    let send = send.map_err(|error| broke_off(ticket, &error))?;
    Ok(worker.pool.open(ticket.serial, send, patience))
}

/// Speaks first. Whether the target speaks HTTP/2 at all shows with its first answer.
async fn begin(
    io: impl AsyncRead + AsyncWrite + Unpin + 'static,
) -> Result<SendRequest<Bytes>, h2::Error> {
    let mut builder = Builder::new();
    builder
        .enable_push(false)
        .initial_max_send_streams(BEFORE_SETTINGS)
        .initial_window_size(WINDOW)
        .initial_connection_window_size(WINDOW_OF_ALL)
        .max_send_buffer_size(SEND_AHEAD)
        .max_header_list_size(u32::try_from(RESPONSE_HEAD).unwrap_or(u32::MAX));
    let (send, connection) = builder.handshake(io).await?;
    spawn_local(async move {
        // Its requests hear of the error too, and it is for them to say.
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to a target ended");
        }
    });
    Ok(send)
}
