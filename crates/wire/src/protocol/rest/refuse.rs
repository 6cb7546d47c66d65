//! Faults to XML and back. S3 has an `Error` alone, other services have it in an `ErrorResponse`.

use super::MEDIA_TYPE;
use super::encode::S3_REQUEST_ID;
use crate::Answer;
use crate::client::Reading;
use crate::protocol::naming::Naming;
use crate::protocol::{status, xml};
use crate::target::Dialect;
use api::{Fault, Service};

/// Writes a fault with its details.
pub(crate) fn write(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    let mut writer = xml::Writer::new(Naming::Rest);
    writer.declaration();
    let s3 = dialect.service == Some(Service::S3);
    if s3 {
        writer.element("Error", |writer| {
            error(writer, fault);
            writer.leaf("RequestId", request_id);
            writer.leaf("HostId", "neargate");
        });
    } else {
        let namespace = dialect.service.map_or("", |service| service.model().xml_namespace);
        writer.root("ErrorResponse", namespace, |writer| {
            writer.element("Error", |writer| {
                writer.leaf("Type", if fault.status < 500 { "Sender" } else { "Receiver" });
                error(writer, fault);
            });
            writer.leaf("RequestId", request_id);
        });
    }
    let answer = Answer::new(status(fault.status), MEDIA_TYPE, request_id, writer.into_bytes());
    if s3 { answer.with_header(S3_REQUEST_ID, request_id) } else { answer }
}

fn error(writer: &mut xml::Writer, fault: &Fault) {
    writer.leaf("Code", fault.code);
    writer.leaf("Message", &fault.message);
    for (name, values) in &fault.details {
        writer.leaf(name, &values.join(","));
    }
}

/// Reads a fault.
pub(crate) fn read(body: &[u8]) -> Option<Reading> {
    let [code, message, request_id] = xml::texts(body, ["Code", "Message", "RequestId"]).ok()?;
    Some(Reading { code: code?, message: message.unwrap_or_default(), request_id })
}
