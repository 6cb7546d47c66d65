//! Faults to CBOR and back: a map of `__type`, `message` and the fault's details.

use super::encode::Writer;
use super::item::{Item, Malformed, Reader, major};
use super::{MEDIA_TYPE, SMITHY_PROTOCOL};
use crate::Answer;
use crate::client::Reading;
use crate::protocol::{compatible, status};
use crate::target::Dialect;
use api::Fault;

/// Writes a fault with its details. An empty message is left out.
pub(crate) fn write(dialect: Dialect, fault: &Fault, request_id: &str) -> Answer {
    let has_message = !fault.message.is_empty();
    let mut writer = Writer::default();
    writer.head(major::MAP, 1 + u64::from(has_message) + fault.details.len() as u64);
    writer.text("__type");
    writer.text(&compatible::shape(dialect, fault));
    if has_message {
        writer.text("message");
        writer.text(&fault.message);
    }
    for (name, values) in &fault.details {
        writer.text(name);
        writer.head(major::LIST, values.len() as u64);
        values.iter().for_each(|value| writer.text(value));
    }
    let (name, spoken) = SMITHY_PROTOCOL;
    Answer::new(status(fault.status), MEDIA_TYPE, request_id, writer.bytes)
        .with_header(name, spoken)
        .with_header(compatible::QUERY_ERROR, &compatible::query_error(fault))
}

/// Reads a fault.
pub(crate) fn read(body: &[u8]) -> Option<Reading> {
    let (code, message) = texts(body).ok()?;
    Some(Reading {
        code: compatible::code(&code?),
        message: message.unwrap_or_default(),
        request_id: None,
    })
}

/// The fault's type and message.
fn texts(body: &[u8]) -> Result<(Option<String>, Option<String>), Malformed> {
    let mut reader = Reader::new(body);
    let Item::Map(mut count) = reader.item()? else { return Err(Malformed) };
    let (mut code, mut message) = (None, None);
    while reader.more(&mut count)? {
        let Item::Text(key) = reader.item()? else { return Err(Malformed) };
        let member = match key.as_ref() {
            "__type" => &mut code,
            "message" | "Message" => &mut message,
            _ => {
                reader.skip()?;
                continue;
            }
        };
        if let Item::Text(text) = reader.item()? {
            *member = Some(text.into_owned());
        }
    }
    Ok((code, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{Protocol, Service};
    use http::header::CONTENT_TYPE;

    fn check(fault: &Fault, shape: &str, query_error: &str) {
        let dialect = Dialect { protocol: Protocol::Cbor, service: Some(Service::CloudWatch) };
        let answer = write(dialect, fault, "id");
        assert_eq!(answer.headers[CONTENT_TYPE], "application/cbor");
        assert_eq!(answer.headers["smithy-protocol"], "rpc-v2-cbor");
        assert_eq!(answer.headers["x-amzn-query-error"], query_error);
        let (code, message) = texts(&answer.body).expect("a fault is well-formed");
        assert_eq!(code.as_deref(), Some(shape));
        assert_eq!(message.unwrap_or_default(), fault.message);
    }

    #[test]
    fn a_fault_has_the_name_of_its_shape_and_querys_code_beside_it() {
        check(
            &Fault::refuse("InvalidFormat", "why"),
            "com.amazonaws.cloudwatch#InvalidFormatFault",
            "InvalidFormat;Sender",
        );
        check(
            &Fault::refuse("ResourceNotFound", "").with_status(404),
            "com.amazonaws.cloudwatch#ResourceNotFound",
            "ResourceNotFound;Sender",
        );
        check(
            &Fault::internal(),
            "com.amazonaws.cloudwatch#InternalFailure",
            "InternalFailure;Receiver",
        );
        let detailed = Fault::refuse("X", "y").with_detail("ids", vec!["1".to_owned()]);
        check(&detailed, "com.amazonaws.cloudwatch#X", "X;Sender");
    }

    #[test]
    fn what_is_no_fault_is_not_read() {
        for body in [&b""[..], b"\x01", b"\xa1", b"\xa1\x01\x01", b"\xa0"] {
            assert!(read(body).is_none(), "{body:02x?}");
        }
    }
}
