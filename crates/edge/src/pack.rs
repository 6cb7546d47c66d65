//! Answers packed with gzip, as CloudFront packs them: texts of a certain length.

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue};
use std::io::Write as _;
use std::ops::RangeInclusive;

/// How many bytes an answer has that is packed.
const SIZES: RangeInclusive<usize> = 1000..=10_000_000;
/// Types that are packed, of those that CloudFront lists; all of `text` are, too.
const TYPES: [&str; 11] = [
    "application/javascript",
    "application/json",
    "application/ld+json",
    "application/manifest+json",
    "application/rss+xml",
    "application/wasm",
    "application/x-javascript",
    "application/xhtml+xml",
    "application/xml",
    "font/ttf",
    "image/svg+xml",
];

/// The body packed, and the headers that say so; nothing where it stays as it is.
pub(crate) fn pack(headers: &mut HeaderMap, body: &Bytes) -> Option<Bytes> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let suits = kind.starts_with("text/") || TYPES.contains(&kind.as_str());
    if !suits || headers.contains_key(CONTENT_ENCODING) || !SIZES.contains(&body.len()) {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).ok()?;
    let packed = encoder.finish().ok()?;
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(packed.len()));
    headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    weaken(headers);
    Some(packed.into())
}

/// Other bytes are the same thing only weakly.
fn weaken(headers: &mut HeaderMap) {
    let tag = headers.get(ETAG).and_then(|value| value.to_str().ok());
    let weak = tag.filter(|tag| !tag.starts_with("W/")).map(|tag| format!("W/{tag}"));
    headers.extend(weak.and_then(|weak| HeaderValue::from_str(&weak).ok()).map(|it| (ETAG, it)));
}
