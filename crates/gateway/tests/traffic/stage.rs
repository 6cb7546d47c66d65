//! A gateway with routes, and a record of what it reported.

use crate::caller::Caller;
use crate::expect;
use crate::target::Target;
use gateway::{
    AccessLine, Action, Algorithm, Attributes, Config, Forward, Gateway, Group, Health,
    HealthCheck, Listener, ProtocolVersion, Report, Retouch, Routes, Scheme, TargetId, TargetUse,
    Threshold,
};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Any free port of this machine.
pub(crate) const ANY: &str = "127.0.0.1:0";

/// A running gateway.
pub(crate) struct Stage {
    pub(crate) gateway: Gateway,
    /// Changed by tests, then given to [`Stage::apply`].
    pub(crate) routes: Routes,
    record: Arc<Record>,
}

#[derive(Default)]
struct Record {
    reports: Mutex<Vec<Report>>,
    lines: Mutex<Vec<AccessLine>>,
    news: Notify,
}

impl Stage {
    /// A gateway without routes.
    pub(crate) fn empty() -> Self {
        Self::connecting_within(Duration::from_millis(300))
    }

    /// The same with another limit for connections to targets.
    fn connecting_within(connect_timeout: Duration) -> Self {
        let record = Arc::new(Record::default());
        let recorder = Arc::clone(&record);
        let gateway = Gateway::start(Config {
            threads: NonZeroUsize::new(2).unwrap(),
            connect_timeout,
            cookie_key: [7; 32],
            access: {
                let record = Arc::clone(&record);
                Arc::new(move |line| record.lines.lock().unwrap().push(line))
            },
            report: Arc::new(move |report| {
                recorder.reports.lock().unwrap().push(report);
                recorder.news.notify_waiters();
            }),
        })
        .unwrap();
        Self { gateway, routes: Routes::default(), record }
    }

    /// A gateway whose listener `web` leads to the group `app` with these targets.
    pub(crate) fn with(targets: &[SocketAddr]) -> Self {
        Self::empty().leading_to(targets)
    }

    /// The same, and a target may take its time to accept a connection.
    pub(crate) fn patient(targets: &[SocketAddr]) -> Self {
        Self::connecting_within(Duration::from_secs(300)).leading_to(targets)
    }

    fn leading_to(mut self, targets: &[SocketAddr]) -> Self {
        let stage = &mut self;
        stage.routes.groups.insert("app".to_owned(), group(targets));
        stage.routes.listeners.insert("web".to_owned(), listener(forward(&[("app", 1)])));
        stage.apply();
        self
    }

    /// The same with a short idle timeout.
    pub(crate) fn impatient(targets: &[SocketAddr]) -> Self {
        let mut stage = Self::with(targets);
        stage.web().attributes.idle_timeout = Duration::from_millis(200);
        stage.apply();
        stage
    }

    /// Puts the routes into effect.
    pub(crate) fn apply(&self) {
        self.gateway.apply(self.routes.clone());
    }

    /// The listener `web`.
    pub(crate) fn web(&mut self) -> &mut Listener {
        self.routes.listeners.get_mut("web").unwrap()
    }

    /// The group `app`.
    pub(crate) fn app(&mut self) -> &mut Group {
        self.routes.groups.get_mut("app").unwrap()
    }

    /// Where `web` listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.gateway.bound()["web"]
    }

    /// A new client of `web`.
    pub(crate) async fn call(&self) -> Caller {
        Caller::connect(self.address()).await
    }

    /// Everything reported so far.
    pub(crate) fn reports(&self) -> Vec<Report> {
        self.record.reports.lock().unwrap().clone()
    }

    /// Waits until access logs have so many lines.
    pub(crate) async fn lines(&self, count: usize) -> Vec<AccessLine> {
        expect("lines of access logs", async {
            loop {
                let lines = self.record.lines.lock().unwrap().clone();
                if lines.len() >= count {
                    return lines;
                }
                tokio::task::yield_now().await;
            }
        })
        .await
    }

    /// Waits until the reports are as wanted.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&[Report]) -> bool) {
        expect(what, async {
            loop {
                let news = self.record.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                if wanted(&self.reports()) {
                    return;
                }
                news.await;
            }
        })
        .await;
    }

    /// Waits until the last verdict on a target of `app` is this one.
    pub(crate) async fn until_health(&self, target: SocketAddr, wanted: Health) {
        self.until(&format!("{target} is {wanted}"), |reports| {
            last_health(reports, target) == Some(wanted)
        })
        .await;
    }

    /// Ends one of two healthy targets; it is not checked again, so nobody knows.
    pub(crate) async fn lose_unnoticed(&mut self, alive: SocketAddr, dead: Target) {
        let address = dead.address;
        self.until_health(alive, Health::Healthy).await;
        self.until_health(address, Health::Healthy).await;
        self.app().check.interval = Duration::from_secs(300);
        self.apply();
        drop(dead);
        expect("nobody listens", async {
            while TcpStream::connect(address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Waits until a target has so many requests in flight.
    pub(crate) async fn until_in_flight(&self, target: SocketAddr, count: usize) {
        expect("requests in flight", async {
            while self.gateway.in_flight("app", target.into()) != count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

/// The last verdict on a target.
pub(crate) fn last_health(reports: &[Report], target: SocketAddr) -> Option<Health> {
    let target = TargetId::from(target);
    reports.iter().rev().find_map(|report| match report {
        Report::Health { target: found, health, .. } if *found == target => Some(*health),
        _ => None,
    })
}

/// A group of targets in service, checked often.
pub(crate) fn group(targets: &[SocketAddr]) -> Group {
    Group {
        targets: targets.iter().map(|target| ((*target).into(), TargetUse::InService)).collect(),
        check: HealthCheck {
            path: "/health".to_owned(),
            interval: Duration::from_millis(20),
            timeout: Duration::from_secs(5),
            healthy_threshold: 3,
            ..HealthCheck::default()
        },
        algorithm: Algorithm::RoundRobin,
        slow_start: Duration::ZERO,
        stickiness: None,
        threshold: Threshold::default(),
        linger: Duration::ZERO,
        scheme: Scheme::Http,
        version: ProtocolVersion::Http1,
    }
}

/// A listener on any port that believes to be on port 80.
pub(crate) fn listener(default: Action) -> Listener {
    Listener {
        candidates: vec![ANY.parse().unwrap()],
        port: 80,
        tls: None,
        rules: Vec::new(),
        default,
        attributes: Attributes::default(),
        retouch: Retouch::default(),
    }
}

/// Forwards to groups by weight.
pub(crate) fn forward(groups: &[(&str, u32)]) -> Action {
    let groups = groups.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect();
    Action::Forward(Forward { groups, stickiness: None })
}
