//! Faults to JSON and back: `{"__type":"ClusterNotFoundException","message":"Cluster not found."}`.
//! JSON 1.0 names the error's shape in full.

use super::media_type;
use crate::Answer;
use crate::client::Reading;
use crate::protocol::{compatible, status};
use crate::target::Dialect;
use api::{Fault, Protocol, Service};
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::borrow::Cow;

/// Writes a fault with its details. The key of an empty message is left out.
pub(crate) fn write(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    let in_full = dialect.protocol == Protocol::Json10;
    let written = Written {
        shape: if in_full { compatible::shape(dialect, fault).into() } else { fault.code.into() },
        message_key: message_key(dialect, fault.code),
        fault,
    };
    // Writing into memory fails for maps with keys that are no strings, and there are none.
    let body = serde_json::to_vec(&written).unwrap_or_default();
    let media_type = media_type(dialect.protocol);
    let answer = Answer::new(status(fault.status), media_type, request_id, body);
    if !in_full {
        return answer;
    }
    answer.with_header(compatible::QUERY_ERROR, &compatible::query_error(fault))
}

/// A fault as it is written.
struct Written<'a> {
    shape: Cow<'a, str>,
    message_key: &'static str,
    fault: &'a Fault,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut members = out.serialize_map(None)?;
        members.serialize_entry("__type", &self.shape)?;
        if !self.fault.message.is_empty() {
            members.serialize_entry(self.message_key, &self.fault.message)?;
        }
        for (name, values) in &self.fault.details {
            members.serialize_entry(name, values)?;
        }
        members.end()
    }
}

/// The message's key: as the error's shape has it, which is `Message` in Secrets Manager's model;
/// `Message` also where the serializer of any service speaks, as Kinesis and Athena were seen to do.
fn message_key(dialect: Dialect, code: &str) -> &'static str {
    let capital =
        dialect.service == Some(Service::SecretsManager) || code == "SerializationException";
    if capital { "Message" } else { "message" }
}

/// Reads a fault. The type may carry a namespace before `#` and a URL after `:`.
pub(crate) fn read(body: &[u8]) -> Option<Reading> {
    let read: Read = serde_json::from_slice(body).ok()?;
    let code = compatible::code(&read.code?);
    let message = read.message.or(read.capital_message).unwrap_or_default();
    Some(Reading { code, message, request_id: None })
}

/// What is read of a fault. Some services give the message under both of its names.
#[derive(Deserialize)]
struct Read {
    #[serde(rename = "__type")]
    code: Option<String>,
    message: Option<String>,
    #[serde(rename = "Message")]
    capital_message: Option<String>,
}

#[cfg(test)]
mod tests;
