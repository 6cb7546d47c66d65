use super::{Conduct, Oddity, Refusal, Request, Version};
use crate::http1::{Body, Persistence, slots};
use proptest::prelude::*;

/// Parses a head written with plain line ends and looks at it.
fn parsed<T>(head: &str, look: impl FnOnce(&Request<'_, '_>) -> T) -> Result<T, Refusal> {
    let bytes = format!("{}\r\n\r\n", head.replace('\n', "\r\n"));
    let mut slots = slots();
    let request = Request::parse(bytes.as_bytes(), &mut slots)?.expect("the head is complete");
    assert_eq!(request.head, bytes.len());
    Ok(look(&request))
}

fn check_refused(head: &str, expected: Refusal) {
    assert_eq!(parsed(head, |_| ()), Err(expected), "{head}");
}

fn check_body(head: &str, body: Body, conduct: Conduct) {
    let found = parsed(head, |request| (request.body, request.conduct));
    assert_eq!(found, Ok((body, conduct)), "{head}");
}

#[test]
fn host_path_and_query_come_from_the_usual_form() {
    let look = |request: &Request<'_, '_>| {
        assert_eq!(request.method, "GET");
        assert_eq!((request.path(), request.query()), ("/a/b", "x=1?&y"));
        assert_eq!(request.host, "example.com:8080");
        assert_eq!(request.version, Version::Http11);
        assert!(!request.upgrade && !request.expects_continue);
    };
    assert_eq!(parsed("GET /a/b?x=1?&y HTTP/1.1\nHost: example.com:8080", look), Ok(()));
}

#[test]
fn the_absolute_form_names_the_host_itself() {
    let check = |uri: &str, host: &str, target: &str| {
        let head = format!("GET {uri} HTTP/1.1\nHost: other.example.com");
        let look = |request: &Request<'_, '_>| {
            assert_eq!((request.host, request.target), (host, target), "{uri}");
        };
        assert_eq!(parsed(&head, look), Ok(()));
    };
    check("http://example.com/a?b", "example.com", "/a?b");
    check("HTTP://example.com:81", "example.com:81", "/");
    check("http://[2001:db8::1]/", "[2001:db8::1]", "/");
}

#[test]
fn other_forms_are_malformed() {
    for line in [
        "GET a HTTP/1.1",
        "GET * HTTP/1.1",
        "CONNECT example.com:443 HTTP/1.1",
        "GET ftp://example.com/ HTTP/1.1",
        "GET http:///a HTTP/1.1",
        "GET http://user@example.com/ HTTP/1.1",
        "GET http://example.com?a HTTP/1.1",
        "GET  / HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET / HTTX/1.1",
    ] {
        let found = parsed(&format!("{line}\nHost: a"), |_| ());
        assert!(matches!(found, Err(Refusal::Malformed | Refusal::Version)), "{line}: {found:?}");
    }
    assert_eq!(parsed("OPTIONS * HTTP/1.1\nHost: a", |request| request.target == "*"), Ok(true));
}

#[test]
fn trace_is_not_allowed() {
    check_refused("TRACE / HTTP/1.1\nHost: a", Refusal::Method);
}

#[test]
fn other_versions_are_not_supported() {
    check_refused("GET / HTTP/2.0\nHost: a", Refusal::Version);
    check_refused("PRI * HTTP/2.0", Refusal::Version);
}

#[test]
fn a_host_is_needed_since_1_1() {
    check_refused("GET / HTTP/1.1", Refusal::Malformed);
    check_refused("GET / HTTP/1.1\nHost:", Refusal::Malformed);
    check_refused("GET / HTTP/1.1\nHost: a/b", Refusal::Malformed);
    assert_eq!(parsed("GET / HTTP/1.0", |request| request.host.to_owned()), Ok(String::new()));
}

#[test]
fn the_first_of_several_hosts_counts() {
    let head = "GET / HTTP/1.1\nHost: a\nHost: b";
    assert_eq!(parsed(head, |request| request.host.to_owned()), Ok("a".to_owned()));
}

#[test]
fn bodies_are_framed_by_length_or_chunks() {
    let post = |headers: &str| format!("POST / HTTP/1.1\nHost: a{headers}");
    check_body(&post(""), Body::NONE, Conduct::Fine);
    check_body(&post("\nContent-Length: 7"), Body::Length(7), Conduct::Fine);
    check_body(&post("\nTransfer-Encoding: Chunked"), Body::CHUNKED, Conduct::Fine);
    check_body(&post("\nTransfer-Encoding: identity"), Body::NONE, Conduct::Fine);
    let zero = Conduct::Acceptable(Oddity::GetHeadZeroContentLength);
    check_body("GET / HTTP/1.1\nHost: a\nContent-Length: 0", Body::NONE, zero);
}

