//! The head of a request.

use super::conduct::{Conduct, Oddity, is_suspicious};
use super::options::Options;
use super::{Body, Field, Kind, LINE, Persistence, REQUEST_HEAD, Slots, kind, tokens};
use httparse::Status;

/// A client's request, as far as its head says.
#[derive(Debug)]
pub(crate) struct Request<'h, 'b> {
    /// The length of the head.
    pub(crate) head: usize,
    /// The method.
    pub(crate) method: &'b str,
    /// What to ask a target for: path and query.
    pub(crate) target: &'b str,
    /// The host that the request is for, with its port if it names one: from the request line in
    /// the absolute form, else the first `Host` header; empty when there is neither.
    pub(crate) host: &'b str,
    /// The client's version of HTTP.
    pub(crate) version: Version,
    /// The headers.
    pub(crate) fields: &'h [Field<'b>],
    /// The body behind the head.
    pub(crate) body: Body,
    /// Whether the client wants to go on using the connection.
    pub(crate) persistence: Persistence,
    /// Whether it asks for WebSocket.
    pub(crate) upgrade: bool,
    /// Whether it waits for `100 Continue` before it sends the body.
    pub(crate) expects_continue: bool,
    /// The first `X-Amzn-Trace-Id`.
    pub(crate) trace: Option<&'b [u8]>,
    /// Whether there is an `X-Forwarded-For`.
    pub(crate) forwarded: bool,
    /// Whether `Connection` names other headers, which then end at this hop too.
    pub(crate) nominates: bool,
    /// How well it behaves.
    pub(crate) conduct: Conduct,
}

/// A version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// 1.0: no chunks, and connections last only when asked.
    Http10,
    /// 1.1.
    Http11,
    /// 2, whose requests are read as 1.1 would say them.
    Http2,
}

/// What a method means to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// `HEAD`: safe, and its answer has no body.
    Head,
    /// Asks without changing anything, so that it may be asked twice (RFC 9110, section 9.2.1).
    Safe,
    /// Any other.
    Other,
}

/// Why a request is answered by the load balancer without looking further (reference §4.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 400: it is not HTTP, or a limit is exceeded.
    Malformed,
    /// 405: `TRACE`.
    Method,
    /// 414: the URL is too long.
    Target,
    /// 463: `X-Forwarded-For` has more than 30 addresses.
    ForwardedFor,
    /// 501: an unknown transfer encoding.
    Encoding,
    /// 505: another version of HTTP.
    Version,
}

/// What the headers say together. They are gone through once: that is where a proxy spends its time.
#[derive(Default)]
struct Facts<'b> {
    length: Option<u64>,
    chunked: bool,
    host: Option<&'b str>,
    options: Options,
    websocket: bool,
    expects_continue: bool,
    trace: Option<&'b [u8]>,
    forwarded: bool,
    conduct: Conduct,
}

