//! HTTP/1.1 as bytes: what a head says, and where a body ends.
//!
//! Pure: slices in, facts out. The hot path works on the bytes as they came, without turning them
//! into maps and back; that keeps the case and order of headers, costs less than nginx, and lets
//! us answer bad requests with ALB's own pages. It must not know rules, targets or connections.

mod body;
mod conduct;
mod field;
mod options;
mod request;
mod response;

pub(crate) use body::Body;
pub(crate) use conduct::{Conduct, Oddity, Trust};
pub(crate) use field::{Kind, kind, tokens};
pub(crate) use request::{Refusal, Request, Verb, Version};
pub(crate) use response::Response;

/// A header as it came.
pub(crate) use httparse::Header as Field;

use std::mem::MaybeUninit;

/// The longest head of a request (reference §4.9).
pub(crate) const REQUEST_HEAD: usize = 64 * 1024;
/// The longest head of a response (reference §4.9).
pub(crate) const RESPONSE_HEAD: usize = 32 * 1024;
/// The longest request line, and the longest header line (reference §4.9).
const LINE: usize = 16 * 1024;
/// The most headers in a head. AWS states no such limit; 64 K of usual headers are fewer.
const FIELDS: usize = 256;

/// Room for the headers of one head.
pub(crate) type Slots<'a> = [MaybeUninit<Field<'a>>; FIELDS];

/// Empty room for headers; it costs nothing, since nothing is written.
pub(crate) const fn slots<'a>() -> Slots<'a> {
    [const { MaybeUninit::uninit() }; FIELDS]
}

/// Whether a message's connection can carry another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// It can.
    KeepAlive,
    /// It is closed behind the message.
    Close,
}
