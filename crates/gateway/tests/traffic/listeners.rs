//! Where the gateway listens, and how it ends.

use crate::caller::Caller;
use crate::expect;
use crate::stage::{ANY, Stage, forward, listener};
use crate::target::Target;
use gateway::Report;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;

fn taken() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(ANY).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_gives_way_to_the_next_candidate() {
    let (_taken, address) = taken();
    let target = Target::saying("ok").await;
    let mut stage = Stage::empty();
    stage.routes.groups.insert("app".to_owned(), crate::stage::group(&[target.address]));
    let mut web = listener(forward(&[("app", 1)]));
    web.candidates = vec![address, ANY.parse().unwrap()];
    stage.routes.listeners.insert("web".to_owned(), web);
    stage.apply();
    let bound = stage.address();
    assert_ne!(bound, address);
    let report = Report::Bound { listener: "web".to_owned(), address: bound };
    assert_eq!(stage.reports().first(), Some(&report));
    assert_eq!(stage.call().await.get("/").await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_finds_no_port_is_reported_once_and_tried_again() {
    let (taken, address) = taken();
    let mut stage = Stage::with(&[]);
    let mut other = listener(forward(&[]));
    other.candidates = vec![address];
    stage.routes.listeners.insert("other".to_owned(), other);
    stage.apply();
    stage.apply();
    let failures = |reports: &[Report]| {
        let failed = |report: &&Report| matches!(report, Report::BindFailed { .. });
        reports.iter().filter(failed).cloned().collect::<Vec<_>>()
    };
    let found = failures(&stage.reports());
    let [Report::BindFailed { listener, tried, why }] = found.as_slice() else {
        panic!("one failure: {found:?}")
    };
    assert_eq!((listener.as_str(), tried.as_slice()), ("other", [address].as_slice()));
    assert!(why.contains(&address.to_string()), "{why}");
    assert!(!stage.gateway.bound().contains_key("other"));
    drop(taken);
    stage.apply();
    assert_eq!(stage.gateway.bound()["other"], address);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_listens_is_not_bound_again() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    let address = stage.address();
    let mut caller = stage.call().await;
    stage.web().port = 8080;
    // Another preference does not move a listener whose place is still among the candidates.
    stage.web().candidates.insert(0, "127.0.0.1:1".parse().unwrap());
    stage.apply();
    assert_eq!(stage.address(), address);
    assert_eq!(caller.get("/").await.status, 200);
    assert!(target.heads()[0].contains("\nX-Forwarded-Port: 8080\nHost: example.com:8080\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_moves_when_its_place_is_no_longer_wanted() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    let before = stage.address();
    let mut caller = stage.call().await;
    let (held, elsewhere) = taken();
    drop(held);
    stage.web().candidates = vec![elsewhere];
    stage.apply();
    assert_eq!(stage.address(), elsewhere);
    assert_eq!(stage.call().await.get("/").await.status, 200);
    assert_eq!(caller.rest().await, "");
    assert!(TcpStream::connect(before).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_is_gone_frees_its_address_for_another() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    let address = stage.address();
    let mut idle = stage.call().await;
    assert_eq!(idle.get("/").await.status, 200);
    for number in 0..20 {
        stage.routes.listeners.clear();
        let mut next = listener(forward(&[("app", 1)]));
        next.candidates = vec![address];
        stage.routes.listeners.insert(format!("web{number}"), next);
        stage.apply();
        assert_eq!(stage.gateway.bound()[&format!("web{number}")], address);
    }
    assert_eq!(idle.rest().await, "");
    assert_eq!(Caller::connect(address).await.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_outlives_its_listener() {
    let go = Arc::new(Notify::new());
    let told = Arc::clone(&go);
    let target = Target::serving(move |mut guest| {
        let go = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                go.notified().await;
                guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let mut stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    target.until_requests(1).await;
    stage.routes.listeners.clear();
    stage.apply();
    go.notify_one();
    let answer = caller.answer().await;
    assert_eq!((answer.status, answer.header("Connection")), (200, Some("close")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_sent_away_when_its_time_is_up() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    stage.web().attributes.client_keep_alive = Duration::ZERO;
    stage.apply();
    let mut caller = stage.call().await;
    assert_eq!(caller.get("/").await.header("Connection"), Some("close"));
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_requests_finish_and_idle_connections_go() {
    let go = Arc::new(Notify::new());
    let told = Arc::clone(&go);
    let target = Target::serving(move |mut guest| {
        let go = Arc::clone(&told);
        async move {
            if guest.head().await.is_some() {
                go.notified().await;
                guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let address = stage.address();
    let (mut idle, mut busy) = (stage.call().await, stage.call().await);
    busy.head("GET / HTTP/1.1\nHost: a").await;
    target.until_requests(1).await;
    let stopping = tokio::task::spawn_blocking(move || stage.gateway.stop(Duration::from_secs(60)));
    assert_eq!(idle.rest().await, "");
    assert!(TcpStream::connect(address).await.is_err());
    go.notify_one();
    assert_eq!(busy.answer().await.header("Connection"), Some("close"));
    expect("the gateway has stopped", stopping).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_only_as_long_as_its_patience() {
    let target = Target::serving(|mut guest| async move {
        guest.head().await;
        guest.until_gone().await;
    })
    .await;
    let stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: a").await;
    target.until_requests(1).await;
    let stopping =
        tokio::task::spawn_blocking(move || stage.gateway.stop(Duration::from_millis(50)));
    expect("the gateway has stopped", stopping).await.unwrap();
    assert_eq!(caller.rest().await, "");
}
