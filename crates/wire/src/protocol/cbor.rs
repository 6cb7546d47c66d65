//! Smithy's RPC v2 with CBOR: the operation in the path, input and output as CBOR maps of members.
//!
//! [`item`] knows CBOR itself (RFC 8949), the other files know shapes. The rules are those of the
//! Smithy specification and of botocore's `RpcV2CBORSerializer` and `RpcV2CBORParser`.

pub(crate) mod decode;
pub(crate) mod encode;
mod item;
pub(crate) mod refuse;

use api::Operation;
use http::header::HeaderName;

/// The media type of requests and answers.
pub(crate) const MEDIA_TYPE: &str = "application/cbor";

/// The header by which both ends say what they speak, and its value.
const SMITHY_PROTOCOL: (HeaderName, &str) =
    (HeaderName::from_static("smithy-protocol"), "rpc-v2-cbor");

/// Where requests for an operation go: `/service/GraniteServiceVersion20100801/operation/SetAlarmState`.
pub(crate) fn path(operation: &Operation) -> String {
    let service = operation.service.model().target_prefix;
    format!("/service/{service}/operation/{}", operation.name)
}

/// Service and operation of a path, if it is one of this protocol.
pub(crate) fn split(path: &str) -> Option<(&str, &str)> {
    let (service, operation) = path.strip_prefix("/service/")?.split_once("/operation/")?;
    (!service.contains('/') && !operation.contains('/')).then_some((service, operation))
}
