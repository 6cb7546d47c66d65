//! Blobs that a repository has.

use super::{Answered, Ask, DIGEST, Pieces, empty, on_disk, repository, set};
use http::{Method, Response, StatusCode, header};
use http_body_util::Either;
use registry::{Digest, Refusal};
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;
use world::LayerKey;

/// `GET` and `HEAD`, of all of it or of one range.
pub(super) async fn get(ask: Ask<'_>, name: &str, digest: &str) -> Answered {
    let world = ask.door.desk.published.load_full();
    let repository = repository(&world, name)?;
    let wanted: Digest = digest.parse().map_err(|_| Refusal::no_blob())?;
    let key = LayerKey { repository, digest: digest.into() };
    let layer = world.layers.get(&key).ok_or_else(Refusal::no_blob)?;
    if *ask.method == Method::HEAD {
        let length = (header::CONTENT_LENGTH, layer.size.to_string());
        let kind = (header::CONTENT_TYPE, "application/octet-stream".to_owned());
        return Ok(empty(StatusCode::OK, &[length, kind, (DIGEST, digest.to_owned())]));
    }
    let blobs = Arc::clone(&ask.door.blobs);
    let Some((file, length)) = on_disk(move || blobs.read(&wanted)).await? else {
        tracing::error!(digest, "the bytes of a layer are gone from the data directory");
        return Err(Refusal::no_blob());
    };
    let asked = ask.headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let span = asked.and_then(|asked| registry::range(asked, length));
    send(file, length, span, digest).await
}

async fn send(file: File, length: u64, span: Option<(u64, u64)>, digest: &str) -> Answered {
    let (first, last) = span.unwrap_or((0, length.saturating_sub(1)));
    let count = if length == 0 { 0 } else { last - first + 1 };
    let file = on_disk(move || {
        let mut file = file;
        file.seek(SeekFrom::Start(first))?;
        Ok(file)
    });
    let mut reply = Response::new(Either::Right(Pieces::of(file.await?, count)));
    if span.is_some() {
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(&mut reply, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{length}"));
    }
    set(&mut reply, header::ACCEPT_RANGES, "bytes");
    set(&mut reply, header::CONTENT_TYPE, "application/octet-stream");
    set(&mut reply, DIGEST, digest);
    Ok(reply)
}
