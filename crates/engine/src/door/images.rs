//! The registry of images, as Docker and other clients of the OCI distribution protocol use it.
//!
//! Manifests and tags go through the handlers of ECR, so both APIs show the same images. Bytes go
//! to and from the store of blobs piece by piece; no layer is ever held in memory.

mod blob;
mod entrance;
mod list;
mod manifest;
mod pieces;
mod upload;

pub(super) use pieces::Pieces;

use super::{Door, LongReply};
use crate::heart::Chain;
use api::Fault;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use model::RepositoryName;
use registry::{Query, Refusal, Route, StoreError};
use serde_json::{Value, json};
use world::World;

const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
const VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// What a request came to.
type Answered = Result<LongReply, Refusal>;

/// A request without its body.
#[derive(Clone, Copy)]
struct Ask<'a> {
    door: &'a Door,
    method: &'a Method,
    headers: &'a HeaderMap,
    query: &'a Query,
}

/// Answers `/v2/<path>`.
pub(super) async fn answer(door: &Door, request: Request<Incoming>) -> LongReply {
    let outcome = match entrance::check(door, request.headers()) {
        Ok(()) => dispatch(door, request).await,
        Err(refusal) => Err(refusal),
    };
    let mut reply = outcome.unwrap_or_else(|refusal| refused(&refusal));
    reply.headers_mut().insert(VERSION, HeaderValue::from_static("registry/2.0"));
    reply
}

async fn dispatch(door: &Door, request: Request<Incoming>) -> Answered {
    let (parts, body) = request.into_parts();
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let ask = Ask { door, method: &parts.method, headers: &parts.headers, query: &query };
    let path = parts.uri.path().strip_prefix("/v2/").unwrap_or_default();
    let Some(route) = registry::route(path) else {
        return Err(Refusal::new(404, "NAME_INVALID", "the registry has no such path"));
    };
    let read = matches!(*ask.method, Method::GET | Method::HEAD);
    match (route, ask.method.as_str()) {
        (Route::Base, _) if read => Ok(json_reply(&json!({}))),
        (Route::Catalog, "GET") => list::catalog(ask),
        (Route::Tags { name }, "GET") => list::tags(ask, name),
        (Route::Referrers { name, digest }, "GET") => list::referrers(ask, name, digest),
        (Route::Manifest { name, reference }, _) if read => manifest::get(ask, name, reference),
        (Route::Manifest { name, reference }, "PUT") => {
            manifest::put(ask, (name, reference), body).await
        }
        (Route::Manifest { name, reference }, "DELETE") => {
            manifest::delete(ask, name, reference).await
        }
        (Route::Blob { name, digest }, _) if read => blob::get(ask, name, digest).await,
        (Route::Uploads { name }, "POST") => upload::begin(ask, name, body).await,
        (Route::Upload { name, id }, "PATCH") => upload::chunk(ask, (name, id), body).await,
        (Route::Upload { name, id }, "PUT") => upload::finish(ask, (name, id), body).await,
        (Route::Upload { name, id }, "GET") => upload::status(ask, name, id).await,
        (Route::Upload { name, id }, "DELETE") => upload::cancel(ask, name, id).await,
        _ => Err(Refusal::unsupported("the registry does not do that")),
    }
}

/// The repository of a request. One that is not there is not made by a push, as on AWS.
fn repository(world: &World, name: &str) -> Result<RepositoryName, Refusal> {
    let account = &world.place.account;
    let missing = || {
        let message = format!(
            "The repository with name '{name}' does not exist in the registry with id '{account}'"
        );
        Refusal::new(404, "NAME_UNKNOWN", message)
    };
    world.repositories.get(name).map(|row| row.name.clone()).ok_or_else(missing)
}

/// Works with the store where waiting for a disk holds nobody up.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|why| of_store(&why)),
        Err(why) => {
            tracing::error!(error = %why, "work on an image's bytes broke off");
            Err(Refusal::internal())
        }
    }
}

fn of_store(why: &StoreError) -> Refusal {
    match why {
        StoreError::NoUpload => Refusal::no_upload(),
        StoreError::Busy => Refusal::new(409, "BLOB_UPLOAD_INVALID", why.to_string()),
        StoreError::OtherDigest { .. } => Refusal::bad_digest(why.to_string()),
        StoreError::Io(_) => {
            tracing::error!(error = %Chain(why), "an image's bytes can't be stored or read");
            Refusal::internal()
        }
    }
}

/// A refusal of ECR's in the protocol's words.
fn of_fault(fault: Fault) -> Refusal {
    let (status, code) = match fault.code {
        "RepositoryNotFoundException" => (404, "NAME_UNKNOWN"),
        "ImageNotFoundException" => (404, "MANIFEST_UNKNOWN"),
        "LayersNotFoundException" | "ReferencedImagesNotFoundException" => {
            (400, "MANIFEST_BLOB_UNKNOWN")
        }
        "ImageTagAlreadyExistsException" => (400, "TAG_INVALID"),
        "ImageDigestDoesNotMatchException" => (400, "DIGEST_INVALID"),
        "InvalidParameterException" => (400, "MANIFEST_INVALID"),
        _ => return Refusal::internal(),
    };
    Refusal::new(status, code, fault.message)
}

fn refused(refusal: &Refusal) -> LongReply {
    let error = json!({ "code": refusal.code, "message": refusal.message });
    let mut reply = json_reply(&json!({ "errors": [error] }));
    *reply.status_mut() =
        StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if refusal.status == 401 {
        let challenge = HeaderValue::from_static("Basic realm=\"neargate\"");
        reply.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    reply
}

fn json_reply(body: &Value) -> LongReply {
    whole(StatusCode::OK, "application/json", body.to_string().into_bytes())
}

fn whole(status: StatusCode, media_type: &str, body: Vec<u8>) -> LongReply {
    let mut reply = Response::new(Either::Left(Full::new(Bytes::from(body))));
    *reply.status_mut() = status;
    set(&mut reply, header::CONTENT_TYPE, media_type);
    reply
}

/// An answer without a body.
fn empty(status: StatusCode, headers: &[(HeaderName, String)]) -> LongReply {
    let mut reply = Response::new(Either::Left(Full::default()));
    *reply.status_mut() = status;
    for (name, value) in headers {
        set(&mut reply, name.clone(), value);
    }
    reply
}

/// Sets a header whose value comes from names and digests that were checked.
fn set(reply: &mut LongReply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}
