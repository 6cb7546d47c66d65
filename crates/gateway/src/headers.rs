//! Heads as they are passed on: which headers are added, changed and left out (reference §4.9).
//!
//! Pure: facts in, bytes appended. It must not know connections or rules. What is not touched is
//! copied as it came, so that case and order survive.

mod host;
mod trace;

pub(crate) use host::without_port;
pub(crate) use trace::Stamp;

use crate::http1::{
    Body, Field, Kind, Persistence, Refusal, Request, Response, Version, kind, tokens,
};
use crate::routes::{
    Attributes, ForwardedFor, HostHeader, InvalidHeaders, Retouch, Scheme, TlsHeaders,
};
use crate::tls::{Agreed, Shown};
use std::net::SocketAddr;
use std::sync::Arc;

/// The most addresses that `X-Forwarded-For` may have (reference §4.10, 463).
const FORWARDED_ADDRESSES: usize = 30;
/// Headers longer than this lose all of `X-Amzn-Trace-Id` but a new root (reference §4.9).
const TRACED_HEAD: usize = 7 * 1024;

/// What the load balancer knows about where a request came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop<'a> {
    /// How the listener treats headers.
    pub(crate) attributes: &'a Attributes,
    /// How the client speaks to it.
    pub(crate) scheme: Scheme,
    /// The port that clients believe in, as a number and as text.
    pub(crate) port: (u16, &'a str),
    /// Where the client is, as an address and its IP as text.
    pub(crate) client: (SocketAddr, &'a str),
    /// Where the client connected to: the host of those that name none.
    pub(crate) came_to: SocketAddr,
    /// What it and the load balancer agreed on, with TLS.
    pub(crate) agreed: Option<Agreed>,
    /// Whom it asked for then, and what it was shown.
    pub(crate) shown: Option<&'a Arc<Shown>>,
    /// The connection's number.
    pub(crate) connection: u128,
    /// What the listener calls headers.
    pub(crate) retouch: &'a Retouch,
    /// What makes this request's trace id.
    pub(crate) stamp: Stamp,
}

/// Appends the head that a target is sent.
///
/// Our own headers come first, in ALB's order, then the client's in theirs.
pub(crate) fn write_request(
    out: &mut Vec<u8>,
    request: &Request<'_, '_>,
    hop: &Hop<'_>,
) -> Result<(), Refusal> {
    append(out, &[request.method.as_bytes(), b" ", request.target.as_bytes(), b" HTTP/1.1\r\n"]);
    forwarded_for(out, request, hop)?;
    let scheme = hop.scheme.as_str().as_bytes();
    append(out, &[b"X-Forwarded-Proto: ", scheme, b"\r\n"]);
    append(out, &[b"X-Forwarded-Port: ", hop.port.1.as_bytes(), b"\r\n"]);
    if !keeps_hosts(request, hop) {
        host::write(out, request.host, hop);
    }
    agreement(out, hop);
    out.extend_from_slice(b"X-Amzn-Trace-Id: ");
    write_trace(out, request, hop);
    out.extend_from_slice(b"\r\n");
    if request.upgrade {
        out.extend_from_slice(b"Upgrade: websocket\r\nConnection: Upgrade\r\n");
    }
    passed_on(out, request, hop);
    out.extend_from_slice(b"\r\n");
    Ok(())
}

fn write_trace(out: &mut Vec<u8>, request: &Request<'_, '_>, hop: &Hop<'_>) {
    let known = request.trace.filter(|_| request.head <= TRACED_HEAD);
    trace::write(out, known, hop.stamp);
}

/// The value of `X-Amzn-Trace-Id` that the target is sent.
pub(crate) fn trace_id(request: &Request<'_, '_>, hop: &Hop<'_>) -> String {
    let mut out = Vec::new();
    write_trace(&mut out, request, hop);
    String::from_utf8_lossy(&out).into_owned()
}

/// What the load balancer says in the head of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reply<'a> {
    /// The client's version of HTTP.
    pub(crate) version: Version,
    /// What becomes of the client's connection, which is not the target's.
    pub(crate) persistence: Persistence,
    /// What the listener changes.
    pub(crate) retouch: &'a Retouch,
    /// The values of its own `Set-Cookie` headers.
    pub(crate) cookies: &'a [String],
}

/// Appends the head that a client is sent.
pub(crate) fn write_response(out: &mut Vec<u8>, response: &Response<'_, '_>, reply: &Reply<'_>) {
    status_line(out, response.status, response.reason);
    let chunked = matches!(response.body, Body::Chunked(_));
    let is_interim = matches!(response.status, 100 | 102..200);
    let retouched = !is_interim && !reply.retouch.is_nothing();
    for field in response.fields {
        match kind(field.name) {
            Kind::Connection | Kind::TransferEncoding | Kind::HopByHop => {}
            Kind::Upgrade if response.status != 101 => {}
            Kind::ContentLength if chunked => {}
            Kind::Other if response.nominates && is_nominated(response.fields, field.name) => {}
            Kind::Other if retouched && reply.retouch.takes_out(field.name) => {}
            _ => line(out, field.name, field.value),
        }
    }
    if !is_interim {
        retouch(out, reply.retouch);
        reply.cookies.iter().for_each(|cookie| line(out, "Set-Cookie", cookie.as_bytes()));
    }
    // A 1.0 client does not know chunks: it gets the data alone, until the connection is closed.
    if chunked && reply.version == Version::Http11 {
        out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
    }
    out.extend_from_slice(match (response.status, reply.persistence) {
        (101, _) => b"Connection: upgrade\r\n\r\n",
        // An interim answer ends nothing.
        (100..200, _) => b"\r\n",
        (_, Persistence::KeepAlive) => b"Connection: keep-alive\r\n\r\n",
        (_, Persistence::Close) => b"Connection: close\r\n\r\n",
    });
}