impl<'h, 'b> Request<'h, 'b> {
    /// Reads the head at the front of `bytes`; `None` when it is not complete yet.
    pub(crate) fn parse(
        bytes: &'b [u8],
        slots: &'h mut Slots<'b>,
    ) -> Result<Option<Self>, Refusal> {
        let mut parsed = httparse::Request::new(&mut []);
        let head = match parsed.parse_with_uninit_headers(bytes, slots) {
            Ok(Status::Complete(head)) => head,
            Ok(Status::Partial) => return unfinished(bytes).map(|()| None),
            Err(httparse::Error::Version) => return Err(Refusal::Version),
            Err(_) => return Err(Refusal::Malformed),
        };
        let (Some(method), Some(uri), Some(minor)) = (parsed.method, parsed.path, parsed.version)
        else {
            return Err(Refusal::Malformed);
        };
        let fields: &'h [Field<'b>] = parsed.headers;
        within_limits(head, uri, fields)?;
        if method == "TRACE" {
            return Err(Refusal::Method);
        }
        let (authority, target) = split_uri(method, uri)?;
        let version = if minor == 0 { Version::Http10 } else { Version::Http11 };
        let mut facts = Facts::read(fields)?;
        let since_1_1 = version == Version::Http11;
        if since_1_1 && facts.host.is_none() {
            return Err(Refusal::Malformed);
        }
        let body = facts.body(method, version);
        Ok(Some(Self {
            head,
            method,
            target,
            host: authority.or(facts.host).unwrap_or_default(),
            version,
            fields,
            body,
            persistence: facts.options.persistence(minor),
            upgrade: since_1_1 && facts.options.upgrade && facts.websocket && body == Body::NONE,
            expects_continue: since_1_1 && facts.expects_continue,
            trace: facts.trace,
            forwarded: facts.forwarded,
            nominates: facts.options.nominates,
            conduct: facts.conduct,
        }))
    }

    /// A request of HTTP/2, as HTTP/1.1 would say it. It has the body that its length says; that
    /// of one without a length is for the caller to know.
    pub(crate) fn assembled(
        method: &'b str,
        target: &'b str,
        authority: Option<&'b str>,
        fields: &'h [Field<'b>],
    ) -> Result<Self, Refusal> {
        let length = |field: &Field<'_>| field.name.len() + field.value.len() + 4;
        within_limits(fields.iter().map(length).sum(), target, fields)?;
        if method == "TRACE" {
            return Err(Refusal::Method);
        }
        if !target.starts_with('/') && target != "*" {
            return Err(Refusal::Malformed);
        }
        let mut facts = Facts::read(fields)?;
        let authority = authority.or(facts.host).filter(|host| is_host(host));
        let body = facts.body(method, Version::Http11);
        Ok(Self {
            head: 0,
            method,
            target,
            host: authority.ok_or(Refusal::Malformed)?,
            version: Version::Http2,
            fields,
            body,
            persistence: Persistence::KeepAlive,
            upgrade: false,
            expects_continue: facts.expects_continue,
            trace: facts.trace,
            forwarded: facts.forwarded,
            nominates: false,
            conduct: facts.conduct,
        })
    }

    /// What the method means.
    pub(crate) fn verb(&self) -> Verb {
        match self.method {
            "HEAD" => Verb::Head,
            "GET" | "OPTIONS" => Verb::Safe,
            _ => Verb::Other,
        }
    }

    /// The path, without the query.
    pub(crate) fn path(&self) -> &'b str {
        self.target.split_once('?').map_or(self.target, |(path, _)| path)
    }

    /// The query, without its question mark; empty when there is none.
    pub(crate) fn query(&self) -> &'b str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

/// Whether an unfinished head may still become an acceptable one.
fn unfinished(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() > LINE && !bytes[..LINE].contains(&b'\n') {
        Err(Refusal::Target)
    } else if bytes.len() > REQUEST_HEAD {
        Err(Refusal::Malformed)
    } else {
        Ok(())
    }
}

/// The limits of a complete head (reference §4.9).
fn within_limits(head: usize, uri: &str, fields: &[Field<'_>]) -> Result<(), Refusal> {
    if uri.len() > LINE {
        return Err(Refusal::Target);
    }
    let too_long = |field: &Field<'_>| field.name.len() + field.value.len() + 2 >= LINE;
    if head > REQUEST_HEAD || (head >= LINE && fields.iter().any(too_long)) {
        return Err(Refusal::Malformed);
    }
    Ok(())
}

/// Authority (in the absolute form) and path with query.
fn split_uri<'b>(method: &str, uri: &'b str) -> Result<(Option<&'b str>, &'b str), Refusal> {
    if uri.starts_with('/') || (uri == "*" && method == "OPTIONS") {
        return Ok((None, uri));
    }
    let scheme = uri.find("://").ok_or(Refusal::Malformed)?;
    if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(&uri[..scheme])) {
        return Err(Refusal::Malformed);
    }
    let rest = &uri[scheme + 3..];
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    if !is_host(authority) {
        return Err(Refusal::Malformed);
    }
    match target.as_bytes().first() {
        Some(b'/') => Ok((Some(authority), target)),
        // A query without a path has no place in the origin form; no client sends it.
        Some(_) => Err(Refusal::Malformed),
        None => Ok((Some(authority), "/")),
    }
}

