//! AWS JSON 1.1 and 1.0: the operation in a header, input and output as plain JSON. What differs is
//! the media type, and how errors name themselves.

pub(crate) mod decode;
mod document;
pub(crate) mod encode;
pub(crate) mod refuse;

use api::Protocol;

/// The media type of requests and answers.
fn media_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json10 => "application/x-amz-json-1.0",
        _ => "application/x-amz-json-1.1",
    }
}
