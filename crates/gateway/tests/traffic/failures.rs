//! What clients get when something goes wrong (reference §4.10).

use crate::caller::Answer;
use crate::stage::{Stage, forward};
use crate::target::Target;
use gateway::{Health, TargetUse};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// An address where nobody listens.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Checks one of the gateway's own pages.
fn check_page(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("Server"), Some("awselb/2.0"));
    assert_eq!(answer.header("Content-Type"), Some("text/html"));
    assert!(answer.body.contains(&format!("<h1>{title}</h1>")), "{answer:?}");
}

/// Asks a target that answers with these bytes, and then ends the connection.
async fn ask(answer: &str) -> Answer {
    let answer: Arc<str> = answer.into();
    let target = Target::serving(move |mut guest| {
        let answer = Arc::clone(&answer);
        async move {
            if guest.head().await.is_some() {
                guest.say(&answer).await;
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    stage.call().await.get("/").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_refuses_is_a_bad_gateway() {
    let stage = Stage::with(&[nobody()]);
    let mut caller = stage.call().await;
    for _ in 0..3 {
        let answer = caller.get("/").await;
        check_page(&answer, 502, "502 Bad Gateway");
        assert_eq!(answer.header("Connection"), Some("keep-alive"));
    }
}

/// A body is not lost on the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_a_dead_target_refused_goes_to_a_healthy_one() {
    let (alive, dead) = (Target::saying("ok").await, Target::saying("dead").await);
    let mut stage = Stage::with(&[alive.address, dead.address]);
    stage.lose_unnoticed(alive.address, dead).await;
    let mut caller = stage.call().await;
    for _ in 0..6 {
        assert_eq!(caller.get("/").await.body, "ok");
        caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 4").await;
        caller.send("body").await;
        assert_eq!(caller.answer().await.status, 200);
    }
    assert_eq!(alive.heads().len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_breaks_off_is_a_bad_gateway() {
    check_page(&ask("").await, 502, "502 Bad Gateway");
    check_page(&ask("HTTP/1.1 200 OK\r\nContent-Le").await, 502, "502 Bad Gateway");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_http_is_a_bad_gateway() {
    check_page(&ask("SSH-2.0-OpenSSH_9.2\r\n\r\n").await, 502, "502 Bad Gateway");
    let two_lengths = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx";
    check_page(&ask(two_lengths).await, 502, "502 Bad Gateway");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_head_over_32_k_is_a_bad_gateway() {
    let head = |length| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: {}\r\n\r\n", "x".repeat(length))
    };
    assert_eq!(ask(&head(32_000)).await.status, 200);
    check_page(&ask(&head(33_000)).await, 502, "502 Bad Gateway");
    check_page(&ask(&head(200_000)).await, 502, "502 Bad Gateway");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_ends_too_early_ends_the_clients_connection() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        let target = Target::serving(move |mut guest| async move {
            if guest.head().await.is_some() {
                guest.say(answer).await;
            }
        })
        .await;
        let stage = Stage::with(&[target.address]);
        let mut caller = stage.call().await;
        caller.head("GET / HTTP/1.1\nHost: a").await;
        caller.answer_to_head().await;
        let rest = caller.rest().await;
        assert!(rest.contains("half"), "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_without_targets_is_unavailable() {
    let mut stage = Stage::with(&[]);
    let mut caller = stage.call().await;
    let answer = caller.get("/").await;
    check_page(&answer, 503, "503 Service Temporarily Unavailable");
    assert_eq!(answer.header("Content-Length"), Some("162"));
    stage.app().targets.insert(nobody().into(), TargetUse::Draining);
    stage.apply();
    assert_eq!(caller.get("/").await.status, 503);
    stage.web().default = forward(&[("app", 0)]);
    stage.apply();
    assert_eq!(caller.get("/").await.status, 503);
    stage.web().default = forward(&[("nowhere", 1)]);
    stage.apply();
    assert_eq!(caller.get("/").await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_stays_silent_is_a_gateway_timeout() {
    let target = Target::serving(|mut guest| async move {
        guest.head().await;
        guest.until_gone().await;
    })
    .await;
    let stage = Stage::impatient(&[target.address]);
    let mut caller = stage.call().await;
    let answer = caller.get("/").await;
    check_page(&answer, 504, "504 Gateway Time-out");
    assert_eq!(answer.header("Connection"), Some("keep-alive"));
}

/// A listener that never accepts: its backlog is full, and the system drops what comes on top.
struct Deaf {
    address: SocketAddr,
    _sockets: Vec<socket2::Socket>,
}

impl Deaf {
    fn new() -> Self {
        let socket =
            || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        let listener = socket();
        listener.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let waiting = (0..3).map(|_| {
            let waiting = socket();
            waiting.set_nonblocking(true).unwrap();
            let _in_progress = waiting.connect(&address.into());
            waiting
        });
        Self { address, _sockets: waiting.chain([listener]).collect() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_does_not_accept_is_a_gateway_timeout() {
    let deaf = Deaf::new();
    let stage = Stage::with(&[deaf.address]);
    let answer = stage.call().await.get("/").await;
    check_page(&answer, 504, "504 Gateway Time-out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_goes_before_it_accepts_costs_no_request() {
    let (deaf, alive) = (Deaf::new(), Target::saying("ok").await);
    let mut stage = Stage::patient(&[deaf.address]);
    let mut caller = stage.call().await;
    caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 0").await;
    stage.until_in_flight(deaf.address, 1).await;
    stage.app().targets.insert(alive.address.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(alive.address, Health::Healthy).await;
    stage.app().linger = Duration::ZERO;
    stage.app().targets.remove(&deaf.address.into());
    stage.apply();
    assert_eq!(caller.answer().await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_nothing_times_out() {
    let stage = Stage::impatient(&[]);
    let mut silent = stage.call().await;
    let answer = silent.answer().await;
    check_page(&answer, 408, "408 Request Time-out");
    assert_eq!(answer.header("Connection"), Some("close"));
    let mut half = stage.call().await;
    half.send("GET / HTTP/1.1\r\nHost:").await;
    check_page(&half.answer().await, 408, "408 Request Time-out");
    assert_eq!(half.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stops_in_its_body_times_out() {
    let target = Target::serving(|mut guest| async move {
        guest.head().await;
        guest.until_gone().await;
    })
    .await;
    let stage = Stage::impatient(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 10").await;
    caller.send("half").await;
    let answer = caller.answer().await;
    check_page(&answer, 408, "408 Request Time-out");
    assert_eq!(answer.header("Connection"), Some("close"));
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_between_requests_ends_without_a_word() {
    let target = Target::saying("ok").await;
    let stage = Stage::impatient(&[target.address]);
    let mut caller = stage.call().await;
    assert_eq!(caller.get("/").await.status, 200);
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_is_a_bad_request() {
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
    caller.head("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked").await;
    target.until_requests(1).await;
    caller.send("no chunk\r\n").await;
    let answer = caller.answer().await;
    check_page(&answer, 400, "400 Bad Request");
    assert_eq!(caller.rest().await, "");
    crate::expect("the target sees the end", gone.notified()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_framing_that_breaks_off_is_not_taken_for_whole() {
    let seen = Arc::new(Notify::new());
    let told = Arc::clone(&seen);
    let target = Target::serving(move |mut guest| {
        let seen = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                guest.say("HTTP/1.1 200 OK\r\n\r\nhalf").await;
                seen.notified().await;
                guest.stream.set_zero_linger().unwrap();
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    assert!(caller.read_to("half").await.contains("\r\nConnection: close\r\n"));
    seen.notify_one();
    assert!(caller.is_reset().await, "an ordinary end would mean that this was all");
}