/// Whether `host` can be one, with or without a port.
fn is_host(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+,;=".contains(&byte);
    !host.is_empty() && host.bytes().all(fits)
}

/// A content length: digits and nothing else.
pub(super) fn content_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

// === impl Facts ===

impl<'b> Facts<'b> {
    fn read(fields: &[Field<'b>]) -> Result<Self, Refusal> {
        let mut facts = Self::default();
        for field in fields {
            match kind(field.name) {
                Kind::Host => facts.host(field.value)?,
                Kind::Connection => facts.options.read(field.value),
                Kind::Upgrade => {
                    facts.websocket |= field.value.eq_ignore_ascii_case(b"websocket");
                }
                Kind::ContentLength => facts.length(field.value)?,
                Kind::TransferEncoding => facts.coding(field.value)?,
                Kind::Expect => {
                    facts.expects_continue |= field.value.eq_ignore_ascii_case(b"100-continue");
                }
                Kind::TraceId => facts.trace = facts.trace.or(Some(field.value)),
                Kind::ForwardedFor => facts.forwarded = true,
                Kind::Other if is_suspicious(field.name) => {
                    facts.note(Conduct::Ambiguous(Oddity::SuspiciousHeader));
                }
                _ => {}
            }
        }
        Ok(facts)
    }

    fn host(&mut self, value: &'b [u8]) -> Result<(), Refusal> {
        let host = std::str::from_utf8(value).ok().filter(|host| is_host(host));
        self.host = self.host.or(Some(host.ok_or(Refusal::Malformed)?));
        Ok(())
    }

    /// Lengths that agree are ambiguous, ones that don't are refused (reference §4.12).
    fn length(&mut self, value: &[u8]) -> Result<(), Refusal> {
        let length = content_length(value).ok_or(Refusal::Malformed)?;
        if let Some(known) = self.length {
            if known != length {
                return Err(Refusal::Malformed);
            }
            self.note(Conduct::Ambiguous(Oddity::DuplicateContentLength));
        }
        self.length = Some(length);
        Ok(())
    }

    fn coding(&mut self, value: &[u8]) -> Result<(), Refusal> {
        for token in tokens(value) {
            if token.eq_ignore_ascii_case(b"chunked") {
                if self.chunked {
                    return Err(Refusal::Malformed);
                }
                self.chunked = true;
            } else if !token.eq_ignore_ascii_case(b"identity") {
                return Err(Refusal::Encoding);
            }
        }
        Ok(())
    }

    /// The body, and what its framing says of the request's conduct. Chunks beat a length, since
    /// the target is told of the chunks only.
    fn body(&mut self, method: &str, version: Version) -> Body {
        let body = match (self.chunked, self.length) {
            (true, _) => Body::CHUNKED,
            (false, length) => Body::Length(length.unwrap_or(0)),
        };
        let asks_only = method == "GET" || method == "HEAD";
        self.note(match (self.chunked, self.length) {
            (true, Some(_)) => Conduct::Ambiguous(Oddity::BothTeClPresent),
            (true, None) if asks_only || version == Version::Http10 => {
                Conduct::Ambiguous(Oddity::UndefinedTransferEncodingSemantics)
            }
            (false, Some(0)) if asks_only => Conduct::Acceptable(Oddity::GetHeadZeroContentLength),
            (false, Some(_)) if asks_only => {
                Conduct::Ambiguous(Oddity::UndefinedContentLengthSemantics)
            }
            _ => Conduct::Fine,
        });
        body
    }

    fn note(&mut self, conduct: Conduct) {
        self.conduct = self.conduct.or(conduct);
    }
}

#[cfg(test)]
mod tests;
