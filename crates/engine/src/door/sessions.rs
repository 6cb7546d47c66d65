//! Data channels: a client comes for its session over a WebSocket.
//!
//! What is said there is in the room `session`; [`conversation`] carries it between the client and a
//! terminal.

mod conversation;

use super::{Door, Reply, text};
use crate::clock;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use conversation::{Conversation, Ending};
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{
    CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use model::Ids;
use session::Opening;
use session::channel::closing;
use std::sync::Arc;
use std::time::Duration;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// What WebSocket's servers prove themselves by (RFC 6455, section 1.3).
const PROOF: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// How long a client may take to show its token.
const PATIENCE: Duration = Duration::from_secs(30);

/// No message of a data channel comes near this length.
const LONGEST: usize = 2 << 20;

/// A client's connection.
type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Lets a client in that speaks WebSocket; what it wants it says there.
pub(crate) fn answer(door: &Arc<Door>, mut request: Request<Incoming>, id: &str) -> Reply {
    let Some(key) = key(request.headers()) else {
        return text(StatusCode::UPGRADE_REQUIRED, "a data channel is a WebSocket of version 13");
    };
    let accept = STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, (key + PROOF).as_bytes()));
    let Ok(accept) = HeaderValue::from_str(&accept) else {
        return text(StatusCode::BAD_REQUEST, "the WebSocket's key is none");
    };
    let (door, id) = (Arc::clone(door), id.to_owned());
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let config = WebSocketConfig::default();
        let config = config.max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        let (stream, role) = (TokioIo::new(upgraded), Role::Server);
        let socket = WebSocketStream::from_raw_socket(stream, role, Some(config)).await;
        serve(&door, socket, &id).await;
    });
    let mut reply = Response::new(Full::new(Bytes::new()));
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    reply
}

/// The key of a request for a WebSocket, if it is one.
fn key(headers: &HeaderMap) -> Option<String> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let upgrade = text(UPGRADE).is_some_and(|word| word.eq_ignore_ascii_case("websocket"));
    let version = text(SEC_WEBSOCKET_VERSION) == Some("13");
    text(SEC_WEBSOCKET_KEY).filter(|_| upgrade && version).map(str::to_owned)
}

/// Holds a session from the client's token to its end.
async fn serve(door: &Door, mut socket: Socket, id: &str) {
    let Ok(Some(opening)) = tokio::time::timeout(PATIENCE, opening(&mut socket)).await else {
        return;
    };
    let Some(errand) = door.desk.sessions.claim(id, &opening.token_value, clock::now()) else {
        tracing::warn!(session = id, "a client came without the token of a waiting session");
        return;
    };
    let mut ids = Ids::seeded(door.chance());
    let ending = Conversation::new(door, &mut socket, &mut ids).hold(&errand).await;
    let why = match ending {
        Ending::ClientGone => return,
        Ending::Done => String::new(),
        Ending::Because(why) => why,
    };
    let last = closing(id, &why, clock::now(), &mut ids);
    // A client that has gone needs no goodbye.
    let _said = socket.send(Message::Binary(last.into())).await;
    let _closed = tokio::time::timeout(PATIENCE, say_goodbye(&mut socket)).await;
}

/// The client's first message.
async fn opening(socket: &mut Socket) -> Option<Opening> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return Opening::decode(&text),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) | Message::Frame(_) => return None,
        }
    }
}

/// Waits until the client has read to the end and has hung up.
async fn say_goodbye(socket: &mut Socket) {
    if socket.close(None).await.is_ok() {
        while let Some(Ok(_)) = socket.next().await {}
    }
}
