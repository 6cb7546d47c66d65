//! Heads of requests and answers in HTTP/2, in terms of HTTP/1.1 and back.
//!
//! Pure: heads in, heads out.

use crate::answer::{Answer, Sending};
use crate::headers::{Reply, is_nominated};
use crate::http1::{Body, Field, Kind, Persistence, Refusal, Request, Response, kind};
use crate::routes::{Retouch, Scheme, ServerHeader};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, LOCATION, SERVER, SET_COOKIE, TE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::Timestamp;

/// The most headers that a target is sent: as many as a head may have, and those of the load
/// balancer.
const FOR_TARGET: usize = 288;

/// How long headers are, as HTTP/1.1 would write them: about what they take.
pub(super) fn length(headers: &HeaderMap) -> u64 {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>() as u64
}

/// Cookies in one line: HTTP/2 lets clients send them one by one, which HTTP/1.1 does not know
/// (RFC 9113, section 8.2.3). None when there are no several.
pub(super) fn joined_cookies(headers: &HeaderMap) -> Option<Vec<u8>> {
    let all: Vec<&[u8]> =
        headers.get_all(http::header::COOKIE).iter().map(|c| c.as_bytes()).collect();
    (all.len() > 1).then(|| all.join(&b"; "[..]))
}

/// The headers as they would have come in HTTP/1.1.
pub(super) fn fields<'a>(headers: &'a HeaderMap, cookies: Option<&'a [u8]>) -> Vec<Field<'a>> {
    let is_cookie = |name: &HeaderName| cookies.is_some() && name == http::header::COOKIE;
    let others = headers.iter().filter(|(name, _)| !is_cookie(name));
    let fields = others.map(|(name, value)| Field { name: name.as_str(), value: value.as_bytes() });
    let cookies = cookies.map(|value| Field { name: "cookie", value });
    fields.chain(cookies).collect()
}

/// The request of a stream. `ended` says that it has no body.
pub(super) fn request<'h, 'b>(
    parts: &'b Parts,
    fields: &'h [Field<'b>],
    ended: Ended,
) -> Result<Request<'h, 'b>, Refusal> {
    let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let authority = parts.uri.authority().map(http::uri::Authority::as_str);
    let mut request = Request::assembled(parts.method.as_str(), target, authority, fields)?;
    if request.body == Body::NONE
        && ended == Ended::No
        && !parts.headers.contains_key(CONTENT_LENGTH)
    {
        request.body = Body::CHUNKED;
    }
    Ok(request)
}

/// Whether a request's head was all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Yes,
    No,
}

/// What a target of HTTP/2 is sent, given the head that one of HTTP/1.1 would be: what concerns a
/// connection is left out, and `Host` says the authority. None when it can't be said.
pub(super) fn for_target(
    head: &[u8],
    scheme: Scheme,
    trailers: Trailers,
) -> Option<http::Request<()>> {
    let mut slots = [httparse::EMPTY_HEADER; FOR_TARGET];
    let mut parsed = httparse::Request::new(&mut slots);
    parsed.parse(head).ok()?;
    let host = parsed.headers.iter().find(|field| kind(field.name) == Kind::Host)?;
    let uri = http::Uri::builder().scheme(scheme.as_str()).authority(host.value);
    let uri = uri.path_and_query(parsed.path?).build().ok()?;
    let mut out = http::Request::new(());
    *out.method_mut() = parsed.method?.parse().ok()?;
    *out.uri_mut() = uri;
    let headers = out.headers_mut();
    for field in parsed.headers.iter() {
        match kind(field.name) {
            Kind::Host
            | Kind::Connection
            | Kind::TransferEncoding
            | Kind::HopByHop
            | Kind::Upgrade => {}
            _ => {
                let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
                headers.append(name, HeaderValue::from_bytes(field.value).ok()?);
            }
        }
    }
    if trailers == Trailers::Taken {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    Some(out)
}

/// Whether a client takes trailers; gRPC's say so, and its targets want to hear it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trailers {
    Taken,
    NotAskedFor,
}

impl Trailers {
    /// What a client says of them.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match headers.get(TE) {
            Some(value) if value == "trailers" => Self::Taken,
            _ => Self::NotAskedFor,
        }
    }
}

/// The head of a target that speaks HTTP/2, as HTTP/1.1 would say it.
pub(super) fn response<'h, 'b>(status: StatusCode, fields: &'h [Field<'b>]) -> Response<'h, 'b> {
    Response {
        head: 0,
        status: status.as_u16(),
        reason: "",
        fields,
        // Its stream says where it ends.
        body: Body::UntilClose,
        persistence: Persistence::KeepAlive,
        nominates: false,
    }
}