#[test]
fn framing_that_servers_read_differently_is_ambiguous() {
    let check = |line: &str, headers: &[&str], body, oddity| {
        let head = format!("{line}\nHost: a\n{}", headers.join("\n"));
        check_body(&head, body, Conduct::Ambiguous(oddity));
    };
    let (post, get) = ("POST / HTTP/1.1", "GET / HTTP/1.1");
    let (length, chunked) = ("Content-Length: 7", "Transfer-Encoding: chunked");
    let undefined = Oddity::UndefinedTransferEncodingSemantics;
    check(post, &[length, length], Body::Length(7), Oddity::DuplicateContentLength);
    check(post, &[length, chunked], Body::CHUNKED, Oddity::BothTeClPresent);
    check(post, &["Content_Length: 7"], Body::NONE, Oddity::SuspiciousHeader);
    check("POST / HTTP/1.0", &[chunked], Body::CHUNKED, undefined);
    check(get, &[length], Body::Length(7), Oddity::UndefinedContentLengthSemantics);
    check(get, &[chunked], Body::CHUNKED, undefined);
}

#[test]
fn framing_that_hides_a_request_is_refused() {
    for headers in [
        "Content-Length: 7\nContent-Length: 8",
        "Content-Length: +7",
        "Content-Length: 7, 7",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Content-Length : 7",
        "Folded: a\n b",
    ] {
        check_refused(&format!("POST / HTTP/1.1\nHost: a\n{headers}"), Refusal::Malformed);
    }
    check_refused("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked", Refusal::Encoding);
}

#[test]
fn connections_last_as_version_and_header_say() {
    let check = |head: &str, expected: Persistence| {
        assert_eq!(parsed(head, |request| request.persistence), Ok(expected), "{head}");
    };
    check("GET / HTTP/1.1\nHost: a", Persistence::KeepAlive);
    check("GET / HTTP/1.1\nHost: a\nConnection: Close", Persistence::Close);
    check("GET / HTTP/1.0\nHost: a", Persistence::Close);
    check("GET / HTTP/1.0\nHost: a\nConnection: keep-alive", Persistence::KeepAlive);
}

#[test]
fn websocket_is_asked_for_with_both_headers() {
    let check = |headers: &str, expected: bool| {
        let head = format!("GET / HTTP/1.1\nHost: a\n{headers}");
        assert_eq!(parsed(&head, |request| request.upgrade), Ok(expected), "{headers}");
    };
    check("Connection: keep-alive, Upgrade\nUpgrade: WebSocket", true);
    check("Connection: keep-alive\nUpgrade: websocket", false);
    check("Connection: upgrade", false);
    check("Connection: upgrade\nUpgrade: h2c", false);
    check("Connection: upgrade\nUpgrade: websocket\nContent-Length: 1", false);
    let old = "GET / HTTP/1.0\nConnection: upgrade\nUpgrade: websocket";
    assert_eq!(parsed(old, |request| request.upgrade), Ok(false));
}

#[test]
fn only_1_1_clients_wait_for_a_continue() {
    let check = |version: &str, expected: bool| {
        let head = format!("PUT / {version}\nHost: a\nExpect: 100-Continue\nContent-Length: 3");
        assert_eq!(parsed(&head, |request| request.expects_continue), Ok(expected), "{version}");
    };
    check("HTTP/1.1", true);
    check("HTTP/1.0", false);
}

#[test]
fn the_limits_of_a_head_are_those_of_aws() {
    let padded = |length: usize| "x".repeat(length);
    let url = |length| format!("GET /{} HTTP/1.1\nHost: a", padded(length));
    let header = |length| format!("GET / HTTP/1.1\nHost: a\nCookie: {}", padded(length));
    assert_eq!(parsed(&url(16_000), |_| ()), Ok(()));
    check_refused(&url(16_400), Refusal::Target);
    assert_eq!(parsed(&header(16_375), |_| ()), Ok(()));
    check_refused(&header(16_376), Refusal::Malformed);
    let many = format!("{}{}", url(1), format!("\nA: {}", padded(16_300)).repeat(5));
    check_refused(&many, Refusal::Malformed);
    check_refused(&format!("{}{}", url(1), "\nA: 1".repeat(300)), Refusal::Malformed);
}

#[test]
fn an_unfinished_head_is_refused_as_soon_as_it_is_too_long() {
    let check = |bytes: &str, expected: Result<(), Refusal>| {
        let mut slots = slots();
        let found = Request::parse(bytes.as_bytes(), &mut slots);
        assert_eq!(found.map(|request| assert!(request.is_none())), expected);
    };
    let long = "x".repeat(17_000);
    check("GET / HT", Ok(()));
    check("GET / HTTP/1.1\r\nHost: a\r\n", Ok(()));
    check(&format!("GET /{long}"), Err(Refusal::Target));
    let headers = format!("GET / HTTP/1.1\r\nA: {long}\r\nB: {long}\r\nC: {long}\r\nD: {long}");
    check(&headers, Err(Refusal::Malformed));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut slots = slots();
        let _ = Request::parse(&bytes, &mut slots).map(|request| {
            request.map(|request| (request.path().len(), request.query().len(), request.host.len()))
        });
    }

    #[test]
    fn no_head_makes_it_panic(head in "(GET|POST) [!-~]{1,20} HTTP/1[.][01]\r\n([A-Za-z-]{1,12}: [ -~]{0,12}\r\n){0,4}\r\n") {
        let mut slots = slots();
        let _ = Request::parse(head.as_bytes(), &mut slots).map(|request| {
            request.map(|request| (request.path().len(), request.query().len(), request.host.len()))
        });
    }
}
