//! Faults to XML and back: an `ErrorResponse` with type, code and message.

use crate::Answer;
use crate::client::Reading;
use crate::protocol::naming::Naming;
use crate::protocol::{status, xml};
use crate::target::Dialect;
use api::Fault;

/// The namespace of refusals that come before any service is reached, as STS was seen to answer.
const AWS_FAULT: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// Writes a fault with its details. An empty message gets no element.
pub(crate) fn write(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    let at_the_door = ["InvalidAction", "MissingAction", "MalformedQueryString"];
    let service = dialect.service.filter(|_| !at_the_door.contains(&fault.code));
    let namespace = service.map_or(AWS_FAULT, |service| service.model().xml_namespace);
    let mut writer = xml::Writer::new(Naming::Query);
    writer.root("ErrorResponse", namespace, |writer| {
        writer.element("Error", |writer| error(writer, fault));
        writer.leaf("RequestId", request_id);
    });
    Answer::new(status(fault.status), xml::MEDIA_TYPE, request_id, writer.into_bytes())
}

fn error(writer: &mut xml::Writer, fault: &Fault) {
    writer.leaf("Type", if fault.status < 500 { "Sender" } else { "Receiver" });
    writer.leaf("Code", fault.code);
    if !fault.message.is_empty() {
        writer.leaf("Message", &fault.message);
    }
    for (name, values) in &fault.details {
        writer.element(name, |writer| {
            values.iter().for_each(|value| writer.leaf("member", value));
        });
    }
}

/// Reads a fault.
pub(crate) fn read(body: &[u8]) -> Option<Reading> {
    let [code, message, request_id] = xml::texts(body, ["Code", "Message", "RequestId"]).ok()?;
    Some(Reading { code: code?, message: message.unwrap_or_default(), request_id })
}

#[cfg(test)]
mod tests;
