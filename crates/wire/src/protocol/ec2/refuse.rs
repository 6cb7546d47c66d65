//! Faults to XML and back: `Response`, `Errors`, `Error`; no namespace, no type.

use super::MEDIA_TYPE;
use crate::Answer;
use crate::client::Reading;
use crate::protocol::naming::Naming;
use crate::protocol::{status, xml};
use api::Fault;

/// Writes a fault. EC2's errors have no members beside code and message.
pub(crate) fn write(fault: &Fault, request_id: &str) -> Answer {
    let mut writer = xml::Writer::new(Naming::Ec2);
    writer.declaration();
    writer.element("Response", |writer| {
        writer.element("Errors", |writer| {
            writer.element("Error", |writer| {
                writer.leaf("Code", fault.code);
                writer.leaf("Message", &fault.message);
            });
        });
        writer.leaf("RequestID", request_id);
    });
    Answer::new(status(fault.status), MEDIA_TYPE, request_id, writer.into_bytes())
}

/// Reads a fault.
pub(crate) fn read(body: &[u8]) -> Option<Reading> {
    let [code, message, request_id] = xml::texts(body, ["Code", "Message", "RequestID"]).ok()?;
    Some(Reading { code: code?, message: message.unwrap_or_default(), request_id })
}
