//! The protocols from the caller's end: requests are written, answers are read.
//!
//! The deployer uses this against AWS and against the local region alike; it adds the host, signs
//! and sends.

use crate::answer::REQUEST_ID;
use crate::protocol::{cbor, compatible, ec2, json, query, rest};
use api::{Operation, Protocol, Value};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use std::fmt;

/// A request, unsigned.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method: `POST` but for REST-XML.
    pub method: Method,
    /// Where to, with a query where there is one: `/` but for CBOR and REST-XML.
    pub path: String,
    /// The headers that the protocol asks for.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// What a call brought instead of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The service refused.
    Refused(Refused),
    /// The answer makes no sense.
    Unreadable(Unreadable),
}

/// A service's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The code, `ClusterNotFoundException`; the HTTP status where the answer has none, as when a
    /// proxy answers.
    pub code: String,
    /// The message; may be empty.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// The request's id, for support cases.
    pub request_id: Option<String>,
}

/// An answer that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    why: String,
}

/// What a refusal's body says.
pub(crate) struct Reading {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
}

/// Writes a request for an operation in a protocol that its service speaks. Members that are absent
/// are left out.
#[must_use]
pub fn encode(protocol: Protocol, operation: &'static Operation, input: &Value) -> Request {
    match protocol {
        Protocol::Json11 | Protocol::Json10 => json::encode::request(protocol, operation, input),
        Protocol::Query => query::encode::request(operation, input),
        Protocol::Ec2 => ec2::encode::request(operation, input),
        Protocol::Cbor => cbor::encode::request(operation, input),
        Protocol::RestXml => rest::encode::request(operation, input),
    }
}

/// Reads the answer to a request for an operation: its output along the operation's shape, with
/// members that the shape does not have left out.
///
/// # Errors
/// When the service refused, or the bytes are not what the protocol says.
pub fn decode(
    protocol: Protocol,
    operation: &'static Operation,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Failure> {
    if !status.is_success() {
        return Err(Failure::Refused(refused(protocol, status, headers, body)));
    }
    let read = match protocol {
        Protocol::Json11 | Protocol::Json10 => json::decode::answer(operation, body),
        Protocol::Query => query::decode::answer(operation, body),
        Protocol::Ec2 => ec2::decode::answer(operation, body),
        Protocol::Cbor => cbor::decode::answer(operation, body),
        Protocol::RestXml => rest::decode::answer(operation, headers, body),
    };
    read.map_err(Failure::Unreadable)
}

fn refused(protocol: Protocol, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refused {
    let reading = match protocol {
        Protocol::Json11 | Protocol::Json10 => json::refuse::read(body),
        Protocol::Query => query::refuse::read(body),
        Protocol::Ec2 => ec2::refuse::read(body),
        Protocol::Cbor => cbor::refuse::read(body),
        Protocol::RestXml => rest::refuse::read(body),
    };
    let reading = reading.unwrap_or_else(|| Reading {
        code: status.as_u16().to_string(),
        message: status.canonical_reason().unwrap_or_default().to_owned(),
        request_id: None,
    });
    let in_header = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    Refused {
        code: compatible::query_code(headers).unwrap_or(reading.code),
        message: reading.message,
        status: status.as_u16(),
        request_id: in_header.map(str::to_owned).or(reading.request_id),
    }
}

// === impl Request ===

impl Request {
    pub(crate) fn new(media_type: &'static str, body: Vec<u8>) -> Self {
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Self { method: Method::POST, path: "/".to_owned(), headers, body }
    }

    /// A request without headers.
    pub(crate) fn bare(method: Method, path: String, body: Vec<u8>) -> Self {
        Self { method, path, headers: HeaderMap::new(), body }
    }

    /// The request to another path.
    pub(crate) fn with_path(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// The request with one more header; one that no header can carry is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl From<Request> for http::Request<Vec<u8>> {
    fn from(request: Request) -> Self {
        let mut whole = Self::new(request.body);
        *whole.method_mut() = request.method;
        *whole.headers_mut() = request.headers;
        if let Ok(path) = request.path.parse() {
            *whole.uri_mut() = path;
        }
        whole
    }
}

/// A body may hold a secret value, so only its length is shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} bytes)", self.body.len())
    }
}

// === impl Failure ===

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Unreadable(unreadable) => unreadable.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {}): {}", self.code, self.status, self.message)
    }
}

impl std::error::Error for Refused {}

// === impl Unreadable ===

impl Unreadable {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unreadable answer: {}", self.why)
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests;
