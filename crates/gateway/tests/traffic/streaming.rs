//! Bodies pass as they come, both ways, and nothing is collected on the way.

use crate::stage::Stage;
use crate::target::Target;
use crate::{PATIENCE, expect};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn the_client_sees_events_before_the_target_has_finished() {
    let seen = Arc::new(Notify::new());
    let told = Arc::clone(&seen);
    let target = Target::serving(move |mut guest| {
        let seen = Arc::clone(&told);
        async move {
            if guest.head().await.is_none() {
                return;
            }
            guest.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            for number in 0..5 {
                guest.say(&format!("8\r\nevent {number}\n\r\n")).await;
                // The next event comes only when the client has seen this one.
                seen.notified().await;
            }
            guest.say("0\r\n\r\n").await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET /events HTTP/1.1\nHost: a\nAccept: text/event-stream").await;
    caller.answer_to_head().await;
    for number in 0..5 {
        assert_eq!(caller.read_to("\n\r\n").await, format!("8\r\nevent {number}\n\r\n"));
        seen.notify_one();
    }
    assert_eq!(caller.read(5).await, "0\r\n\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_sees_an_upload_before_the_client_has_finished() {
    let seen = Arc::new(Notify::new());
    let told = Arc::clone(&seen);
    let target = Target::serving(move |mut guest| {
        let seen = Arc::clone(&told);
        async move {
            if guest.head().await.is_none() {
                return;
            }
            assert_eq!(guest.read_to("\r\n").await, "5\r\n");
            assert_eq!(guest.read(7).await, "first\r\n");
            seen.notify_one();
            assert_eq!(guest.read_to("0\r\nT: 1\r\n\r\n").await, "4\r\nlast\r\n0\r\nT: 1\r\n\r\n");
            guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked").await;
    caller.send("5\r\nfirst\r\n").await;
    expect("the target has the first chunk", seen.notified()).await;
    caller.send("4\r\nlast\r\n0\r\nT: 1\r\n\r\n").await;
    assert_eq!(caller.answer().await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_directions_flow_at_once() {
    const PIECE: usize = 1 << 16;
    const PIECES: usize = 100;
    let target = Target::serving(|mut guest| async move {
        if guest.head().await.is_none() {
            return;
        }
        let length = PIECE * PIECES;
        guest.say(&format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")).await;
        for _ in 0..PIECES {
            let piece = guest.read(PIECE).await;
            guest.say(&piece).await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head(&format!("POST / HTTP/1.1\nHost: a\nContent-Length: {}", PIECE * PIECES)).await;
    caller.answer_to_head().await;
    for number in 0..PIECES {
        // Each piece is sent only when the one before has come back.
        let piece = char::from(b'a' + u8::try_from(number % 26).unwrap()).to_string().repeat(PIECE);
        caller.send(&piece).await;
        assert!(caller.read(PIECE).await == piece, "piece {number} comes back as it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_late_gets_everything() {
    const LENGTH: usize = 30_000_000;
    let target = Target::serving(|mut guest| async move {
        if guest.head().await.is_none() {
            return;
        }
        guest.say(&format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n")).await;
        let line = "0123456789".repeat(1000);
        for _ in 0..LENGTH / line.len() {
            guest.say(&line).await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    target.until_requests(1).await;
    let answer = caller.answer().await;
    assert!(answer.body == "0123456789".repeat(LENGTH / 10), "every byte in its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_slowed_down_by_a_client_that_does_not_read() {
    // Far more than the kernel's buffers of both connections hold.
    const PIECE: usize = 1 << 20;
    const PIECES: usize = 512;
    let finished = Arc::new(Notify::new());
    let told = Arc::clone(&finished);
    let target = Target::serving(move |mut guest| {
        let finished = Arc::clone(&told);
        async move {
            if guest.head().await.is_none() {
                return;
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", PIECE * PIECES);
            guest.say(&head).await;
            let piece = vec![b'x'; PIECE];
            for _ in 0..PIECES {
                // A writer that is not let on within a second is being slowed down.
                let written = guest.stream.write_all(&piece);
                if timeout(std::time::Duration::from_secs(1), written).await.is_err() {
                    finished.notify_one();
                    return;
                }
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    expect("the target can't write on", finished.notified()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_expects_a_continue_gets_it_at_once() {
    let target = Target::serving(|mut guest| async move {
        if let Some(head) = guest.head().await {
            assert!(!head.to_lowercase().contains("expect"), "{head}");
            let body = guest.read(5).await;
            guest.say(&format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{body}")).await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("PUT / HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue").await;
    assert_eq!(caller.answer_to_head().await.head, "HTTP/1.1 100 Continue");
    caller.send("hello").await;
    assert_eq!(caller.answer().await.body, "hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_come_before_the_end_of_the_upload() {
    let target = Target::serving(|mut guest| async move {
        if guest.head().await.is_some() {
            guest.say("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig").await;
            guest.until_gone().await;
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 1000000").await;
    let answer = caller.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (413, "big"));
    // What would follow belongs to the body, so the connection ends.
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_ends_its_request_at_the_target() {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let target = Target::serving(move |mut guest| {
        let gone = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.until_gone().await;
                gone.notify_one();
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    target.until_requests(1).await;
    drop(caller);
    expect("the target sees the client go", gone.notified()).await;
    stage.until_in_flight(target.address, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_stream_ends_when_its_client_leaves() {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let target = Target::serving(move |mut guest| {
        let gone = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n").await;
                guest.until_gone().await;
                gone.notify_one();
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    caller.read_to("x\r\n").await;
    drop(caller);
    expect("the target sees the client go", gone.notified()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_64_k_arrives_whole() {
    let body = "x".repeat(65_536);
    let target = Target::saying(&body).await;
    let stage = Stage::with(&[target.address]);
    let mut stream = TcpStream::connect(stage.address()).await.unwrap();
    for _ in 0..20 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut arrived = Vec::new();
        let whole = async {
            while !arrived.ends_with(body.as_bytes()) {
                stream.read_buf(&mut arrived).await.unwrap();
            }
        };
        timeout(PATIENCE, whole).await.unwrap();
    }
    assert_eq!(target.connections(), 1);
}
