//! What BuildKit tells of a build under way: `StatusResponse` of its control API.

use super::protobuf::{fields, text};
use std::collections::BTreeSet;

/// Fields of `StatusResponse`.
const VERTEX: u64 = 1;
const LOG: u64 = 3;

/// Fields of a vertex, which is a step.
const DIGEST: u64 = 1;
const NAME: u64 = 3;
const STARTED: u64 = 5;
const ERROR: u64 = 7;

/// The text of a log.
const MESSAGE: u64 = 4;

/// What has been told.
#[derive(Debug, Default)]
pub(super) struct Trace {
    begun: BTreeSet<String>,
}

impl Trace {
    /// Tells steps that begin, what they print, and why they fail.
    pub(super) fn take(&mut self, message: &[u8], mut tell: impl FnMut(&str)) {
        for field in fields(message) {
            match field.number {
                VERTEX => self.step(field.bytes, &mut tell),
                LOG => {
                    let log = fields(field.bytes).find(|field| field.number == MESSAGE);
                    let said =
                        String::from_utf8_lossy(log.map_or(&[], |log| log.bytes)).into_owned();
                    said.lines().for_each(&mut tell);
                }
                _ => {}
            }
        }
    }

    fn step(&mut self, vertex: &[u8], tell: &mut impl FnMut(&str)) {
        let (Some(digest), Some(name)) = (text(vertex, DIGEST), text(vertex, NAME)) else { return };
        let begins = fields(vertex).any(|field| field.number == STARTED);
        // A step is told of again as it goes on; what is the builder's own has brackets for itself.
        if begins && !name.starts_with("[internal]") && self.begun.insert(digest.to_owned()) {
            tell(name);
        }
        if let Some(error) = text(vertex, ERROR).filter(|error| !error.is_empty()) {
            tell(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::protobuf::bytes;
    use super::*;

    #[test]
    fn steps_are_told_once_with_what_they_print() {
        let vertex = |started: bool, error: &[u8]| {
            let mut vertex = [bytes(1, b"sha256:a"), bytes(3, b"[2/2] RUN true")].concat();
            if started {
                vertex.extend(bytes(5, &[]));
            }
            vertex.extend(bytes(7, error));
            bytes(1, &vertex)
        };
        let log = bytes(3, &bytes(4, b"one\ntwo\n"));
        let messages = [vertex(false, b""), vertex(true, b""), log, vertex(true, b"it failed")];
        let (mut trace, mut told) = (Trace::default(), Vec::new());
        for message in messages {
            trace.take(&message, |line| told.push(line.to_owned()));
        }
        assert_eq!(told, ["[2/2] RUN true", "one", "two", "it failed"]);
    }
}