/// Appends the headers that a listener sets.
pub(crate) fn retouch(out: &mut Vec<u8>, retouch: &Retouch) {
    retouch.headers.iter().for_each(|(name, value)| line(out, name, value.as_bytes()));
}

/// Appends a status line.
pub(crate) fn status_line(out: &mut Vec<u8>, status: u16, reason: &str) {
    let digit = |place: u16| b'0' + u8::try_from(status / place % 10).unwrap_or_default();
    append(out, &[b"HTTP/1.1 ", &[digit(100), digit(10), digit(1), b' ']]);
    append(out, &[reason.as_bytes(), b"\r\n"]);
}

/// Appends a header.
pub(crate) fn line(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    append(out, &[name.as_bytes(), b": ", value, b"\r\n"]);
}

fn append(out: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// What the client and the load balancer agreed on.
fn agreement(out: &mut Vec<u8>, hop: &Hop<'_>) {
    let Some(agreed) = hop.agreed.filter(|_| hop.attributes.tls_headers == TlsHeaders::Present)
    else {
        return;
    };
    line(out, &hop.retouch.tls_version_name, agreed.version.as_bytes());
    line(out, &hop.retouch.tls_cipher_name, agreed.cipher.as_bytes());
}

/// The client's headers that concern the target. One header says where the body ends, however
/// many the client sent.
fn passed_on(out: &mut Vec<u8>, request: &Request<'_, '_>, hop: &Hop<'_>) {
    let chunked = matches!(request.body, Body::Chunked(_));
    let keeps_hosts = keeps_hosts(request, hop);
    let keeps_forwarded = hop.attributes.forwarded_for == ForwardedFor::Preserve;
    let takes_all_names = hop.attributes.invalid_headers == InvalidHeaders::Route;
    let told = hop.attributes.tls_headers == TlsHeaders::Present;
    let mut framed = false;
    for field in request.fields {
        let (passes, value) = match kind(field.name) {
            Kind::Host => (keeps_hosts, field.value),
            Kind::ForwardedFor => (keeps_forwarded, field.value),
            Kind::ContentLength => (!chunked && !framed, field.value),
            Kind::TransferEncoding => (chunked && !framed, &b"chunked"[..]),
            Kind::Other => {
                let ends_here = request.nominates && is_nominated(request.fields, field.name);
                let ours = told && is_agreement(field.name, hop.retouch);
                ((takes_all_names || is_valid(field.name)) && !ends_here && !ours, field.value)
            }
            _ => (false, field.value),
        };
        if passes {
            framed |= matches!(kind(field.name), Kind::ContentLength | Kind::TransferEncoding);
            line(out, field.name, value);
        }
    }
    // HTTP/2 has no header for chunks.
    if chunked && !framed {
        out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
    }
}

fn forwarded_for(
    out: &mut Vec<u8>,
    request: &Request<'_, '_>,
    hop: &Hop<'_>,
) -> Result<(), Refusal> {
    let with_port = match hop.attributes.forwarded_for {
        ForwardedFor::Append => false,
        ForwardedFor::AppendWithPort => true,
        ForwardedFor::Preserve | ForwardedFor::Remove => return Ok(()),
    };
    out.extend_from_slice(b"X-Forwarded-For: ");
    if request.forwarded {
        forwarded_so_far(out, request.fields)?;
    }
    let (address, ip) = hop.client;
    if with_port {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        append(out, &[address.to_string().as_bytes(), b"\r\n"]);
    } else {
        append(out, &[ip.as_bytes(), b"\r\n"]);
    }
    Ok(())
}

/// The addresses that came, each with the comma that ours needs.
fn forwarded_so_far(out: &mut Vec<u8>, fields: &[Field<'_>]) -> Result<(), Refusal> {
    let known = fields.iter().filter(|field| kind(field.name) == Kind::ForwardedFor);
    let mut addresses = 0;
    for field in known.filter(|field| !field.value.is_empty()) {
        addresses += tokens(field.value).count();
        append(out, &[field.value, b", "]);
    }
    if addresses > FORWARDED_ADDRESSES { Err(Refusal::ForwardedFor) } else { Ok(()) }
}

/// Whether the client's `Host` headers go on as they are. The absolute form names another one.
fn keeps_hosts(request: &Request<'_, '_>, hop: &Hop<'_>) -> bool {
    hop.attributes.host_header == HostHeader::Preserve
        && request.fields.iter().any(|field| kind(field.name) == Kind::Host)
}

/// AWS's idea of a valid name: `[-A-Za-z0-9]+` (reference §4.8).
fn is_valid(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether a header says what only the load balancer knows: a client can't say it in its place.
fn is_agreement(name: &str, retouch: &Retouch) -> bool {
    name.eq_ignore_ascii_case(&retouch.tls_version_name)
        || name.eq_ignore_ascii_case(&retouch.tls_cipher_name)
}

/// Whether `Connection` names a header as its own.
pub(crate) fn is_nominated(fields: &[Field<'_>], name: &str) -> bool {
    let connections = fields.iter().filter(|field| kind(field.name) == Kind::Connection);
    let mut tokens = connections.flat_map(|field| tokens(field.value));
    tokens.any(|token| token.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests;
