//! An answer, ready to be sent.

use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::fmt;

/// The header that carries the request's id in every protocol here.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// An answer: status, headers (content type and request id above all), bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers. `content-length` is the server's matter.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer of a media type.
    pub(crate) fn new(
        status: StatusCode,
        media_type: &'static str,
        request_id: &str,
        body: Vec<u8>,
    ) -> Self {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self { status, headers, body }.with_header(REQUEST_ID, request_id)
    }

    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode, request_id: &str) -> Self {
        let headers = HeaderMap::with_capacity(4);
        Self { status, headers, body: Vec::new() }.with_header(REQUEST_ID, request_id)
    }

    /// The answer with one more header; one that no header can carry is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl From<Answer> for http::Response<Vec<u8>> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}

/// A body may hold a secret value, so only its length is shown.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}