/// The head that a client is sent for a target's; none when it can't be said in HTTP/2.
pub(super) fn answer(response: &Response<'_, '_>, reply: &Reply<'_>) -> Option<http::Response<()>> {
    let mut out = http::Response::new(());
    *out.status_mut() = StatusCode::from_u16(response.status).ok()?;
    let chunked = matches!(response.body, Body::Chunked(_));
    let is_interim = response.status < 200;
    let retouched = !is_interim && !reply.retouch.is_nothing();
    let headers = out.headers_mut();
    for field in response.fields {
        match kind(field.name) {
            Kind::Connection | Kind::TransferEncoding | Kind::HopByHop | Kind::Upgrade => continue,
            Kind::ContentLength if chunked => continue,
            Kind::Other if response.nominates && is_nominated(response.fields, field.name) => {
                continue;
            }
            Kind::Other if retouched && reply.retouch.takes_out(field.name) => continue,
            _ => {}
        }
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(field.value).ok()?);
    }
    if !is_interim {
        retouch(headers, reply.retouch);
        for cookie in reply.cookies {
            headers.append(SET_COOKIE, HeaderValue::from_str(cookie).ok()?);
        }
    }
    Some(out)
}

/// One of the load balancer's own answers: its head, and the body that is sent.
pub(super) fn own(
    answer: &Answer,
    now: Timestamp,
    sending: Sending,
    changes: &Retouch,
) -> (http::Response<()>, Bytes) {
    let (content_type, body) = answer.content();
    let mut out = http::Response::new(());
    *out.status_mut() = StatusCode::from_u16(answer.status().0).unwrap_or_default();
    let headers = out.headers_mut();
    if changes.server == ServerHeader::Kept {
        headers.insert(SERVER, HeaderValue::from_static("awselb/2.0"));
    }
    insert(headers, DATE, &crate::answer::http_date(now));
    if let Some(content_type) = content_type {
        insert(headers, CONTENT_TYPE, &content_type);
    }
    headers.insert(CONTENT_LENGTH, body.len().into());
    if let Answer::Redirect { location, .. } = answer {
        insert(headers, LOCATION, location);
    }
    retouch(headers, changes);
    let sent = if sending == Sending::Whole { body.into() } else { Bytes::new() };
    (out, sent)
}

fn retouch(headers: &mut HeaderMap, retouch: &Retouch) {
    for (name, value) in &retouch.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            insert(headers, name, value);
        }
    }
}

/// Sets a header; a value that no header can have is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, Trailers, fields, for_target, joined_cookies, request};
    use crate::http1::{Body, Refusal};
    use crate::routes::Scheme;
    use http::Method;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> http::request::Parts {
        let mut builder = http::Request::builder().method("POST").uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_stream_reads_like_a_request_of_http_1() {
        let parts = parts("https://shop.example:8443/a/b?c=d", &[("accept", "*/*")]);
        let fields = fields(&parts.headers, None);
        let request = request(&parts, &fields, Ended::No).unwrap();
        assert_eq!(
            (request.method, request.target, request.host),
            ("POST", "/a/b?c=d", "shop.example:8443")
        );
        assert_eq!(request.body, Body::CHUNKED, "its length is not known");
    }

    #[test]
    fn a_body_is_as_long_as_it_says_or_as_the_stream() {
        let check = |headers: &[(&str, &str)], ended, expected| {
            let parts = parts("https://a/", headers);
            let fields = fields(&parts.headers, None);
            assert_eq!(request(&parts, &fields, ended).unwrap().body, expected, "{headers:?}");
        };
        check(&[], Ended::Yes, Body::NONE);
        check(&[("content-length", "5")], Ended::No, Body::Length(5));
        check(&[("content-length", "0")], Ended::No, Body::NONE);
        check(&[], Ended::No, Body::CHUNKED);
    }

    #[test]
    fn cookies_come_together() {
        let parts = parts("https://a/", &[("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")]);
        let cookies = joined_cookies(&parts.headers);
        let fields = fields(&parts.headers, cookies.as_deref());
        let shown: Vec<_> =
            fields.iter().map(|f| (f.name, str::from_utf8(f.value).unwrap())).collect();
        assert_eq!(shown, [("x", "y"), ("cookie", "a=1; b=2")]);
    }

    #[test]
    fn a_target_of_http_2_is_told_the_same_in_its_own_words() {
        let head = b"POST /a?b HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\r\nHost: a:8443\r\n\
            x-mine: 1\r\nx-mine: 2\r\nTransfer-Encoding: chunked\r\nKeep-Alive: 5\r\n\r\n";
        let request = for_target(head, Scheme::Http, Trailers::Taken).unwrap();
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri(), "http://a:8443/a?b");
        let said = request.headers().iter();
        let said: Vec<_> =
            said.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let expected = [("x-forwarded-for", "1.2.3.4"), ("x-mine", "1"), ("x-mine", "2")];
        assert_eq!(said, [&expected[..], &[("te", "trailers")]].concat());
        let without = for_target(head, Scheme::Https, Trailers::NotAskedFor).unwrap();
        assert!(!without.headers().contains_key("te"));
        assert_eq!(without.uri().scheme_str(), Some("https"));
    }

    #[test]
    fn limits_hold_for_each_header() {
        let long = "x".repeat(17_000);
        let parts = parts("https://a/", &[("a", &long)]);
        let fields = fields(&parts.headers, None);
        assert!(matches!(request(&parts, &fields, Ended::Yes), Err(Refusal::Malformed)));
    }
}
