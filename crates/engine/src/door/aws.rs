//! AWS's API: from bytes to an operation and back.

use super::{Door, Reply, identity};
use crate::clock;
use crate::heart::{Call, Chain, Event};
use api::ecr::CompleteLayerUploadRequest;
use api::{Fault, Field as _, Operation, Value};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use model::Ids;
use services::{Caller, Cx, Handler};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::sync::oneshot;
use wire::{Dialect, Head, MAX_BODY, Refusal};
use world::World;

/// Answers a call of AWS's API.
pub(crate) async fn answer(door: &Door, request: Request<Incoming>) -> Reply {
    let request_id = request_id(door);
    let (parts, body) = request.into_parts();
    let head = Head { method: &parts.method, uri: &parts.uri, headers: &parts.headers };
    // What is announced as too long is not waited for.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return unread(&head, Unread::TooLong, &request_id);
    }
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(why) if why.is::<LengthLimitError>() => {
            return unread(&head, Unread::TooLong, &request_id);
        }
        Err(_) => return unread(&head, Unread::Gone, &request_id),
    };
    let dialect = wire::dialect(&head, &body);
    match run(door, &head, &body, dialect).await {
        Ok((operation, output)) => {
            reply(wire::encode(dialect.protocol, operation, &output, &request_id))
        }
        Err(fault) => reply(wire::refuse(dialect, &fault, &request_id)),
    }
}

/// Why a body did not arrive.
#[derive(Clone, Copy)]
enum Unread {
    /// It is longer than any that is read.
    TooLong,
    /// The client has gone, and nobody reads the answer.
    Gone,
}

fn unread(head: &Head<'_>, why: Unread, request_id: &str) -> Reply {
    let dialect = wire::dialect(head, &[]);
    let fault = match why {
        Unread::TooLong => Refusal::TooLarge.fault(dialect),
        Unread::Gone => Fault::refuse("IncompleteBody", "The request body could not be read."),
    };
    reply(wire::refuse(dialect, &fault, request_id))
}

async fn run(
    door: &Door,
    head: &Head<'_>,
    body: &Bytes,
    dialect: Dialect,
) -> Result<(&'static Operation, Value), Fault> {
    let refused = |refusal: Refusal| refusal.fault(dialect);
    let target = wire::target(head, body).map_err(refused)?;
    let operation = target.operation().map_err(refused)?;
    let caller = identity::caller(door, head, body, operation.service)
        .map_err(|trouble| refused(Refusal::from(trouble)))?;
    let input = wire::decode(dialect.protocol, operation, head, body).map_err(refused)?;
    wire::validate(operation, &input).map_err(refused)?;
    let output = dispatch(door, operation, input, caller).await;
    output.map(|output| (operation, output))
}

async fn dispatch(
    door: &Door,
    operation: &'static Operation,
    input: Value,
    caller: Caller,
) -> Result<Value, Fault> {
    match door.desk.table.find(operation) {
        Some(Handler::Read(read)) => {
            look(door, operation.name, &caller, |world, cx| read(world, cx, input))
        }
        Some(Handler::Disk(work)) => tokio::task::block_in_place(|| {
            look(door, operation.name, &caller, |world, cx| work(world, cx, input))
        }),
        Some(Handler::Write(_)) => {
            prepare(door, operation, &input).await;
            let (reply, answer) = oneshot::channel();
            let call = Call { operation, input, caller, reply };
            door.heart.send(Event::Call(call)).map_err(|_| Fault::internal())?;
            answer.await.map_err(|_| Fault::internal())?
        }
        None => Err(Fault::internal()),
    }
}

/// Runs a handler on the World as it is.
fn look(
    door: &Door,
    name: &str,
    caller: &Caller,
    handler: impl FnOnce(&World, &Cx<'_>) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    let world = door.desk.published.load_full();
    let cx = door.desk.cx(clock::now(), caller);
    catch_unwind(AssertUnwindSafe(|| handler(&world, &cx))).unwrap_or_else(|_| {
        tracing::error!(operation = name, "a handler panicked");
        Err(Fault::internal())
    })
}

/// Does beforehand what takes long and would hold up the heart.
async fn prepare(door: &Door, operation: &Operation, input: &Value) {
    match operation.name {
        "RequestCertificate" => prepare_key(door).await,
        "CompleteLayerUpload" => settle_layer(door, input).await,
        _ => {}
    }
}

/// Has a layer on the disk before the call gets to the heart, which then has to wait for its name
/// alone.
async fn settle_layer(door: &Door, input: &Value) {
    let Ok(input) = CompleteLayerUploadRequest::from_value(input.clone()) else { return };
    let layers = door.desk.layers.clone();
    let settled = tokio::task::spawn_blocking(move || layers.settle(&input.upload_id)).await;
    if let Err(why) = settled {
        tracing::warn!(error = %why, "a layer can't be settled beforehand");
    }
}

/// Has a key made before the call gets to the heart, where nothing else goes on meanwhile. If that
/// fails the heart makes one itself, and says why that fails.
async fn prepare_key(door: &Door) {
    let desk = Arc::clone(&door.desk);
    let prepared = tokio::task::spawn_blocking(move || desk.authority.prepare()).await;
    if let Ok(Err(why)) = prepared {
        tracing::warn!(error = %Chain(&why), "no key can be made beforehand");
    }
}

/// A new request's id. Ids need not be hard to guess, only different.
fn request_id(door: &Door) -> String {
    let count = door.requests.fetch_add(1, Relaxed);
    Ids::seeded(door.request_seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15)).uuid()
}

fn reply(answer: wire::Answer) -> Reply {
    Response::from(answer).map(|body| Full::new(Bytes::from(body)))
}
