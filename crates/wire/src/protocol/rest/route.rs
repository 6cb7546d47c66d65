//! Which operation a method, a path and a query name, and the way back.
//!
//! A bucket may stand in the host's name, as S3's clients like it: `shop.localhost:4566` and
//! `shop.s3.eu-west-1.localhost:4566` are the bucket `shop`. Such a request's path is read as if it
//! began with the bucket.

use crate::head::Head;
use crate::protocol::form::{self, percent_decoded, push_encoded};
use api::{Route, Service, ServiceModel};
use http::header::HOST;
use std::borrow::Cow;

/// The part of a host's name that stays on the machine (RFC 6761).
const LOCAL: &str = ".localhost";

/// The route that a request takes: of those that fit it, the one that asks for most.
pub(crate) fn find(model: &'static ServiceModel, head: &Head<'_>) -> Option<&'static Route> {
    let path = path(model.service, head);
    let method = head.method.as_str();
    let fits = |route: &&Route| {
        route.method == method
            && labels(route.path, &path).is_some()
            && route.query.iter().all(|part| has_parameter(head.query(), part))
            && route.header.is_none_or(|name| head.headers.contains_key(name))
    };
    let asks = |route: &&Route| {
        (route.query.len() + usize::from(route.header.is_some()), literals(route.path))
    };
    model.routes.iter().filter(fits).max_by_key(asks)
}

/// The path of a request, with the bucket that its host names.
pub(crate) fn path<'a>(service: Service, head: &Head<'a>) -> Cow<'a, str> {
    let path = head.uri.path();
    let bucket = if service == Service::S3 { host(head).and_then(bucket) } else { None };
    match bucket {
        Some(bucket) => Cow::Owned(format!("/{bucket}{path}")),
        None => Cow::Borrowed(path),
    }
}

/// What a path has in place of each label of a pattern, decoded.
pub(crate) fn labels(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    let mut parts = pattern.trim_start_matches('/').split('/').peekable();
    while let Some(part) = parts.next() {
        let label = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        if let Some(greedy) = label.and_then(|label| label.strip_suffix('+')) {
            found.push((greedy.to_owned(), decoded(rest)?));
            return (!rest.is_empty()).then_some(found);
        }
        let (segment, after) = rest.split_once('/').unwrap_or((rest, ""));
        match label {
            Some(label) if !segment.is_empty() => {
                found.push((label.to_owned(), decoded(segment)?));
            }
            None if segment == part => {}
            _ => return None,
        }
        // A bucket's path may end with a slash.
        if parts.peek().is_none() && !after.is_empty() {
            return None;
        }
        rest = after;
    }
    Some(found)
}

/// Writes a pattern's path with what its labels are. All that a last label `{Key+}` takes keeps its
/// slashes.
pub(crate) fn fill(pattern: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for part in pattern.trim_start_matches('/').split('/') {
        out.push('/');
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(label) => match label.strip_suffix('+') {
                Some(greedy) => {
                    let parts: Vec<String> = value(greedy).split('/').map(encoded).collect();
                    out.push_str(&parts.join("/"));
                }
                None => out.push_str(&encoded(&value(label))),
            },
            None => out.push_str(part),
        }
    }
    out
}

/// A text, percent-encoded.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_encoded(&mut out, text.as_bytes());
    out
}

fn decoded(text: &str) -> Option<String> {
    String::from_utf8(percent_decoded(text)?).ok()
}

/// How many parts of a pattern are no labels.
fn literals(pattern: &str) -> usize {
    pattern.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')).count()
}

/// Whether a query has `name`, or `name=value`.
fn has_parameter(query: &str, part: &str) -> bool {
    match part.split_once('=') {
        Some((name, value)) => form::first(query, name).is_some_and(|given| given == value),
        None => form::first(query, part).is_some(),
    }
}

fn host<'a>(head: &Head<'a>) -> Option<&'a str> {
    let host = head.header(&HOST).or_else(|| head.uri.host())?;
    Some(host.rsplit_once(':').map_or(host, |(name, _)| name))
}

/// The bucket that a host's name begins with.
fn bucket(host: &str) -> Option<&str> {
    let name = host.strip_suffix(LOCAL)?;
    if name == "s3" || name.starts_with("s3.") {
        return None;
    }
    let end =
        name.rfind(".s3").filter(|at| matches!(name.get(at + 3..at + 4), Some("" | ".") | None));
    Some(&name[..end.unwrap_or(name.len())])
}

#[cfg(test)]
mod tests;
