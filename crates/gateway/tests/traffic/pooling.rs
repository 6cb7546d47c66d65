//! Connections to targets that are used again, and what happens when targets close them.

use crate::caller::Caller;
use crate::expect;
use crate::stage::Stage;
use crate::target::{Guest, Target};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A target that closes each connection behind its first answer without saying so beforehand.
async fn closing() -> Target {
    Target::serving(|mut guest| async move {
        if guest.head().await.is_some() {
            guest.say(OK).await;
            let _closed = guest.stream.shutdown().await;
        }
    })
    .await
}

/// Lets clients ask as fast as they can; tells how many answers were not 200.
async fn hammer(stage: &Stage, clients: usize, requests: usize, head: &'static str) -> usize {
    let address = stage.address();
    let failures = Arc::new(AtomicUsize::new(0));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let failures = Arc::clone(&failures);
        callers.spawn(async move {
            let mut caller = Caller::connect(address).await;
            for _ in 0..requests {
                caller.head(head).await;
                if caller.answer().await.status != 200 {
                    failures.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.unwrap();
    }
    failures.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_that_close_behind_each_answer_cost_no_request() {
    let target = closing().await;
    let stage = Stage::with(&[target.address]);
    assert_eq!(hammer(&stage, 20, 200, "GET / HTTP/1.1\nHost: a").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_closed_while_it_waited_costs_no_request_of_any_method() {
    let closed = Arc::new(Notify::new());
    let told = Arc::clone(&closed);
    let target = Target::serving(move |mut guest| {
        let closed = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.say(OK).await;
                drop(guest);
                closed.notify_one();
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for number in 0..50 {
        let method = if number % 2 == 0 { "POST" } else { "GET" };
        caller.head(&format!("{method} / HTTP/1.1\nHost: a")).await;
        assert_eq!(caller.answer().await.status, 200, "{method} {number}");
        expect("the target closes", closed.notified()).await;
    }
    assert_eq!(target.heads().len(), 50);
}

/// A target that answers the first request on a connection and resets the connection at the second.
async fn resetting() -> Target {
    Target::serving(|mut guest: Guest| async move {
        if guest.head().await.is_some() {
            guest.say(OK).await;
            if guest.head().await.is_some() {
                guest.stream.set_zero_linger().unwrap();
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_safe_request_is_asked_again_on_a_fresh_connection() {
    let target = resetting().await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..10 {
        assert_eq!(caller.get("/").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_may_have_been_handled_is_not_sent_again() {
    let target = resetting().await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    let post = "POST / HTTP/1.1\nHost: a";
    caller.head(post).await;
    assert_eq!(caller.answer().await.status, 200);
    caller.head(post).await;
    assert_eq!(caller.answer().await.status, 502);
    assert_eq!(target.heads().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_says_it_closes_is_not_asked_again_on_that_connection() {
    let target =
        Target::answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
            .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..3 {
        assert_eq!(caller.get("/").await.header("Connection"), Some("keep-alive"));
    }
    assert_eq!(target.connections(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_was_asked_for_spoils_the_connection() {
    let target = Target::answering(&format!("{OK}more")).await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    for _ in 0..3 {
        assert_eq!(caller.get("/").await.body, "ok");
    }
    assert_eq!(target.connections(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_are_closed_after_the_idle_timeout() {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let target = Target::serving(move |mut guest| {
        let gone = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.say(OK).await;
                guest.until_gone().await;
                gone.notify_one();
            }
        }
    })
    .await;
    let stage = Stage::impatient(&[target.address]);
    let mut caller = stage.call().await;
    assert_eq!(caller.get("/").await.status, 200);
    expect("the idle connection is closed", gone.notified()).await;
}
