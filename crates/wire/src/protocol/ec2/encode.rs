//! An output to XML, an input to a form.

use super::MEDIA_TYPE;
use crate::Answer;
use crate::client::Request;
use crate::protocol::naming::Naming;
use crate::protocol::{form, xml};
use api::{Operation, Value};
use http::StatusCode;

/// Writes an output. EC2's own answers have a slash after the namespace that the model names.
pub(crate) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Answer {
    let namespace = format!("{}/", operation.service.model().xml_namespace);
    let mut writer = xml::Writer::new(Naming::Ec2);
    writer.declaration();
    writer.root(&format!("{}Response", operation.name), &namespace, |writer| {
        writer.leaf("requestId", request_id);
        writer.members(operation.output, output);
    });
    Answer::new(StatusCode::OK, MEDIA_TYPE, request_id, writer.into_bytes())
}

/// Writes an input.
pub(crate) fn request(operation: &Operation, input: &Value) -> Request {
    let head = [("Action", operation.name), ("Version", operation.service.model().version)];
    let form = form::write(Naming::Ec2, operation.input, input, &head);
    Request::new(form::MEDIA_TYPE, form.into_bytes())
}
