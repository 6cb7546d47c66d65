//! AWS's API: from bytes to an operation and back.

use super::{Door, LongReply, identity, objects, templates};
use crate::clock;
use crate::heart::{Beside, Call, Chain, Event};
use api::ecr::CompleteLayerUploadRequest;
use api::{Fault, Field as _, Operation, Value};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use model::Ids;
use services::s3::Span;
use services::{Caller, Cx, Handler, Received};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::oneshot;
use wire::{Dialect, Head, MAX_BODY, Refusal};
use world::World;

/// Answers a call of AWS's API.
pub(crate) async fn answer(door: &Door, request: Request<Incoming>) -> LongReply {
    let request_id = request_id(door);
    let (parts, body) = request.into_parts();
    let head = Head { method: &parts.method, uri: &parts.uri, headers: &parts.headers };
    if objects::brings_bytes(&head) {
        return match objects::receive(door, &head, body).await {
            Ok(received) => handle(door, &head, Came::Stored(received), &request_id).await,
            Err(fault) => reply(wire::refuse(wire::dialect(&head, &[]), &fault, &request_id)),
        };
    }
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
    handle(door, &head, Came::Read(body), &request_id).await
}

/// A request's body.
enum Came {
    /// As it is.
    Read(Bytes),
    /// Stored, and not part of the input.
    Stored(Received),
}

/// What a call came to: its output, and bytes that go out beside it.
type Outcome = Result<(Value, Option<Span>), Fault>;

async fn handle(door: &Door, head: &Head<'_>, came: Came, request_id: &str) -> LongReply {
    let (body, received) = match came {
        Came::Read(body) => (body, None),
        Came::Stored(received) => (Bytes::new(), Some(received)),
    };
    let dialect = wire::dialect(head, &body);
    match run(door, head, (&body, received), dialect).await {
        Ok((operation, output, span)) => {
            let answer = wire::encode(dialect.protocol, operation, &output, request_id);
            match span {
                Some(span) => objects::give(&door.objects, answer, span),
                None => reply(answer),
            }
        }
        Err(fault) => reply(wire::refuse(dialect, &fault, request_id)),
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

fn unread(head: &Head<'_>, why: Unread, request_id: &str) -> LongReply {
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
    (body, received): (&Bytes, Option<Received>),
    dialect: Dialect,
) -> Result<(&'static Operation, Value, Option<Span>), Fault> {
    let refused = |refusal: Refusal| refusal.fault(dialect);
    let target = wire::target(head, body).map_err(refused)?;
    let operation = target.operation().map_err(refused)?;
    let caller = identity::caller(door, head, body, operation.service)
        .map_err(|trouble| refused(Refusal::from(trouble)))?;
    let input = wire::decode(dialect.protocol, operation, head, body).map_err(refused)?;
    wire::validate(operation, &input).map_err(refused)?;
    let outcome = dispatch(door, operation, (input, received), caller).await;
    outcome.map(|(output, span)| (operation, output, span))
}

async fn dispatch(
    door: &Door,
    operation: &'static Operation,
    (input, received): (Value, Option<Received>),
    caller: Caller,
) -> Outcome {
    let template = templates::fetch(door, operation, &input).await;
    match door.desk.table.find(operation) {
        Some(Handler::Read(read)) => look(door, operation.name, &caller, |world, cx| {
            let span = objects::wanted(operation, world, &input);
            let cx = Cx { template: template.as_deref(), ..*cx };
            read(world, &cx, input).map(|output| (output, span))
        }),
        Some(Handler::Disk(work)) => tokio::task::block_in_place(|| {
            look(door, operation.name, &caller, |world, cx| {
                work(world, cx, input).map(|output| (output, None))
            })
        }),
        Some(Handler::Write(_)) => {
            prepare(door, operation, &input).await;
            let (reply, answer) = oneshot::channel();
            let beside = Box::new(Beside { received, template });
            let call = Call { operation, input, caller, beside, reply };
            door.heart.send(Event::Call(call)).map_err(|_| Fault::internal())?;
            let output = answer.await.map_err(|_| Fault::internal())??;
            Ok((output, None))
        }
        None => Err(Fault::internal()),
    }
}

/// Runs a handler on the World as it is.
fn look(
    door: &Door,
    name: &str,
    caller: &Caller,
    handler: impl FnOnce(&World, &Cx<'_>) -> Outcome,
) -> Outcome {
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
    Ids::seeded(door.chance()).uuid()
}

fn reply(answer: wire::Answer) -> LongReply {
    Response::from(answer).map(|body| Either::Left(Full::new(Bytes::from(body))))
}
