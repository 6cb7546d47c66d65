//! An output to XML, an input to a form.

use crate::Answer;
use crate::client::Request;
use crate::protocol::naming::Naming;
use crate::protocol::{form, xml};
use api::{Operation, Value};
use http::StatusCode;

/// Writes an output, in its wrapper if the model has one.
pub(crate) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Answer {
    let namespace = operation.service.model().xml_namespace;
    let mut writer = xml::Writer::new(Naming::Query);
    writer.root(&format!("{}Response", operation.name), namespace, |writer| {
        if let Some(wrapper) = operation.wrapper {
            writer.element(wrapper, |writer| writer.members(operation.output, output));
        }
        writer.element("ResponseMetadata", |writer| writer.leaf("RequestId", request_id));
    });
    Answer::new(StatusCode::OK, xml::MEDIA_TYPE, request_id, writer.into_bytes())
}

/// Writes an input.
pub(crate) fn request(operation: &Operation, input: &Value) -> Request {
    let head = [("Action", operation.name), ("Version", operation.service.model().version)];
    let form = form::write(Naming::Query, operation.input, input, &head);
    Request::new(form::MEDIA_TYPE, form.into_bytes())
}
