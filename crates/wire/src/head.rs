//! What comes before a request's body.

use http::header::HeaderName;
use http::{HeaderMap, Method, Uri};
use std::fmt;

/// The head of a request.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query; over HTTP/2 also the authority.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl<'a> Head<'a> {
    /// A header's value, when it is there and text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type of the body, without parameters such as `charset`.
    pub(crate) fn media_type(&self) -> Option<&'a str> {
        let value = self.header(&http::header::CONTENT_TYPE)?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }

    /// The query string, empty when there is none.
    pub(crate) fn query(&self) -> &'a str {
        self.uri.query().unwrap_or_default()
    }
}

/// Headers and query strings carry signatures and session tokens, so neither is shown.
impl fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Head({} {})", self.method, self.uri.path())
    }
}
