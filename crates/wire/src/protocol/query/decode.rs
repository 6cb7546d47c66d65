//! A form to an input, XML to an output.

use crate::Refusal;
use crate::client::Unreadable;
use crate::head::Head;
use crate::protocol::form;
use crate::protocol::naming::Naming;
use crate::protocol::xml::Reader;
use api::{Operation, Value};

/// Reads a request's input.
pub(crate) fn request(
    operation: &Operation,
    head: &Head<'_>,
    body: &[u8],
) -> Result<Value, Refusal> {
    let root = form::parse(form::bytes(head, body))?;
    Ok(form::read(Naming::Query, operation.input, &root)?)
}

/// Reads an answer's output.
pub(crate) fn answer(operation: &Operation, body: &[u8]) -> Result<Value, Unreadable> {
    let mut reader = Reader::new(Naming::Query, body);
    reader.enter()?;
    if let Some(wrapper) = operation.wrapper {
        reader.enter_named(wrapper)?;
    }
    reader.structure(operation.output)
}
