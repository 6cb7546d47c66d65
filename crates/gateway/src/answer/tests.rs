use super::{Answer, Page, Sending};
use crate::http1::Persistence;
use crate::routes::{FixedResponse, Retouch, ServerHeader};
use model::Timestamp;

fn written(answer: &Answer, persistence: Persistence, sending: Sending) -> String {
    let mut out = Vec::new();
    let now = Timestamp::from_seconds(1_795_162_738);
    answer.write(&mut out, now, (persistence, sending), &Retouch::default());
    String::from_utf8(out).unwrap()
}

#[test]
fn the_503_page_is_albs_to_the_byte() {
    let body = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n\
                <body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n\
                </body>\r\n</html>\r\n";
    let head = "HTTP/1.1 503 Service Temporarily Unavailable\r\nServer: awselb/2.0\r\n\
                Date: Fri, 20 Nov 2026 08:18:58 GMT\r\nContent-Type: text/html\r\n\
                Content-Length: 162\r\nConnection: keep-alive\r\n\r\n";
    let page = Answer::Page(Page::ServiceUnavailable);
    let whole = written(&page, Persistence::KeepAlive, Sending::Whole);
    assert_eq!(whole, format!("{head}{body}"));
    assert_eq!(written(&page, Persistence::KeepAlive, Sending::HeadOnly), head);
}

#[test]
fn pages_have_the_lengths_of_albs() {
    let check = |page, line: &str, length: usize| {
        let text = written(&Answer::Page(page), Persistence::Close, Sending::Whole);
        assert!(text.starts_with(&format!("HTTP/1.1 {line}\r\n")), "{text}");
        assert!(text.contains(&format!("\r\nContent-Length: {length}\r\n")), "{text}");
        assert!(text.contains("\r\nConnection: close\r\n"), "{text}");
        assert_eq!(text.split("\r\n\r\n").nth(1).map(str::len), Some(length));
    };
    check(Page::BadGateway, "502 Bad Gateway", 122);
    check(Page::GatewayTimeout, "504 Gateway Time-out", 132);
    check(Page::BadRequest, "400 Bad Request", 122);
    check(Page::RequestTimeout, "408 Request Time-out", 132);
}

#[test]
fn a_redirect_says_where_to_behind_albs_other_headers() {
    let answer = Answer::Redirect { status: 301, location: "https://a:443/".to_owned() };
    let text = written(&answer, Persistence::KeepAlive, Sending::Whole);
    assert!(text.starts_with("HTTP/1.1 301 Moved Permanently\r\nServer: awselb/2.0\r\n"), "{text}");
    assert!(text.contains("\r\nContent-Length: 134\r\nConnection: keep-alive\r\nLocation: https://a:443/\r\n\r\n<html>"), "{text}");
}

#[test]
fn a_fixed_response_is_what_the_rule_says() {
    let answer = |content_type: Option<&str>| {
        Answer::Fixed(FixedResponse {
            status: 404,
            content_type: content_type.map(str::to_owned),
            body: "{}".to_owned(),
        })
    };
    let text = written(&answer(Some("application/json")), Persistence::KeepAlive, Sending::Whole);
    assert!(text.starts_with("HTTP/1.1 404 Not Found\r\n"), "{text}");
    assert!(
        text.contains("\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n"),
        "{text}"
    );
    assert!(text.ends_with("\r\n\r\n{}"), "{text}");
    let empty = FixedResponse { status: 204, content_type: None, body: "x".to_owned() };
    let text = written(&Answer::Fixed(empty), Persistence::KeepAlive, Sending::Whole);
    assert!(text.ends_with("\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"), "{text}");
    let text = written(&answer(None), Persistence::KeepAlive, Sending::Whole);
    assert!(text.contains("\r\nContent-Type: text/plain; charset=utf-8\r\n"), "{text}");
}

#[test]
fn a_listener_changes_the_load_balancers_own_answers_too() {
    let frames = ("X-Frame-Options".to_owned(), "DENY".to_owned());
    let headers = vec![frames];
    let changes = Retouch { server: ServerHeader::Removed, headers, ..Retouch::default() };
    let mut out = Vec::new();
    let ending = (Persistence::KeepAlive, Sending::HeadOnly);
    Answer::Page(Page::BadGateway).write(&mut out, Timestamp::from_seconds(0), ending, &changes);
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains("Server:"), "{text}");
    assert!(
        text.ends_with("\r\nConnection: keep-alive\r\nX-Frame-Options: DENY\r\n\r\n"),
        "{text}"
    );
}
