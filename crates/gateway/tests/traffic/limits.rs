//! Requests that are answered without being looked at further (reference §4.10).

use crate::stage::Stage;
use crate::target::Target;

/// Sends bytes; checks the status and that the connection ends.
async fn check(stage: &Stage, bytes: &str, status: u16) {
    let mut caller = stage.call().await;
    caller.send(bytes).await;
    let answer = caller.answer().await;
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("Server"), Some("awselb/2.0"));
    assert_eq!(answer.header("Connection"), Some("close"));
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_get_albs_pages_and_end_the_connection() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let host = "Host: a\r\n\r\n";
    check(&stage, "test\n", 400).await;
    check(&stage, "GET / HTTP/1.1\r\n\r\n", 400).await;
    check(&stage, &format!("GET nowhere HTTP/1.1\r\n{host}"), 400).await;
    check(&stage, &format!("GET / HTTP/1.1\r\nBad Name: 1\r\n{host}"), 400).await;
    check(&stage, &format!("CONNECT a:443 HTTP/1.1\r\n{host}"), 400).await;
    check(&stage, &format!("TRACE / HTTP/1.1\r\n{host}"), 405).await;
    check(&stage, &format!("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n{host}"), 501).await;
    check(&stage, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505).await;
    assert_eq!(target.heads(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lines_and_heads_are_refused_while_they_come() {
    let stage = Stage::with(&[]);
    let long = "x".repeat(17_000);
    check(&stage, &format!("GET /{long}"), 414).await;
    check(&stage, &format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"), 414).await;
    check(&stage, &format!("GET / HTTP/1.1\r\nHost: a\r\nA: {long}\r\n\r\n"), 400).await;
    let many: String =
        (0..6).map(|number| format!("A{number}: {}\r\n", "x".repeat(15_000))).collect();
    check(&stage, &format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"), 400).await;
    check(&stage, &format!("GET / HTTP/1.1\r\nHost: a\r\n{many}"), 400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_forwarded_addresses_are_refused() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let list = vec!["10.0.0.1"; 31].join(", ");
    check(&stage, &format!("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {list}\r\n\r\n"), 463)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ambiguous_request_is_routed_and_ends_both_connections() {
    let target = Target::serving(|mut guest| async move {
        while let Some(head) = guest.head().await {
            if head.starts_with("POST") {
                guest.read_to("0\r\n\r\n").await;
            }
            guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    caller
        .send(&format!(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n\
             0\r\n\r\n{smuggled}"
        ))
        .await;
    let answer = caller.answer().await;
    assert_eq!((answer.status, answer.header("Connection")), (200, Some("close")));
    assert_eq!(caller.rest().await, "");
    let heads = target.heads();
    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(!heads[0].contains("Content-Length"), "{}", heads[0]);
    stage.call().await.get("/").await;
    assert_eq!(target.connections(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_client_can_read_its_page_while_it_still_sends() {
    let stage = Stage::with(&[]);
    let mut caller = stage.call().await;
    caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 3000000").await;
    for _ in 0..30 {
        caller.send(&"x".repeat(100_000)).await;
    }
    assert_eq!(caller.answer().await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_harms_nobody_else() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut good = stage.call().await;
    let odd = [
        "\0\0\0\0",
        "\r\n\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03",
        "GET",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "GET /?? HTTP/1.1\r\nHost: :::\r\n\r\n",
        "GET http://[/ HTTP/1.1\r\nHost: [\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: ,,;;,Host,Content-Length\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Amzn-Trace-Id: ;;;=;Self=;Root\r\n\r\n",
    ];
    for bytes in odd {
        for end in 0..=bytes.len() {
            let Some(part) = bytes.get(..end) else { continue };
            stage.call().await.send(part).await;
        }
        assert_eq!(good.get("/").await.body, "ok", "after {bytes:?}");
    }
}
