//! What lies in buckets, for distributions: S3's own answers, to whom the bucket's policy lets in.

use super::images::Pieces;
use super::objects;
use crate::clock;
use crate::desk::Desk;
use api::{Call as _, Fault, Operation, Protocol, Service, Value, s3};
use bytes::Bytes;
use edge::{Body, FileAsk};
use http::{HeaderMap, Method, Response, Uri, header};
use http_body_util::{BodyExt as _, Either, Full};
use registry::Store;
use services::cloudfront::{Reader, may};
use services::s3::Span;
use services::{Caller, Handler};
use std::sync::Arc;
use wire::{Dialect, Head};
use world::World;

/// The region's buckets, as distributions read them.
pub(crate) struct Buckets {
    desk: Arc<Desk>,
    objects: Arc<Store>,
}

// === impl Buckets ===

impl Buckets {
    /// Those of a region.
    pub(crate) fn new(desk: Arc<Desk>, objects: Arc<Store>) -> Self {
        Self { desk, objects }
    }

    fn find(&self, ask: &FileAsk<'_>) -> Result<(wire::Answer, Option<Span>), Fault> {
        let operation = match *ask.method {
            Method::GET => s3::GetObject::OPERATION,
            Method::HEAD => s3::HeadObject::OPERATION,
            _ => return Err(not_allowed()),
        };
        let world = self.desk.published.load_full();
        let uri: Uri = format!("/{}{}", ask.bucket, ask.path).parse().map_err(|_| denied())?;
        let mut headers: HeaderMap = ask.headers.clone();
        // A bucket may stand in a host's name, and this one's is a distribution's.
        headers.remove(header::HOST);
        let head = Head { method: ask.method, uri: &uri, headers: &headers };
        let input = wire::decode(Protocol::RestXml, operation, &head, &[]).map_err(|_| denied())?;
        let key = key(operation, &input).filter(|key| !key.is_empty()).ok_or_else(denied)?;
        let bucket = world.buckets.get(ask.bucket).ok_or_else(no_bucket)?;
        let reader = reader(&world, ask);
        if !may(&world, bucket, reader, ("s3:GetObject", &key)) {
            return Err(denied());
        }
        let span = objects::wanted(operation, &world, &input);
        match self.call(&world, operation, input) {
            Ok(output) => Ok((wire::encode(Protocol::RestXml, operation, &output, "edge"), span)),
            // Whoever may not list a bucket is not told what is not there.
            Err(fault) if fault.code == "NoSuchKey" || fault.status == 404 => {
                let lists = may(&world, bucket, reader, ("s3:ListBucket", ""));
                Err(if lists { fault } else { denied() })
            }
            Err(fault) => Err(fault),
        }
    }

    fn call(
        &self,
        world: &World,
        operation: &'static Operation,
        input: Value,
    ) -> Result<Value, Fault> {
        let account = &world.place.account;
        let caller =
            Caller { arn: format!("arn:aws:iam::{account}:root"), id: account.to_string() };
        match self.desk.table.find(operation) {
            Some(Handler::Read(read)) => read(world, &self.desk.cx(clock::now(), &caller), input),
            _ => Err(Fault::internal()),
        }
    }
}

impl edge::Files for Buckets {
    fn read(&self, ask: &FileAsk<'_>) -> Response<Body> {
        let dialect = Dialect { protocol: Protocol::RestXml, service: Some(Service::S3) };
        let (answer, span) =
            self.find(ask).unwrap_or_else(|fault| (wire::refuse(dialect, &fault, "edge"), None));
        let mut reply = match span.filter(|_| answer.status.is_success()) {
            Some(span) => objects::give(&self.objects, answer, span).map(body),
            None => Response::from(answer).map(|bytes| full(Full::new(Bytes::from(bytes)))),
        };
        let server = header::HeaderValue::from_static("AmazonS3");
        reply.headers_mut().insert(header::SERVER, server);
        reply.headers_mut().remove("x-amzn-requestid");
        reply
    }
}

/// Who the bucket sees: the distribution, where its origin has an access control.
fn reader<'a>(world: &World, ask: &FileAsk<'a>) -> Reader<'a> {
    let held = world.distributions.get(ask.site);
    let mut origins = held.iter().flat_map(|held| &held.config.origins.items);
    let known = origins.any(|origin| {
        let bucket = services::cloudfront::bucket(&origin.domain_name);
        let access = origin.origin_access_control_id.as_deref().unwrap_or_default();
        bucket == Some(ask.bucket) && !access.is_empty()
    });
    if known { Reader::Distribution(ask.site) } else { Reader::Anybody }
}

/// The key that an input names.
fn key(operation: &Operation, input: &Value) -> Option<String> {
    let at = operation.input.members.iter().position(|member| member.name == "Key")?;
    match input {
        Value::Structure(fields) => match fields.get(at)? {
            Value::String(key) => Some(key.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn body(either: Either<Full<Bytes>, Pieces>) -> Body {
    match either {
        Either::Left(bytes) => full(bytes),
        Either::Right(pieces) => pieces.map_err(Into::into).boxed_unsync(),
    }
}

fn full(bytes: Full<Bytes>) -> Body {
    bytes.map_err(|never| match never {}).boxed_unsync()
}

fn denied() -> Fault {
    Fault::refuse("AccessDenied", "Access Denied").with_status(403)
}

fn no_bucket() -> Fault {
    Fault::refuse("NoSuchBucket", "The specified bucket does not exist").with_status(404)
}

fn not_allowed() -> Fault {
    let text = "The specified method is not allowed against this resource.";
    Fault::refuse("MethodNotAllowed", text).with_status(405)
}
