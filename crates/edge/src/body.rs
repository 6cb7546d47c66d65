//! Bodies of answers and of requests to origins.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};

/// Why a body ends early.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body of any kind.
pub type Body = UnsyncBoxBody<Bytes, BodyError>;

/// These bytes.
pub(crate) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// None.
pub(crate) fn none() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}
