//! The head of a response.

use super::options::Options;
use super::{Body, Field, Kind, Persistence, Slots, Verb, kind, tokens};
use httparse::{ParserConfig, Status};

/// A target's response, as far as its head says.
#[derive(Debug)]
pub(crate) struct Response<'h, 'b> {
    /// The length of the head.
    pub(crate) head: usize,
    /// The status.
    pub(crate) status: u16,
    /// The reason phrase.
    pub(crate) reason: &'b str,
    /// The headers.
    pub(crate) fields: &'h [Field<'b>],
    /// The body behind the head.
    pub(crate) body: Body,
    /// Whether the target's connection can be used again.
    pub(crate) persistence: Persistence,
    /// Whether `Connection` names other headers, which then end at this hop too.
    pub(crate) nominates: bool,
}

/// The head is not HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadResponse;

/// What makes a body, collected from the headers.
#[derive(Default)]
struct Framing {
    length: Option<u64>,
    chunked: bool,
    other_coding: bool,
}

impl<'h, 'b> Response<'h, 'b> {
    /// Reads the head at the front of `bytes`; `None` when it is not complete yet. The body also
    /// depends on the request: an answer to `HEAD` has none, whatever it says.
    pub(crate) fn parse(
        bytes: &'b [u8],
        slots: &'h mut Slots<'b>,
        verb: Verb,
    ) -> Result<Option<Self>, BadResponse> {
        let mut parsed = httparse::Response::new(&mut []);
        let config = ParserConfig::default();
        let status = config.parse_response_with_uninit_headers(&mut parsed, bytes, slots);
        let head = match status.map_err(|_| BadResponse)? {
            Status::Complete(head) => head,
            Status::Partial => return Ok(None),
        };
        let (Some(minor), Some(status)) = (parsed.version, parsed.code) else {
            return Err(BadResponse);
        };
        let fields: &'h [Field<'b>] = parsed.headers;
        let mut options = Options::default();
        let mut framing = Framing::default();
        for field in fields {
            match kind(field.name) {
                Kind::Connection => options.read(field.value),
                Kind::ContentLength => framing.length(field.value)?,
                Kind::TransferEncoding => framing.coding(field.value),
                _ => {}
            }
        }
        let body = framing.body(status, verb)?;
        let persistence = match body {
            Body::UntilClose => Persistence::Close,
            Body::Length(_) | Body::Chunked(_) => options.persistence(minor),
        };
        let (reason, nominates) = (parsed.reason.unwrap_or_default(), options.nominates);
        Ok(Some(Self { head, status, reason, fields, body, persistence, nominates }))
    }
}

// === impl Framing ===

impl Framing {
    fn length(&mut self, value: &[u8]) -> Result<(), BadResponse> {
        let length = super::request::content_length(value).ok_or(BadResponse)?;
        if self.length.is_some_and(|known| known != length) {
            return Err(BadResponse);
        }
        self.length = Some(length);
        Ok(())
    }

    fn coding(&mut self, value: &[u8]) {
        for token in tokens(value) {
            if token.eq_ignore_ascii_case(b"chunked") {
                self.chunked = true;
            } else if !token.eq_ignore_ascii_case(b"identity") {
                self.other_coding = true;
            }
        }
    }

    /// The body by RFC 9112, section 6.3.
    fn body(&self, status: u16, verb: Verb) -> Result<Body, BadResponse> {
        if verb == Verb::Head || status < 200 || status == 204 || status == 304 {
            return Ok(Body::NONE);
        }
        if self.other_coding {
            return Err(BadResponse);
        }
        match (self.chunked, self.length) {
            (true, _) => Ok(Body::CHUNKED),
            (false, Some(length)) => Ok(Body::Length(length)),
            (false, None) => Ok(Body::UntilClose),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BadResponse, Response};
    use crate::http1::{Body, Persistence, Verb, slots};
    use Persistence::{Close, KeepAlive};
    use Verb::{Head, Safe};

    fn check(verb: Verb, head: &str, expected: Result<(Body, Persistence), BadResponse>) {
        let bytes = format!("{}\r\n\r\n", head.replace('\n', "\r\n"));
        let mut slots = slots();
        let parsed = Response::parse(bytes.as_bytes(), &mut slots, verb);
        let found = parsed.map(|response| {
            let response = response.unwrap();
            assert_eq!(response.head, bytes.len());
            (response.body, response.persistence)
        });
        assert_eq!(found, expected, "{head}");
    }

    #[test]
    fn a_body_is_framed_by_its_headers() {
        check(Safe, "HTTP/1.1 200 OK\nContent-Length: 5", Ok((Body::Length(5), KeepAlive)));
        check(Safe, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked", Ok((Body::CHUNKED, KeepAlive)));
        check(
            Safe,
            "HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: Chunked",
            Ok((Body::CHUNKED, KeepAlive)),
        );
        check(
            Safe,
            "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5",
            Ok((Body::Length(5), KeepAlive)),
        );
    }

    #[test]
    fn a_body_without_framing_lasts_until_the_close() {
        check(Safe, "HTTP/1.1 200 OK", Ok((Body::UntilClose, Close)));
        check(Safe, "HTTP/1.1 200 OK\nConnection: keep-alive", Ok((Body::UntilClose, Close)));
    }

    #[test]
    fn some_responses_have_no_body_whatever_they_say() {
        check(Head, "HTTP/1.1 200 OK\nContent-Length: 5", Ok((Body::NONE, KeepAlive)));
        check(Safe, "HTTP/1.1 204 No Content\nContent-Length: 5", Ok((Body::NONE, KeepAlive)));
        check(Safe, "HTTP/1.1 304 Not Modified", Ok((Body::NONE, KeepAlive)));
        check(Safe, "HTTP/1.1 103 Early Hints", Ok((Body::NONE, KeepAlive)));
    }

    #[test]
    fn the_connection_lasts_as_version_and_header_say() {
        let sized = |head: &str| format!("{head}\nContent-Length: 0");
        check(Safe, &sized("HTTP/1.1 200 OK\nConnection: close"), Ok((Body::NONE, Close)));
        check(Safe, &sized("HTTP/1.0 200 OK"), Ok((Body::NONE, Close)));
        check(Safe, &sized("HTTP/1.0 200 OK\nConnection: Keep-Alive"), Ok((Body::NONE, KeepAlive)));
        check(Safe, &sized("HTTP/1.1 200 OK\nConnection: x, Close"), Ok((Body::NONE, Close)));
    }

    #[test]
    fn what_is_no_response_is_refused() {
        check(Safe, "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6", Err(BadResponse));
        check(Safe, "HTTP/1.1 200 OK\nContent-Length: five", Err(BadResponse));
        check(Safe, "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked", Err(BadResponse));
        check(Safe, "HTTP/2 200 OK", Err(BadResponse));
        check(Safe, "SSH-2.0-OpenSSH_9.2", Err(BadResponse));
    }

    #[test]
    fn an_unfinished_head_is_waited_for() {
        let mut slots = slots();
        let parsed = Response::parse(b"HTTP/1.1 200 OK\r\nContent-Le", &mut slots, Safe);
        assert!(matches!(parsed, Ok(None)));
    }
}
