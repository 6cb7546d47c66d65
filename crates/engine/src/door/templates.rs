//! Templates that stand in a bucket: read before the call that names them by URL is handled.
//!
//! A URL that leads nowhere gives nothing here; the handler says so.

use super::{Door, objects};
use api::s3::GetObjectRequest;
use api::{Field as _, Operation, Service, Value};
use services::s3::Span;
use std::sync::Arc;

/// The longest template that AWS reads from a bucket, in bytes.
const LONGEST: u64 = 1_048_576;

/// The template that a call names by its URL.
pub(super) async fn fetch(door: &Door, operation: &Operation, input: &Value) -> Option<String> {
    let url = url(operation, input)?;
    let span = find(door, url)?;
    let store = Arc::clone(&door.objects);
    let bytes = tokio::task::spawn_blocking(move || objects::read(&store, &span)).await.ok()?;
    let bytes = bytes.inspect_err(|why| tracing::error!(error = %why, "a template can't be read"));
    String::from_utf8(bytes.ok()?).ok()
}

fn url<'a>(operation: &Operation, input: &'a Value) -> Option<&'a str> {
    if operation.service != Service::CloudFormation {
        return None;
    }
    let mut members = operation.input.members.iter();
    let at = members.position(|member| member.name == "TemplateURL")?;
    match input {
        Value::Structure(fields) => match fields.get(at)? {
            Value::String(url) => Some(url),
            _ => None,
        },
        _ => None,
    }
}

fn find(door: &Door, url: &str) -> Option<Span> {
    let (bucket, key) = services::cloudformation::template_object(url)?;
    let request = GetObjectRequest {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        ..GetObjectRequest::default()
    };
    let world = door.desk.published.load_full();
    let span = services::s3::span(&world, request.into_value())?;
    let length: u64 = span.iter().map(|(.., count)| count).sum();
    (length <= LONGEST).then_some(span)
}
