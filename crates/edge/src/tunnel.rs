//! Connections that are no HTTP any more: WebSockets.

use http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::upgrade::{OnUpgrade, on};
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

/// Whether a viewer wants to go on in another protocol.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// The viewer's end, once its request is answered.
pub(crate) fn viewer<B>(request: &mut Request<B>) -> OnUpgrade {
    on(request)
}

/// Joins both ends where the origin agrees.
pub(crate) fn join<B>(viewer: OnUpgrade, answer: &mut Response<B>) {
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return;
    }
    let origin = on(answer);
    tokio::spawn(async move {
        match (viewer.await, origin.await) {
            (Ok(viewer), Ok(origin)) => {
                let (mut viewer, mut origin) = (TokioIo::new(viewer), TokioIo::new(origin));
                // Either end may close when it likes.
                let _ended = copy_bidirectional(&mut viewer, &mut origin).await;
            }
            (viewer, origin) => {
                let errors = (viewer.err(), origin.err());
                tracing::debug!(?errors, "a connection to an origin is not handed over");
            }
        }
    });
}
