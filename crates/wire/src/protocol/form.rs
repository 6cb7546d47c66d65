//! Forms: `Action=CreateListener&Port=80&DefaultActions.member.1.Type=forward`.
//!
//! [`parse`](parse()) makes a tree of the names' parts, [`read`] walks the tree along a shape,
//! [`write()`] is the way back, for the client.

mod parse;
mod read;
mod write;

pub(crate) use parse::{first, parse, percent_decoded};
pub(crate) use read::{read, read_scalar};
pub(crate) use write::{push_encoded, scalar_text, write};

use crate::head::Head;
use http::Method;

/// The media type of requests.
pub(crate) const MEDIA_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// The bytes that hold the form of a request: the body of a POST, else the query string.
pub(crate) fn bytes<'a>(head: &Head<'a>, body: &'a [u8]) -> &'a [u8] {
    let in_body = *head.method == Method::POST && !body.is_empty();
    if in_body { body } else { head.query().as_bytes() }
}

#[cfg(test)]
mod tests;
