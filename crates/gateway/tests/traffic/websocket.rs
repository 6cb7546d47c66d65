//! Connections that change their protocol.

use crate::caller::Caller;
use crate::expect;
use crate::stage::Stage;
use crate::target::Target;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;

const ASK: &str = "GET /chat HTTP/1.1\nHost: a\nConnection: keep-alive, Upgrade\n\
                   Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: k";
const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\
                      Upgrade: websocket\r\nSec-WebSocket-Accept: s\r\n\r\n";

/// A target that switches, greets in the same breath, and echoes line by line.
async fn echo() -> Target {
    Target::serving(|mut guest| async move {
        let Some(head) = guest.head().await else { return };
        assert!(head.contains("\nUpgrade: websocket\nConnection: Upgrade\n"), "{head}");
        guest.say(&format!("{SWITCH}welcome\n")).await;
        loop {
            let line = guest.read_to("\n").await;
            if line.is_empty() {
                guest.say("bye\n").await;
                return;
            }
            guest.say(&line).await;
        }
    })
    .await
}

async fn switched(stage: &Stage) -> Caller {
    let mut caller = stage.call().await;
    caller.head(ASK).await;
    let answer = caller.answer_to_head().await;
    assert_eq!(
        answer.head,
        "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nSec-WebSocket-Accept: s\n\
         Connection: upgrade"
    );
    assert_eq!(caller.read_to("\n").await, "welcome\n");
    caller
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_go_both_ways() {
    let target = echo().await;
    let stage = Stage::with(&[target.address]);
    let mut caller = switched(&stage).await;
    for number in 0..200 {
        let line = format!("{number} {}\n", "x".repeat(number * 50));
        caller.send(&line).await;
        assert_eq!(caller.read_to("\n").await, line);
    }
    assert_eq!(stage.gateway.in_flight("app", target.address.into()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_side_that_ends_can_still_be_answered() {
    let target = echo().await;
    let stage = Stage::with(&[target.address]);
    let mut caller = switched(&stage).await;
    caller.writer.shutdown().await.unwrap();
    assert_eq!(caller.rest().await, "bye\n");
    stage.until_in_flight(target.address, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_sent_before_the_switch_arrive_behind_it() {
    let target = echo().await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.send(&format!("{}\r\n\r\nearly\n", ASK.replace('\n', "\r\n"))).await;
    caller.answer_to_head().await;
    assert_eq!(caller.read_to("early\n").await, "welcome\nearly\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_may_refuse_to_switch() {
    let target = Target::answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head(ASK).await;
    assert_eq!(caller.answer().await.body, "no");
    assert_eq!(caller.get("/").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_nobody_asked_for_is_a_bad_answer() {
    let target = Target::answering(SWITCH).await;
    let stage = Stage::with(&[target.address]);
    assert_eq!(stage.call().await.get("/").await.status, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_ends_the_connection() {
    let target = echo().await;
    let stage = Stage::impatient(&[target.address]);
    let mut caller = switched(&stage).await;
    assert_eq!(caller.rest().await, "");
    stage.until_in_flight(target.address, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_leaves_takes_its_connections_along() {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let target = Target::serving(move |mut guest| {
        let gone = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.say(&format!("{SWITCH}welcome\n")).await;
                guest.until_gone().await;
                gone.notify_one();
            }
        }
    })
    .await;
    let mut stage = Stage::with(&[target.address]);
    let mut caller = switched(&stage).await;
    stage.app().targets.clear();
    stage.apply();
    assert_eq!(caller.rest().await, "");
    expect("the target sees the end", gone.notified()).await;
}
