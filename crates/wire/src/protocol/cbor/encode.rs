//! Values to CBOR, always with lengths. Members that are absent are left out.

use super::item::major;
use super::{MEDIA_TYPE, SMITHY_PROTOCOL, path};
use crate::Answer;
use crate::client::Request;
use crate::protocol::compatible::QUERY_MODE;
use api::{Operation, Shape, Structure, Value};
use http::StatusCode;
use http::header::ACCEPT;
use model::Timestamp;

/// The tag of a point in time: seconds since the epoch.
const EPOCH: u64 = 1;

/// Writes an output. Where the model has none there is no body.
pub(crate) fn answer(operation: &Operation, output: &Value, request_id: &str) -> Answer {
    let (name, spoken) = SMITHY_PROTOCOL;
    let answer = if operation.output.name.is_empty() {
        Answer::empty(StatusCode::OK, request_id)
    } else {
        let mut writer = Writer::default();
        writer.structure(operation.output, output);
        Answer::new(StatusCode::OK, MEDIA_TYPE, request_id, writer.bytes)
    };
    answer.with_header(name, spoken)
}

/// Writes an input.
pub(crate) fn request(operation: &Operation, input: &Value) -> Request {
    let mut writer = Writer::default();
    writer.structure(operation.input, input);
    let (name, spoken) = SMITHY_PROTOCOL;
    Request::new(MEDIA_TYPE, writer.bytes)
        .with_path(path(operation))
        .with_header(name, spoken)
        .with_header(ACCEPT, MEDIA_TYPE)
        .with_header(QUERY_MODE, "true")
}

/// Bytes under way.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    /// The beginning of an item: its kind, and its number, length or count in as few bytes as it takes.
    pub(super) fn head(&mut self, major: u8, number: u64) {
        let major = major << 5;
        let bytes = number.to_be_bytes();
        match number {
            0..24 => self.bytes.push(major | bytes[7]),
            24..0x100 => self.bytes.extend([major | 24, bytes[7]]),
            0x100..0x1_0000 => {
                self.bytes.push(major | 25);
                self.bytes.extend(&bytes[6..]);
            }
            0x1_0000..0x1_0000_0000 => {
                self.bytes.push(major | 26);
                self.bytes.extend(&bytes[4..]);
            }
            _ => {
                self.bytes.push(major | 27);
                self.bytes.extend(bytes);
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.head(major::TEXT, text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn structure(&mut self, shape: &'static Structure, value: &Value) {
        let Value::Structure(fields) = value else { return self.null() };
        let present = || fields.iter().zip(shape.members).filter(|(it, _)| **it != Value::Absent);
        self.head(major::MAP, present().count() as u64);
        for (field, member) in present() {
            self.text(member.name);
            self.value(member.shape, field);
        }
    }

    fn value(&mut self, shape: Shape, value: &Value) {
        match (value, shape) {
            (Value::Structure(_), Shape::Structure(shape)) => self.structure(shape, value),
            (Value::List(elements), Shape::List(list)) => {
                self.head(major::LIST, elements.len() as u64);
                elements.iter().for_each(|element| self.value(list.element, element));
            }
            (Value::Map(entries), Shape::Map(map)) => {
                self.head(major::MAP, entries.len() as u64);
                for (key, value) in entries {
                    self.text(key);
                    self.value(map.value, value);
                }
            }
            #[expect(clippy::cast_possible_truncation, reason = "a float has single precision")]
            (Value::Double(number), Shape::Float) => {
                self.bytes.push(major::OTHER << 5 | 26);
                self.bytes.extend((*number as f32).to_be_bytes());
            }
            (value, _) => self.scalar(value),
        }
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Boolean(flag) => self.bytes.push(major::OTHER << 5 | 20 | u8::from(*flag)),
            Value::Integer(number) => self.integer(*number),
            Value::Double(number) => self.double(*number),
            Value::String(text) => self.text(text),
            Value::Secret(secret) => self.text(secret.reveal()),
            Value::Blob(bytes) => self.blob(bytes),
            Value::SecretBlob(secret) => self.blob(secret.reveal()),
            Value::Timestamp(at) => self.timestamp(*at),
            // No service that speaks CBOR has documents, and a list, map or structure that its shape
            // does not know never leaves a handler.
            Value::Document(_)
            | Value::Absent
            | Value::List(_)
            | Value::Map(_)
            | Value::Structure(_) => self.null(),
        }
    }

    /// A negative number is written as how far it lies below -1.
    fn integer(&mut self, number: i64) {
        let major = if number < 0 { major::NEGATIVE } else { major::UNSIGNED };
        self.head(major, if number < 0 { !number } else { number }.unsigned_abs());
    }

    fn double(&mut self, number: f64) {
        self.bytes.push(major::OTHER << 5 | 27);
        self.bytes.extend(number.to_be_bytes());
    }

    fn blob(&mut self, bytes: &[u8]) {
        self.head(major::BYTES, bytes.len() as u64);
        self.bytes.extend(bytes);
    }

    fn timestamp(&mut self, at: Timestamp) {
        self.head(major::TAG, EPOCH);
        if at.millis() % 1000 == 0 {
            return self.integer(at.seconds());
        }
        #[expect(clippy::cast_precision_loss, reason = "exact for the next 285,000 years")]
        self.double(at.millis() as f64 / 1000.0);
    }

    fn null(&mut self) {
        self.bytes.push(major::OTHER << 5 | 22);
    }
}
