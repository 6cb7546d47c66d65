use super::{Hop, Reply, Stamp, without_port, write_request, write_response};
use crate::http1::{Persistence, Refusal, Request, Response, Verb, Version, slots};
use crate::routes::{
    Attributes, ForwardedFor, HostHeader, InvalidHeaders, Retouch, Scheme, ServerHeader, TlsHeaders,
};
use crate::tls::Agreed;

const STAMP: Stamp =
    Stamp { seconds: 0x5833_7262, id: *b"\x36\xd2\x28\xad\x5d\x99\x92\x31\x22\xbb\xe3\x54" };
const ROOT: &str = "Root=1-58337262-36d228ad5d99923122bbe354";
const SELF: &str = "Self=1-58337262-36d228ad5d99923122bbe354";

const AGREED: Agreed = Agreed { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" };

/// What a target is sent for a head, both with plain line ends and without the empty line.
fn sent(head: &str, port: u16, attributes: &Attributes) -> Result<String, Refusal> {
    let bytes = format!("{}\r\n\r\n", head.replace('\n', "\r\n"));
    let mut slots = slots();
    let request = Request::parse(bytes.as_bytes(), &mut slots)?.expect("the head is complete");
    let hop = Hop {
        attributes,
        scheme: Scheme::Http,
        port: (port, &port.to_string()),
        client: ("127.0.0.1:50123".parse().unwrap(), "127.0.0.1"),
        came_to: "127.0.0.9:32768".parse().unwrap(),
        stamp: STAMP,
        agreed: Some(AGREED),
        shown: None,
        connection: 0,
        retouch: &Retouch { tls_version_name: "X-Version".to_owned(), ..Retouch::default() },
    };
    let mut out = Vec::new();
    write_request(&mut out, &request, &hop)?;
    let text = String::from_utf8(out).unwrap();
    Ok(text.strip_suffix("\r\n\r\n").expect("heads end so").replace("\r\n", "\n"))
}

/// The value of a header in what a target is sent; none when it is not there.
fn value(head: &str, name: &str, port: u16, attributes: &Attributes) -> Option<String> {
    let sent = sent(head, port, attributes).unwrap();
    let mut found = sent.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let value = found.next().map(str::to_owned);
    assert_eq!(found.next(), None, "{name} is there once");
    value
}

#[test]
fn our_headers_come_first_and_the_clients_keep_case_and_order() {
    let head = "GET /a?b HTTP/1.1\nhost: example.com\nuser-AGENT: x\nAccept: */*\nX_Own: 1";
    let expected = format!(
        "GET /a?b HTTP/1.1\nX-Forwarded-For: 127.0.0.1\nX-Forwarded-Proto: http\n\
         X-Forwarded-Port: 80\nHost: example.com\nX-Amzn-Trace-Id: {ROOT}\n\
         user-AGENT: x\nAccept: */*\nX_Own: 1"
    );
    assert_eq!(sent(head, 80, &Attributes::default()), Ok(expected));
}

#[test]
fn x_forwarded_for_follows_the_mode() {
    let check = |known: &str, mode: ForwardedFor, expected: Option<&str>| {
        let attributes = Attributes { forwarded_for: mode, ..Attributes::default() };
        let head = format!("GET / HTTP/1.1\nHost: a{known}");
        assert_eq!(
            value(&head, "X-Forwarded-For", 80, &attributes).as_deref(),
            expected,
            "{mode:?}"
        );
    };
    let none = "";
    check(none, ForwardedFor::Append, Some("127.0.0.1"));
    check(none, ForwardedFor::AppendWithPort, Some("127.0.0.1:50123"));
    check(none, ForwardedFor::Preserve, None);
    check(none, ForwardedFor::Remove, None);
    let one = "\nX-Forwarded-For: 127.0.0.4";
    check(one, ForwardedFor::Append, Some("127.0.0.4, 127.0.0.1"));
    check(one, ForwardedFor::AppendWithPort, Some("127.0.0.4, 127.0.0.1:50123"));
    check(one, ForwardedFor::Preserve, Some("127.0.0.4"));
    check(one, ForwardedFor::Remove, None);
    let two = "\nX-Forwarded-For: 127.0.0.4\nX-Forwarded-For: 127.0.0.8";
    check(two, ForwardedFor::Append, Some("127.0.0.4, 127.0.0.8, 127.0.0.1"));
}

#[test]
fn more_than_thirty_forwarded_addresses_are_refused() {
    let head = |count: usize| {
        let list = vec!["10.0.0.1"; count].join(", ");
        format!("GET / HTTP/1.1\nHost: a\nX-Forwarded-For: {list}")
    };
    assert!(sent(&head(30), 80, &Attributes::default()).is_ok());
    assert_eq!(sent(&head(31), 80, &Attributes::default()), Err(Refusal::ForwardedFor));
}

#[test]
fn scheme_and_port_replace_what_the_client_claims() {
    let head = "GET / HTTP/1.1\nHost: a\nX-Forwarded-Proto: https\nX-Forwarded-Port: 443";
    let attributes = Attributes::default();
    assert_eq!(value(head, "X-Forwarded-Proto", 8080, &attributes).as_deref(), Some("http"));
    assert_eq!(value(head, "X-Forwarded-Port", 8080, &attributes).as_deref(), Some("8080"));
}

#[test]
fn the_port_of_the_host_follows_the_listeners() {
    let check = |host: &str, port: u16, expected: &str| {
        let head = format!("GET / HTTP/1.1\nHost: {host}");
        let found = value(&head, "Host", port, &Attributes::default());
        assert_eq!(found.as_deref(), Some(expected), "{host} on {port}");
    };
    check("example.com", 80, "example.com");
    check("example.com:80", 80, "example.com");
    check("example.com:32768", 443, "example.com");
    check("example.com", 8080, "example.com:8080");
    check("example.com:81", 8080, "example.com:81");
    check("[2001:db8::1]", 8080, "[2001:db8::1]:8080");
    check("[2001:db8::1]:80", 80, "[2001:db8::1]");
}

#[test]
fn a_preserved_host_is_not_touched() {
    let attributes = Attributes { host_header: HostHeader::Preserve, ..Attributes::default() };
    let head = "GET / HTTP/1.1\nA: 1\nhost: EXAMPLE.com:81\nHost: b";
    let sent = sent(head, 80, &attributes).unwrap();
    assert!(sent.ends_with("A: 1\nhost: EXAMPLE.com:81\nHost: b"), "{sent}");
}

#[test]
fn the_absolute_form_is_sent_on_in_the_usual_one() {
    let head = "GET http://example.com:80/a?b HTTP/1.1\nHost: other.example.com";
    assert!(sent(head, 80, &Attributes::default()).unwrap().starts_with("GET /a?b HTTP/1.1\n"));
    assert_eq!(value(head, "Host", 80, &Attributes::default()).as_deref(), Some("example.com"));
}

#[test]
fn a_client_without_a_host_meant_where_it_connected_to() {
    let found = |port| value("GET / HTTP/1.0", "Host", port, &Attributes::default());
    assert_eq!(found(80).as_deref(), Some("127.0.0.9"));
    assert_eq!(found(8080).as_deref(), Some("127.0.0.9:8080"));
}

#[test]
fn trace_ids_are_made_or_marked() {
    let check = |known: Option<&str>, expected: &str| {
        let known = known.map(|value| format!("\nx-amzn-trace-id: {value}")).unwrap_or_default();
        let head = format!("GET / HTTP/1.1\nHost: a{known}");
        let found = value(&head, "X-Amzn-Trace-Id", 80, &Attributes::default());
        assert_eq!(found.as_deref(), Some(expected), "{known}");
    };
    check(None, ROOT);
    check(Some("Root=1-67891233-abc"), &format!("{SELF};Root=1-67891233-abc"));
    check(
        Some("Root=1-67891233-abc;CalledFrom=app"),
        &format!("{SELF};Root=1-67891233-abc;CalledFrom=app"),
    );
    check(Some("Self=1-6-a;Root=1-6-b;Sampled=1"), &format!("{SELF};Root=1-6-b;Sampled=1"));
    check(Some("Root=1-6-b; Self=1-6-a; Parent=c"), &format!("Root=1-6-b; {SELF}; Parent=c"));
    check(Some("CalledFrom=app"), &format!("{ROOT};CalledFrom=app"));
}

#[test]
fn long_headers_keep_only_a_new_root() {
    let head = format!(
        "GET / HTTP/1.1\nHost: a\nX-Amzn-Trace-Id: Root=1-6-b;CalledFrom=app\nCookie: {}",
        "x".repeat(7 * 1024)
    );
    let found = value(&head, "X-Amzn-Trace-Id", 80, &Attributes::default());
    assert_eq!(found.as_deref(), Some(ROOT));
}

#[test]
fn headers_of_one_connection_end_here() {
    let head = "POST / HTTP/1.1\nHost: a\nConnection: keep-alive, X-Mine\nKeep-Alive: 5\nTE: gzip\n\
                Proxy-Connection: close\nUpgrade: h2c\nExpect: 100-continue\nX-Mine: 1\nX-Other: 2";
    let sent = sent(head, 80, &Attributes::default()).unwrap();
    assert!(sent.ends_with(&format!("{ROOT}\nX-Other: 2")), "{sent}");
}

#[test]
fn websocket_is_asked_for_again() {
    let head =
        "GET / HTTP/1.1\nHost: a\nconnection: upgrade\nupgrade: WebSocket\nSec-WebSocket-Key: k";
    let sent = sent(head, 80, &Attributes::default()).unwrap();
    assert!(
        sent.ends_with("\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: k"),
        "{sent}"
    );
}

#[test]
fn one_header_says_where_the_body_ends() {
    let check = |framing: &str, expected: &str| {
        let head = format!("POST / HTTP/1.1\nHost: a\n{framing}\nX: 1");
        let sent = sent(&head, 80, &Attributes::default()).unwrap();
        assert!(sent.ends_with(&format!("{ROOT}\n{expected}X: 1")), "{sent}");
    };
    check("Content-Length: 5", "Content-Length: 5\n");
    check("Content-Length: 5\nContent-Length: 5", "Content-Length: 5\n");
    check(
        "Content-Length: 5\nTransfer-Encoding: identity, Chunked",
        "Transfer-Encoding: chunked\n",
    );
    check("Transfer-Encoding: identity", "");
}

#[test]
fn invalid_names_are_dropped_when_asked() {
    let head = "GET / HTTP/1.1\nHost: a\nX_Own: 1\nX-Own: 2";
    let ends = |invalid_headers, end: &str| {
        let attributes = Attributes { invalid_headers, ..Attributes::default() };
        let sent = sent(head, 80, &attributes).unwrap();
        assert!(sent.ends_with(&format!("{ROOT}\n{end}")), "{sent}");
    };
    ends(InvalidHeaders::Route, "X_Own: 1\nX-Own: 2");
    ends(InvalidHeaders::Drop, "X-Own: 2");
}

/// What a client is sent for a target's head.
fn answered(head: &str, version: Version, persistence: Persistence) -> String {
    let retouch = &Retouch::default();
    replied(head, &Reply { version, persistence, retouch, cookies: &[] })
}

fn replied(head: &str, reply: &Reply<'_>) -> String {
    let bytes = format!("{}\r\n\r\n", head.replace('\n', "\r\n"));
    let mut slots = slots();
    let response = Response::parse(bytes.as_bytes(), &mut slots, Verb::Safe).unwrap().unwrap();
    let mut out = Vec::new();
    write_response(&mut out, &response, reply);
    let text = String::from_utf8(out).unwrap();
    text.strip_suffix("\r\n\r\n").expect("heads end so").replace("\r\n", "\n")
}

use Persistence::{Close, KeepAlive};

#[test]
fn responses_keep_all_but_what_concerns_the_targets_connection() {
    let head = "HTTP/1.1 201 Made it\nserver: x\nConnection: close, X-Mine\nKeep-Alive: timeout=5\n\
                X-Mine: 1\nset-cookie: a\nset-cookie: b\nContent-Length: 3";
    let rest = "server: x\nset-cookie: a\nset-cookie: b\nContent-Length: 3";
    let check = |persistence, end: &str| {
        let expected = format!("HTTP/1.1 201 Made it\n{rest}\nConnection: {end}");
        assert_eq!(answered(head, Version::Http11, persistence), expected);
    };
    check(KeepAlive, "keep-alive");
    check(Close, "close");
}

#[test]
fn chunks_are_announced_to_clients_that_know_them() {
    let head = "HTTP/1.1 200 OK\nContent-Length: 3\nTransfer-Encoding: chunked\nA: 1";
    let chunked = "HTTP/1.1 200 OK\nA: 1\nTransfer-Encoding: chunked\nConnection: keep-alive";
    assert_eq!(answered(head, Version::Http11, KeepAlive), chunked);
    assert_eq!(answered(head, Version::Http10, Close), "HTTP/1.1 200 OK\nA: 1\nConnection: close");
}

#[test]
fn switching_protocols_is_passed_on() {
    let head = "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\nA: 1";
    let expected =
        "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nA: 1\nConnection: upgrade";
    assert_eq!(answered(head, Version::Http11, KeepAlive), expected);
}

#[test]
fn an_interim_answer_says_nothing_of_the_connection() {
    let head = "HTTP/1.1 103 Early Hints\nLink: a";
    assert_eq!(answered(head, Version::Http11, Close), head);
}

#[test]
fn what_tls_was_agreed_on_is_told_when_wanted_and_only_by_us() {
    let head = "GET / HTTP/1.1\nHost: a\nX-Version: mine\nx-amzn-tls-cipher-suite: mine";
    let with = Attributes { tls_headers: TlsHeaders::Present, ..Attributes::default() };
    let check = |name: &str, expected: &str, attributes: &Attributes| {
        assert_eq!(value(head, name, 443, attributes).as_deref(), Some(expected), "{name}");
    };
    check("X-Version", "TLSv1.3", &with);
    check("X-Amzn-Tls-Cipher-Suite", "TLS_AES_128_GCM_SHA256", &with);
    assert!(!sent(head, 443, &with).unwrap().contains("mine"));
    check("X-Version", "mine", &Attributes::default());
}

#[test]
fn what_the_load_balancer_says_itself_is_in_final_answers_only() {
    let retouch = Retouch {
        server: ServerHeader::Removed,
        headers: vec![("X-Frame-Options".to_owned(), "DENY".to_owned())],
        ..Retouch::default()
    };
    let cookies = ["AWSALB=x; Path=/".to_owned()];
    let reply = Reply {
        version: Version::Http11,
        persistence: KeepAlive,
        retouch: &retouch,
        cookies: &cookies,
    };
    let check = |head: &str, expected: &str| assert_eq!(replied(head, &reply), expected);
    check(
        "HTTP/1.1 200 OK\nServer: x\nx-frame-options: ALLOW\nSet-Cookie: a=1\nContent-Length: 0",
        "HTTP/1.1 200 OK\nSet-Cookie: a=1\nContent-Length: 0\nX-Frame-Options: DENY\n\
         Set-Cookie: AWSALB=x; Path=/\nConnection: keep-alive",
    );
    check(
        "HTTP/1.1 101 Switching Protocols\nServer: x\nUpgrade: websocket",
        "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nX-Frame-Options: DENY\n\
         Set-Cookie: AWSALB=x; Path=/\nConnection: upgrade",
    );
    check("HTTP/1.1 103 Early Hints\nServer: x", "HTTP/1.1 103 Early Hints\nServer: x");
}

#[test]
fn a_host_loses_its_port_and_nothing_else() {
    for (host, expected) in [
        ("a.example.com", "a.example.com"),
        ("a.example.com:80", "a.example.com"),
        ("[2001:db8::1]:80", "[2001:db8::1]"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", ""),
    ] {
        assert_eq!(without_port(host), expected);
    }
}
