//! Targets that come and go, and routes that change, under load.

use crate::caller::Caller;
use crate::expect;
use crate::stage::{Stage, forward, group};
use crate::target::Target;
use gateway::{Health, TargetUse};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// A target that answers when told to.
struct Slow {
    target: Target,
    go: Arc<Notify>,
}

impl Slow {
    async fn new() -> Self {
        let go = Arc::new(Notify::new());
        let told = Arc::clone(&go);
        let target = Target::serving(move |mut guest| {
            let go = Arc::clone(&told);
            async move {
                while guest.head().await.is_some() {
                    go.notified().await;
                    guest.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow").await;
                }
            }
        })
        .await;
        Self { target, go }
    }
}

fn set(stage: &mut Stage, target: SocketAddr, usage: TargetUse) {
    stage.app().targets.insert(target.into(), usage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_target_finishes_what_it_has_and_gets_nothing_new() {
    let slow = Slow::new().await;
    let address = slow.target.address;
    let other = Target::saying("other").await;
    let mut stage = Stage::with(&[address]);
    let mut waiting = stage.call().await;
    waiting.head("GET / HTTP/1.1\nHost: a").await;
    slow.target.until_requests(1).await;
    assert_eq!(stage.gateway.in_flight("app", address.into()), 1);

    set(&mut stage, other.address, TargetUse::InService);
    set(&mut stage, address, TargetUse::Draining);
    stage.apply();
    let mut caller = stage.call().await;
    for _ in 0..20 {
        assert_eq!(caller.get("/").await.body, "other");
    }
    assert_eq!(stage.gateway.in_flight("app", address.into()), 1);

    slow.go.notify_one();
    assert_eq!(waiting.answer().await.body, "slow");
    stage.until_in_flight(address, 0).await;
    // The client's connection is not the target's: it goes on with the other one.
    assert_eq!(waiting.get("/").await.body, "other");
    assert_eq!(slow.target.heads().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_to_a_draining_target_are_closed_at_once() {
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    let target = Target::serving(move |mut guest| {
        let gone = Arc::clone(&told);
        async move {
            while guest.head().await.is_some() {
                guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                guest.until_gone().await;
                gone.notify_one();
            }
        }
    })
    .await;
    let mut stage = Stage::with(&[target.address]);
    assert_eq!(stage.call().await.get("/").await.status, 200);
    set(&mut stage, target.address, TargetUse::Draining);
    stage.apply();
    expect("the idle connection is closed", gone.notified()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_gone_loses_its_requests() {
    let slow = Slow::new().await;
    let mut stage = Stage::with(&[slow.target.address]);
    let mut waiting = stage.call().await;
    waiting.head("GET / HTTP/1.1\nHost: a").await;
    slow.target.until_requests(1).await;
    set(&mut stage, slow.target.address, TargetUse::Draining);
    stage.apply();
    stage.app().targets.clear();
    stage.apply();
    assert_eq!(waiting.answer().await.status, 502);
    assert_eq!(waiting.get("/").await.status, 503);
}

/// A slow target that drained and is gone while a request is on its way.
async fn gone_with_a_request(linger: Duration) -> (Slow, Stage, Caller) {
    let slow = Slow::new().await;
    let mut stage = Stage::with(&[slow.target.address]);
    stage.app().linger = linger;
    let mut waiting = stage.call().await;
    waiting.head("GET / HTTP/1.1\nHost: a").await;
    slow.target.until_requests(1).await;
    set(&mut stage, slow.target.address, TargetUse::Draining);
    stage.apply();
    stage.app().targets.clear();
    stage.apply();
    (slow, stage, waiting)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_flight_may_linger_at_a_target_that_is_gone() {
    let (slow, _stage, mut waiting) = gone_with_a_request(Duration::from_secs(300)).await;
    slow.go.notify_one();
    assert_eq!(waiting.answer().await.body, "slow");
    assert_eq!(waiting.get("/").await.status, 503, "the next request does not go there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lingers_too_long_is_cut() {
    let (_slow, _stage, mut waiting) = gone_with_a_request(Duration::from_millis(50)).await;
    assert_eq!(waiting.answer().await.status, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_comes_back_is_new_again() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    stage.until_health(target.address, Health::Healthy).await;
    set(&mut stage, target.address, TargetUse::Draining);
    stage.apply();
    assert_eq!(stage.call().await.get("/").await.status, 503);
    let reported = stage.reports().len();
    set(&mut stage, target.address, TargetUse::InService);
    stage.apply();
    assert_eq!(stage.call().await.get("/").await.status, 200);
    stage.until("the verdict on the target anew", |reports| reports.len() > reported).await;
}

/// Clients that ask without pause on connections that last, until told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    callers: JoinSet<Vec<u16>>,
}

impl Load {
    fn start(address: SocketAddr, clients: usize) -> Self {
        let mut load =
            Self { stop: Arc::default(), asked: Arc::default(), callers: JoinSet::new() };
        for client in 0..clients {
            let (stop, asked) = (Arc::clone(&load.stop), Arc::clone(&load.asked));
            load.callers.spawn(async move {
                let mut caller = Caller::connect(address).await;
                let mut failures = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let method = if client % 2 == 0 { "GET" } else { "POST" };
                    caller.head(&format!("{method} / HTTP/1.1\nHost: a\nContent-Length: 0")).await;
                    let status = caller.answer().await.status;
                    if status != 200 {
                        failures.push(status);
                    }
                    asked.fetch_add(1, Ordering::SeqCst);
                }
                failures
            });
        }
        load
    }

    /// Waits for so many more answers.
    async fn go_on(&self, answers: usize) {
        let end = self.asked.load(Ordering::SeqCst) + answers;
        expect("the load goes on", async {
            while self.asked.load(Ordering::SeqCst) < end {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Ends it; gives the statuses of requests that failed.
    async fn end(mut self) -> Vec<u16> {
        self.stop.store(true, Ordering::SeqCst);
        let mut failures = Vec::new();
        while let Some(ended) = self.callers.join_next().await {
            failures.extend(ended.unwrap());
        }
        failures
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rolling_over_loses_no_request() {
    let mut old = Target::saying("v0").await;
    let mut stage = Stage::with(&[old.address]);
    stage.until_health(old.address, Health::Healthy).await;
    let load = Load::start(stage.address(), 8);
    for version in 1..=15 {
        let new = Target::saying(&format!("v{version}")).await;
        set(&mut stage, new.address, TargetUse::InService);
        stage.apply();
        stage.until_health(new.address, Health::Healthy).await;
        set(&mut stage, old.address, TargetUse::Draining);
        stage.apply();
        stage.until_in_flight(old.address, 0).await;
        stage.app().targets.remove(&old.address.into());
        stage.apply();
        // The old target stops; nothing may be on its way to it any more.
        old = new;
        load.go_on(100).await;
    }
    assert_eq!(load.end().await, Vec::<u16>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_routes_loses_no_request() {
    let (a, b) = (Target::saying("a").await, Target::saying("b").await);
    let mut stage = Stage::with(&[a.address, b.address]);
    stage.until_health(a.address, Health::Healthy).await;
    stage.routes.groups.insert("other".to_owned(), group(&[b.address]));
    stage.apply();
    let load = Load::start(stage.address(), 8);
    for round in 0..300 {
        stage.web().default = forward(&[("app", 1 + round % 3), ("other", round % 2)]);
        let port = if round % 2 == 0 { 80 } else { 8080 };
        stage.web().port = port;
        stage.app().check.interval = std::time::Duration::from_millis(20 + u64::from(round % 5));
        stage.apply();
        load.go_on(5).await;
    }
    assert_eq!(load.end().await, Vec::<u16>::new());
    assert!(stage.gateway.bound().contains_key("web"));
}
