//! AWS JSON 1.1: the operation in a header, input and output as plain JSON.

pub(crate) mod decode;
mod document;
pub(crate) mod encode;
pub(crate) mod refuse;

/// The media type of requests and answers.
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";
