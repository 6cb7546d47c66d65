//! AWS's protocols in both directions, and request signatures.
//!
//! A request comes in as a [`Head`] and bytes. [`target()`] says which operation it asks for,
//! [`decode`] turns it into a value along the operation's shape, [`validate()`] holds the value
//! against the shape's constraints; [`encode`] and [`refuse`] write the answer. [`client`] is the
//! same seen from the other end. [`sigv4`] reads and checks signatures.
//!
//! ```
//! # fn handle(_: &api::Operation, _: api::Value) -> api::Value { api::Value::default() }
//! fn serve(head: &wire::Head<'_>, body: &[u8], request_id: &str) -> wire::Answer {
//!     let dialect = wire::dialect(head, body);
//!     let protocol = dialect.protocol;
//!     let read = wire::target(head, body).and_then(wire::Target::operation).and_then(|operation| {
//!         let input = wire::decode(protocol, operation, head, body)?;
//!         wire::validate(operation, &input)?;
//!         Ok((operation, input))
//!     });
//!     match read {
//!         Ok((operation, input)) => {
//!             wire::encode(protocol, operation, &handle(operation, input), request_id)
//!         }
//!         Err(refusal) => wire::refuse(dialect, &refusal.fault(dialect), request_id),
//!     }
//! }
//! ```
//!
//! No code here knows an operation: the codecs walk a shape and bytes side by side. Each protocol
//! is a folder of `protocol` with the same three files. A service may speak several: which one a
//! request speaks, [`dialect()`] tells.
//!
//! This room must not know: what an operation does, sockets, the clock (`now` is an argument). It
//! holds no state; the compiled patterns of `validate` are a memory of constants.
//!
//! Start reading at [`target`](mod@target), then `protocol`.

pub mod answer;
pub mod chunked;
pub mod client;
pub mod head;
mod hex;
pub mod limits;
mod protocol;
pub mod refusal;
pub mod sigv4;
pub mod target;
mod time;
pub mod validate;

pub use answer::Answer;
pub use chunked::{Chunked, NotChunked};
pub use head::Head;
pub use limits::MAX_BODY;
pub use refusal::Refusal;
pub use target::{Dialect, Target, dialect, target};
pub use validate::validate;

use api::{Fault, Operation, Protocol, Value};
use protocol::{cbor, ec2, json, query, rest};

/// Reads a request's input along the operation's shape: a [`Value::Structure`] with one field a
/// member. Members that the shape does not have are ignored, as AWS does; constraints are
/// [`validate()`]'s matter.
///
/// # Errors
/// When the bytes are not of the protocol, are of the wrong kind somewhere, or exceed [`limits`].
pub fn decode(
    protocol: Protocol,
    operation: &'static Operation,
    head: &Head<'_>,
    body: &[u8],
) -> Result<Value, Refusal> {
    if body.len() > MAX_BODY {
        return Err(Refusal::TooLarge);
    }
    match protocol {
        Protocol::Json11 | Protocol::Json10 => json::decode::request(operation, body),
        Protocol::Query => query::decode::request(operation, head, body),
        Protocol::Ec2 => ec2::decode::request(operation, head, body),
        Protocol::Cbor => cbor::decode::request(operation, body),
        Protocol::RestXml => rest::decode::request(operation, head, body),
    }
}

/// Writes an operation's output as a successful answer. Members that are absent are left out.
#[must_use]
pub fn encode(
    protocol: Protocol,
    operation: &'static Operation,
    output: &Value,
    request_id: &str,
) -> Answer {
    match protocol {
        Protocol::Json11 | Protocol::Json10 => {
            json::encode::answer(protocol, operation, output, request_id)
        }
        Protocol::Query => query::encode::answer(operation, output, request_id),
        Protocol::Ec2 => ec2::encode::answer(operation, output, request_id),
        Protocol::Cbor => cbor::encode::answer(operation, output, request_id),
        Protocol::RestXml => rest::encode::answer(operation, output, request_id),
    }
}

/// Writes a fault as the caller's protocol words it. A fault with an empty message gets none, as
/// AWS does for some.
#[must_use]
pub fn refuse(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    match dialect.protocol {
        Protocol::Json11 | Protocol::Json10 => json::refuse::write(dialect, fault, request_id),
        Protocol::Query => query::refuse::write(dialect, fault, request_id),
        Protocol::Ec2 => ec2::refuse::write(fault, request_id),
        Protocol::Cbor => cbor::refuse::write(dialect, fault, request_id),
        Protocol::RestXml => rest::refuse::write(dialect, fault, request_id),
    }
}
