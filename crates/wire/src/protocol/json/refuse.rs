//! Faults to JSON and back: `{"__type":"ClusterNotFoundException","message":"Cluster not found."}`.

use super::MEDIA_TYPE;
use crate::Answer;
use crate::client::Reading;
use crate::protocol::status;
use crate::target::Dialect;
use api::{Fault, Service};
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Writes a fault with its details. The key of an empty message is left out.
pub(crate) fn write(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    let written = Written { message_key: message_key(dialect, fault.code), fault };
    // Writing into memory fails for maps with keys that are no strings, and there are none.
    let body = serde_json::to_vec(&written).unwrap_or_default();
    Answer::new(status(fault.status), MEDIA_TYPE, request_id, body)
}

/// A fault as it is written.
struct Written<'a> {
    message_key: &'static str,
    fault: &'a Fault,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut members = out.serialize_map(None)?;
        members.serialize_entry("__type", self.fault.code)?;
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
    let code = read.code?;
    let code = code.split(':').next().unwrap_or(&code);
    let code = code.rsplit('#').next().unwrap_or(code).to_owned();
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
