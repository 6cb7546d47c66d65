//! Blobs on their way: in one piece, in chunks, or from another repository.

use super::{Answered, Ask, DIGEST, empty, of_fault, on_disk, repository};
use crate::heart::{Arrival, Event};
use crate::layers;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use model::RepositoryName;
use registry::{Digest, Refusal, StoreError, Upload};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use world::{LayerKey, World};

/// How many pieces may wait for the disk before the client is held back.
const WAITING: usize = 4;

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// `POST`: begins an upload, takes a whole blob, or mounts one that another repository has.
pub(super) async fn begin(ask: Ask<'_>, name: &str, body: Incoming) -> Answered {
    let world = ask.door.desk.published.load_full();
    let repository = repository(&world, name)?;
    if let Some(mounted) = mount(ask, &world, &repository).await? {
        return Ok(mounted);
    }
    let id = layers::new_id(name).map_err(|_| Refusal::internal())?;
    let (blobs, begun) = (Arc::clone(&ask.door.blobs), id.clone());
    on_disk(move || blobs.begin(&begun)).await?;
    if ask.query.digest.is_some() {
        return finish(ask, (name, &id), body).await;
    }
    Ok(went_on(name, &id, 0))
}

/// `PATCH`: the next chunk.
pub(super) async fn chunk(ask: Ask<'_>, (name, id): (&str, &str), body: Incoming) -> Answered {
    owner(ask, name, id)?;
    let upload = receive(ask, id, body).await?;
    Ok(went_on(name, id, upload.length()))
}

/// `PUT`: the last chunk, if there is one, and the digest of all.
pub(super) async fn finish(ask: Ask<'_>, (name, id): (&str, &str), body: Incoming) -> Answered {
    let repository = owner(ask, name, id)?;
    let given = ask.query.digest.as_deref().unwrap_or_default();
    let digest: Digest =
        given.parse().map_err(|why| Refusal::bad_digest(format!("`{given}`: {why}")))?;
    let upload = receive(ask, id, body).await?;
    let expected = digest.clone();
    let size = on_disk(move || upload.finish(&expected)).await?;
    arrive(ask, &repository, &digest, size).await
}

/// `GET`: how far it has come.
pub(super) async fn status(ask: Ask<'_>, name: &str, id: &str) -> Answered {
    owner(ask, name, id)?;
    let (blobs, asked) = (Arc::clone(&ask.door.blobs), id.to_owned());
    let length = on_disk(move || blobs.length(&asked)).await?;
    let mut reply = went_on(name, id, length);
    *reply.status_mut() = StatusCode::NO_CONTENT;
    Ok(reply)
}

/// `DELETE`: gives it up.
pub(super) async fn cancel(ask: Ask<'_>, name: &str, id: &str) -> Answered {
    owner(ask, name, id)?;
    let (blobs, given_up) = (Arc::clone(&ask.door.blobs), id.to_owned());
    on_disk(move || blobs.resume(&given_up)?.cancel()).await?;
    Ok(empty(StatusCode::NO_CONTENT, &[]))
}

/// Takes a blob over from another repository, if it is there; otherwise the client uploads it.
async fn mount(
    ask: Ask<'_>,
    world: &World,
    to: &RepositoryName,
) -> Result<Option<super::LongReply>, Refusal> {
    let (Some(mount), Some(from)) = (&ask.query.mount, &ask.query.from) else { return Ok(None) };
    let Ok(digest) = mount.parse::<Digest>() else { return Ok(None) };
    let key = LayerKey { repository: from.as_str().into(), digest: mount.as_str().into() };
    let Some(size) = world.layers.get(&key).map(|layer| layer.size) else { return Ok(None) };
    let (blobs, touched) = (Arc::clone(&ask.door.blobs), digest.clone());
    if !on_disk(move || blobs.touch(&touched)).await? {
        return Ok(None);
    }
    arrive(ask, to, &digest, size).await.map(Some)
}

/// Writes a body to an upload, and answers the upload, still in hand.
async fn receive(ask: Ask<'_>, id: &str, mut body: Incoming) -> Result<Upload, Refusal> {
    let (blobs, resumed) = (Arc::clone(&ask.door.blobs), id.to_owned());
    let upload = on_disk(move || blobs.resume(&resumed)).await?;
    if begins(ask.headers).is_some_and(|first| first != upload.length()) {
        return Err(Refusal::bad_range(upload.length()));
    }
    let (sender, pieces) = mpsc::channel(WAITING);
    let writing = tokio::spawn(on_disk(move || write(upload, pieces)));
    while let Some(frame) = body.frame().await {
        // What came before the client went stays, and can be gone on with.
        let frame = frame.map_err(|_| Refusal::internal())?;
        let Ok(bytes) = frame.into_data() else { continue };
        if sender.send(bytes).await.is_err() {
            break;
        }
    }
    drop(sender);
    writing.await.unwrap_or_else(|_| Err(Refusal::internal()))
}

fn write(mut upload: Upload, mut pieces: mpsc::Receiver<Bytes>) -> Result<Upload, StoreError> {
    while let Some(bytes) = pieces.blocking_recv() {
        upload.write(&bytes)?;
    }
    Ok(upload)
}

/// Tells the heart that a blob is there, and waits until that is saved.
async fn arrive(ask: Ask<'_>, repository: &RepositoryName, digest: &Digest, size: u64) -> Answered {
    let key = digest.to_string();
    let layer = LayerKey { repository: repository.clone(), digest: key.as_str().into() };
    let (reply, saved) = oneshot::channel();
    let arrival = Arrival { layer, size, reply };
    ask.door.heart.send(Event::Layer(arrival)).map_err(|_| Refusal::internal())?;
    saved.await.map_err(|_| Refusal::internal())?.map_err(of_fault)?;
    let location = format!("/v2/{repository}/blobs/{key}");
    Ok(empty(StatusCode::CREATED, &[(header::LOCATION, location), (DIGEST, key)]))
}

/// An upload that is to be gone on with.
fn went_on(name: &str, id: &str, length: u64) -> super::LongReply {
    let location = (header::LOCATION, format!("/v2/{name}/blobs/uploads/{id}"));
    let range = (header::RANGE, format!("0-{}", length.saturating_sub(1)));
    empty(StatusCode::ACCEPTED, &[location, range, (UPLOAD_ID, id.to_owned())])
}

/// Where a chunk begins, if it says so: `Content-Range: 5-9`.
fn begins(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let text = text.strip_prefix("bytes ").unwrap_or(text);
    text.split_once('-')?.0.trim().parse().ok()
}

/// The repository of an upload. Another one's upload is none.
fn owner(ask: Ask<'_>, name: &str, id: &str) -> Result<RepositoryName, Refusal> {
    let repository = repository(&ask.door.desk.published.load(), name)?;
    if registry::is_for(id, name) { Ok(repository) } else { Err(Refusal::no_upload()) }
}
