//! What passes through, and in which shape.

use crate::caller::Caller;
use crate::stage::Stage;
use crate::target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_reaches_its_target_with_albs_headers() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET /a?b=1 HTTP/1.1\nHost: example.com\nAccept: */*\nX-odd_CASE: 1").await;
    assert_eq!(caller.answer().await.body, "ok");
    let head = target.heads().remove(0);
    let (front, behind) = head.split_once("\nX-Amzn-Trace-Id: Root=1-").unwrap();
    assert_eq!(
        front,
        "GET /a?b=1 HTTP/1.1\nX-Forwarded-For: 127.0.0.1\nX-Forwarded-Proto: http\n\
         X-Forwarded-Port: 80\nHost: example.com"
    );
    let (trace, rest) = behind.split_once('\n').unwrap();
    assert_eq!(trace.len(), "58337262-36d228ad5d99923122bbe354".len());
    assert_eq!(rest, "Accept: */*\nX-odd_CASE: 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_ids_differ() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..20 {
        caller.get("/").await;
    }
    let heads = target.heads();
    let traces: std::collections::BTreeSet<_> =
        heads.iter().filter_map(|head| head.split("X-Amzn-Trace-Id: ").nth(1)).collect();
    assert_eq!(traces.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_keeps_its_headers_but_not_the_targets_connection() {
    let target = Target::answering(
        "HTTP/1.1 201 Made\r\nserver: x\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n\
         set-cookie: a\r\nset-cookie: b\r\nContent-Length: 2\r\n\r\nok",
    )
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let answer = caller.get("/").await;
    assert_eq!(
        answer.head,
        "HTTP/1.1 201 Made\nserver: x\nset-cookie: a\nset-cookie: b\nContent-Length: 2\n\
         Connection: keep-alive"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_last_on_both_sides() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..50 {
        assert_eq!(caller.get("/").await.status, 200);
    }
    assert_eq!((target.heads().len(), target.connections()), (50, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_for_it_is_closed_behind_the_answer() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a\nConnection: close").await;
    let answer = caller.answer().await;
    assert_eq!(answer.header("Connection"), Some("close"));
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelined_requests_are_answered_in_order() {
    let target = Target::serving(|mut guest| async move {
        while let Some(head) = guest.head().await {
            let path = head.split(' ').nth(1).unwrap();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{path}", path.len());
            guest.say(&answer).await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let requests: String =
        (0..30).map(|number| format!("GET /{number} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    caller.send(&requests).await;
    for number in 0..30 {
        assert_eq!(caller.answer().await.body, format!("/{number}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_and_the_next_request_may_come_in_one_piece() {
    let target = Target::serving(|mut guest| async move {
        while let Some(head) = guest.head().await {
            let body = if head.starts_with("POST") { guest.read(5).await } else { "-".to_owned() };
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            guest.say(&answer).await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    caller.send(&format!("{post}GET / HTTP/1.1\r\nHost: a\r\n\r\n{post}")).await;
    for expected in ["hello", "-", "hello"] {
        assert_eq!(caller.answer().await.body, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_may_come_byte_by_byte() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for byte in "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi".chars() {
        caller.send(&byte.to_string()).await;
    }
    assert_eq!(caller.answer().await.body, "ok");
    assert!(target.heads()[0].starts_with("POST /slow HTTP/1.1\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_head_has_no_body() {
    let target = Target::answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..2 {
        caller.head("HEAD / HTTP/1.1\nHost: a").await;
        let answer = caller.answer_to_head().await;
        assert_eq!(answer.header("Content-Length"), Some("1000"));
        assert_eq!(answer.header("Connection"), Some("keep-alive"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_and_trailers_pass_as_they_are() {
    let body = "5;x=1\r\nhello\r\n0\r\nChecksum: 9\r\n\r\n";
    let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\n\r\n{body}");
    let target = Target::answering(&answer).await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..2 {
        caller.head("GET / HTTP/1.1\nHost: a").await;
        let answer = caller.answer_to_head().await;
        let expected = "HTTP/1.1 200 OK\nA: 1\nTransfer-Encoding: chunked\nConnection: keep-alive";
        assert_eq!(answer.head, expected);
        assert_eq!(caller.read(body.len()).await, body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_1_0_client_gets_the_data_without_chunks() {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                  5\r\nhello\r\n7;x\r\n, world\r\n0\r\n\r\n";
    let target = Target::answering(answer).await;
    let stage = Stage::with(&[target.address]);
    for connection in ["close", "keep-alive"] {
        let mut caller = stage.call().await;
        caller.head(&format!("GET / HTTP/1.0\nHost: a\nConnection: {connection}")).await;
        let answer = caller.answer().await;
        assert_eq!(answer.head, "HTTP/1.1 200 OK\nConnection: close");
        assert_eq!(answer.body, "hello, world");
    }
    assert!(target.heads()[0].starts_with("GET / HTTP/1.1\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_1_0_client_keeps_its_connection_when_it_asks_to() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..2 {
        caller.head("GET / HTTP/1.0\nConnection: keep-alive").await;
        assert_eq!(caller.answer().await.header("Connection"), Some("keep-alive"));
    }
    caller.head("GET / HTTP/1.0").await;
    assert_eq!(caller.answer().await.header("Connection"), Some("close"));
    assert_eq!(caller.rest().await, "");
    assert!(target.heads()[0].contains("\nHost: 127.0.0.1\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_framing_lasts_until_the_close() {
    let target = Target::serving(|mut guest| async move {
        if guest.head().await.is_some() {
            guest.say("HTTP/1.1 200 OK\r\n\r\nall of it").await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let answer = caller.get("/").await;
    assert_eq!((answer.header("Connection"), answer.body.as_str()), (Some("close"), "all of it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn interim_answers_pass_to_clients_that_know_them() {
    let target = Target::answering(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
         HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    )
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let interim = caller.get("/").await;
    assert_eq!((interim.status, interim.header("Link")), (103, Some("x")));
    assert_eq!(caller.answer().await.body, "ok");
    let mut old = stage.call().await;
    old.head("GET / HTTP/1.0").await;
    assert_eq!(old.answer().await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_absolute_form_is_understood() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET http://shop.example.com/a HTTP/1.1\nHost: other").await;
    assert_eq!(caller.answer().await.status, 200);
    let head = target.heads().remove(0);
    assert!(head.starts_with("GET /a HTTP/1.1\n"), "{head}");
    assert!(head.contains("\nHost: shop.example.com\n"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_are_served_at_once() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    let address = stage.address();
    let callers: Vec<_> = (0..40)
        .map(|_| {
            tokio::spawn(async move {
                let mut caller = Caller::connect(address).await;
                for _ in 0..25 {
                    assert_eq!(caller.get("/").await.status, 200);
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(target.heads().len(), 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_pipeline_far_ahead() {
    let go = std::sync::Arc::new(tokio::sync::Notify::new());
    let told = std::sync::Arc::clone(&go);
    let target = Target::serving(move |mut guest| {
        let go = std::sync::Arc::clone(&told);
        async move {
            let mut first = true;
            while guest.head().await.is_some() {
                if std::mem::take(&mut first) {
                    go.notified().await;
                }
                guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}\r\n\r\n", "x".repeat(9_000));
    // The kernel takes what the gateway does not read ahead.
    for _ in 0..60 {
        caller.send(&request).await;
    }
    go.notify_one();
    for _ in 0..60 {
        assert_eq!(caller.answer().await.body, "ok");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_grows_on_the_way_keeps_its_body() {
    // Nothing can grow more: no blanks, no carriage returns, as many headers as fit.
    let terse = "a:b\n".repeat(250);
    let target =
        Target::answering(&format!("HTTP/1.1 200 \nContent-Length:4\n{terse}\nbody")).await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..2 {
        let answer = caller.get("/").await;
        assert_eq!(answer.head.matches("\na: b").count(), 250);
        assert_eq!(answer.body, "body");
    }
}
