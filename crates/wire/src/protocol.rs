//! The protocols, one folder each, with the same three files in each:
//!
//! * `decode`: `request` (bytes to input, for the server), `answer` (bytes to output, for the client);
//! * `encode`: `answer` (output to bytes), `request` (input to bytes);
//! * `refuse`: `write` (a fault to bytes), `read` (bytes to code and message).
//!
//! [`form`] and [`xml`] are what Query and EC2 share, and REST-XML in part; [`naming`] is in what they
//! differ.
//! [`compatible`] is what JSON 1.0 and CBOR say for clients that once spoke Query.

pub(crate) mod cbor;
pub(crate) mod compatible;
pub(crate) mod ec2;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod naming;
pub(crate) mod query;
pub(crate) mod rest;
pub(crate) mod xml;

use http::StatusCode;

/// The HTTP status of a fault; a number that is none counts as the service's own failure.
pub(crate) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
