//! The canonical request: the one form of a request that both ends sign.

use super::Claim;
use crate::head::Head;
use crate::hex;
use crate::protocol::form::{percent_decoded, push_encoded};
use api::Service;
use aws_lc_rs::digest::{SHA256, digest};
use http::header::{HOST, HeaderName};

/// The header by which a signer says that it did not read the body.
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Writes a request in its canonical form: method, path, query, headers, their names, body's hash.
pub(super) fn request(claim: &Claim, head: &Head<'_>, body: &[u8]) -> String {
    let s3 = claim.service == Service::S3.model().signing_name;
    let payload = match head.header(&CONTENT_SHA256) {
        Some(UNSIGNED) => UNSIGNED.to_owned(),
        // Bodies of S3 are not read before they are let in: what is signed is what was said of them.
        Some(stated) if s3 => stated.to_owned(),
        None if s3 => UNSIGNED.to_owned(),
        _ => sha256(body),
    };
    format!(
        "{method}\n{path}\n{query}\n{headers}\n{names}\n{payload}",
        method = head.method,
        path = if s3 { head.uri.path().to_owned() } else { path(head.uri.path()) },
        query = query(head.query()),
        headers = headers(claim, head),
        names = claim.signed_headers.join(";"),
    )
}

/// SHA-256 in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes).as_ref())
}

/// The path without empty, `.` and `..` segments, encoded once more: every service but S3 has it so.
fn path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut out = String::new();
    for segment in &segments {
        out.push('/');
        push_encoded(&mut out, segment.as_bytes());
    }
    if segments.is_empty() || path.ends_with('/') {
        out.push('/');
    }
    out
}

/// The query's parameters, encoded and sorted, without the signature itself.
fn query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut encoded: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| (encoded_again(name), encoded_again(value)))
        .collect();
    encoded.sort();
    let pairs: Vec<String> =
        encoded.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A part of a query in AWS's one way of encoding. What can't be decoded is taken as it is; its
/// signature then differs.
fn encoded_again(part: &str) -> String {
    let bytes = percent_decoded(part).unwrap_or_else(|| part.as_bytes().to_vec());
    let mut out = String::with_capacity(part.len());
    push_encoded(&mut out, &bytes);
    out
}

/// The signed headers, one a line, with their values trimmed and their spaces single.
fn headers(claim: &Claim, head: &Head<'_>) -> String {
    claim.signed_headers.iter().fold(String::new(), |mut text, name| {
        text.push_str(name);
        text.push(':');
        text.push_str(&header_value(head, name));
        text.push('\n');
        text
    })
}

fn header_value(head: &Head<'_>, name: &str) -> String {
    let values: Vec<String> = head
        .headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    // Over HTTP/2 the host is the URI's authority.
    let authority = head.uri.authority().filter(|_| values.is_empty() && name == HOST.as_str());
    authority.map_or_else(|| values.join(","), |authority| authority.as_str().to_owned())
}
