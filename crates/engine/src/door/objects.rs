//! The bytes of S3's objects: stored as they come, before the call that brings them is handled, and
//! sent as they are read, after the call that wants them. They are never in memory as a whole.
//!
//! A call that is refused, or that never gets to its end, leaves bytes behind that no object has;
//! they are swept later.

mod claims;

use super::images::Pieces;
use super::{Door, LongReply};
use crate::heart::Chain;
use crate::layers;
use api::{Fault, Service, Value};
use bytes::Bytes;
use claims::Claims;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt as _, Either};
use hyper::body::Incoming;
use registry::{Digest, Store, StoreError, Upload};
use services::Received;
use services::s3::Span;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;
use wire::{Head, Target};
use world::World;

/// How many pieces may wait for the disk.
const WAITING: usize = 8;

/// Whether a request brings bytes that are stored and not read.
pub(super) fn brings_bytes(head: &Head<'_>) -> bool {
    let Ok(Target::Known(operation)) = wire::target(head, &[]) else { return false };
    operation.service == Service::S3 && ["PutObject", "UploadPart"].contains(&operation.name)
}

/// The bytes that a call is answered with beside its output.
pub(super) fn wanted(operation: &api::Operation, world: &World, input: &Value) -> Option<Span> {
    let gives = operation.service == Service::S3 && operation.name == "GetObject";
    if gives { services::s3::span(world, input.clone()) } else { None }
}

/// Stores a request's body.
///
/// # Errors
/// When it is not what its head says, does not come whole, or can't be stored.
pub(super) async fn receive(
    door: &Door,
    head: &Head<'_>,
    mut body: Incoming,
) -> Result<Received, Fault> {
    let claims = Claims::of(head)?;
    let id = layers::new_id("object").map_err(|why| failed(&why))?;
    let store = Arc::clone(&door.objects);
    let (sender, pieces) = mpsc::channel::<Bytes>(WAITING);
    let writing = tokio::task::spawn_blocking(move || write(&store, &id, pieces, claims));
    let mut whole = true;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            whole = false;
            break;
        };
        let Ok(bytes) = frame.into_data() else { continue };
        if sender.send(bytes).await.is_err() {
            break;
        }
    }
    drop(sender);
    let (upload, claims) = writing.await.map_err(|why| failed(&why))??;
    let settled = tokio::task::spawn_blocking(move || {
        if !whole {
            upload.cancel().map_err(|why| failed(&why))?;
            return Err(Fault::refuse("IncompleteBody", claims::INCOMPLETE));
        }
        let (digest, size) = upload.keep().map_err(|why| failed(&why))?;
        claims.settle(&digest, size)
    });
    settled.await.map_err(|why| failed(&why))?
}

fn write(
    store: &Arc<Store>,
    id: &str,
    mut pieces: mpsc::Receiver<Bytes>,
    mut claims: Claims,
) -> Result<(Upload, Claims), Fault> {
    let begun = store.begin(id).and_then(|()| store.resume(id));
    let mut upload = begun.map_err(|why| failed(&why))?;
    while let Some(bytes) = pieces.blocking_recv() {
        let mut written = Ok(());
        claims.take(&bytes, |data| {
            if written.is_ok() {
                written = upload.write(data);
            }
        })?;
        written.map_err(|why: StoreError| failed(&why))?;
    }
    Ok((upload, claims))
}

/// An answer with bytes of an object behind its head.
pub(super) fn give(store: &Arc<Store>, answer: wire::Answer, span: Span) -> LongReply {
    let length = span.iter().map(|(.., count)| count).sum();
    let store = Arc::clone(store);
    let files = span.into_iter().map(move |(piece, from, count)| {
        let file = open(&store, &piece.digest, from);
        file.map(|file| (file, count)).inspect_err(|why| {
            tracing::error!(digest = piece.digest, error = %why, "an object's bytes can't be read");
        })
    });
    let mut reply = Response::new(Either::Right(Pieces::of_several(files, length)));
    *reply.status_mut() = answer.status;
    *reply.headers_mut() = answer.headers;
    if reply.headers().contains_key(header::CONTENT_RANGE) {
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    reply
}

/// The bytes of a span, which is short.
///
/// # Errors
/// When they can't be read.
pub(super) fn read(store: &Store, span: &Span) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for (piece, from, count) in span {
        open(store, &piece.digest, *from)?.take(*count).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn open(store: &Store, digest: &str, from: u64) -> io::Result<File> {
    let digest: Digest = digest.parse().map_err(io::Error::other)?;
    let found = store.read(&digest).map_err(io::Error::other)?;
    let (mut file, _) = found.ok_or(io::ErrorKind::NotFound)?;
    file.seek(SeekFrom::Start(from))?;
    Ok(file)
}

fn failed(why: &dyn std::error::Error) -> Fault {
    tracing::error!(error = %Chain(why), "an object's bytes can't be stored");
    Fault::internal()
}
