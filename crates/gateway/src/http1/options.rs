//! What `Connection` says: RFC 9110 calls its words connection options.

use super::{Persistence, tokens};

/// The options of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Options {
    close: bool,
    keep_alive: bool,
    /// Another protocol is wanted, or agreed to.
    pub(super) upgrade: bool,
    /// Other headers are named, which then end at this hop too.
    pub(super) nominates: bool,
}

impl Options {
    /// Reads one `Connection` header.
    pub(super) fn read(&mut self, value: &[u8]) {
        for token in tokens(value) {
            if token.eq_ignore_ascii_case(b"close") {
                self.close = true;
            } else if token.eq_ignore_ascii_case(b"keep-alive") {
                self.keep_alive = true;
            } else if token.eq_ignore_ascii_case(b"upgrade") {
                self.upgrade = true;
            } else {
                self.nominates = true;
            }
        }
    }

    /// Whether the connection lasts; when nothing is said, by the version: `minor` is that of HTTP/1.
    pub(super) fn persistence(self, minor: u8) -> Persistence {
        match (self.close, self.keep_alive, minor) {
            (true, _, _) | (false, false, 0) => Persistence::Close,
            (false, true, _) | (false, false, _) => Persistence::KeepAlive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use crate::http1::Persistence::{Close, KeepAlive};

    #[test]
    fn closing_beats_everything_else() {
        for (values, at_1_0, at_1_1) in [
            (&[][..], Close, KeepAlive),
            (&["keep-alive"], KeepAlive, KeepAlive),
            (&["Close"], Close, Close),
            (&["close, keep-alive"], Close, Close),
            (&["keep-alive", "x, CLOSE"], Close, Close),
        ] {
            let mut options = Options::default();
            values.iter().for_each(|value| options.read(value.as_bytes()));
            assert_eq!(options.persistence(0), at_1_0, "{values:?}");
            assert_eq!(options.persistence(1), at_1_1, "{values:?}");
        }
    }

    #[test]
    fn words_of_its_own_nominate_headers() {
        let nominates = |value: &[u8]| {
            let mut options = Options::default();
            options.read(value);
            options.nominates
        };
        assert!(nominates(b"keep-alive, X-Mine"));
        assert!(!nominates(b"keep-alive, upgrade,,close"));
    }
}
