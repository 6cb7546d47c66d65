//! What checks ask, and what is made of the answers (reference §4.2, §4.4).

use crate::stage::{Stage, last_health};
use crate::target::{Guest, Target, tally};
use gateway::{Health, HealthCheck, Report, TargetUse, Unhealthy};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// A target whose checks get a status that a test can change. 0 is no answer at all.
struct Patient {
    target: Target,
    status: Arc<AtomicU16>,
}

impl Patient {
    async fn new(name: &str, status: u16) -> Self {
        let name: Arc<str> = name.into();
        let status = Arc::new(AtomicU16::new(status));
        let told = Arc::clone(&status);
        let target =
            Target::serving(move |guest| treat(guest, Arc::clone(&name), Arc::clone(&told))).await;
        Self { target, status }
    }

    fn set(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

async fn treat(mut guest: Guest, name: Arc<str>, status: Arc<AtomicU16>) {
    while let Some(head) = guest.any_head().await {
        if !head.contains("ELB-HealthChecker") {
            guest.note(&head);
            guest
                .say(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{name}", name.len()))
                .await;
            continue;
        }
        guest.note_check(head);
        match status.load(Ordering::SeqCst) {
            0 => guest.until_gone().await,
            status => {
                guest.say(&format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n")).await;
            }
        }
    }
}

const CODE: Health = Health::Unhealthy(Unhealthy::Code(500));

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_a_request_of_its_own() {
    let target = Target::saying("ok").await;
    let stage = Stage::with(&[target.address]);
    target.until_checks(3).await;
    let expected = format!(
        "GET /health HTTP/1.1\nHost: {}\nConnection: close\nUser-Agent: ELB-HealthChecker/2.0",
        target.address
    );
    assert!(target.checks().iter().all(|check| *check == expected), "{:?}", target.checks());
    drop(stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_pass_makes_a_target_healthy() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[]);
    // The next check would come much later than the test waits.
    stage.app().check.interval = Duration::from_secs(3600);
    stage.app().targets.insert(target.address.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(target.address, Health::Healthy).await;
    assert_eq!(target.checks().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_turns_unhealthy_and_healthy_again_and_only_changes_are_told() {
    let patient = Patient::new("a", 200).await;
    let address = patient.target.address;
    let stage = Stage::with(&[address]);
    stage.until_health(address, Health::Healthy).await;
    patient.set(500);
    stage.until_health(address, CODE).await;
    patient.set(0);
    patient.set(503);
    stage.until_health(address, Health::Unhealthy(Unhealthy::Code(503))).await;
    patient.set(200);
    let checks = patient.target.checks().len();
    stage.until_health(address, Health::Healthy).await;
    // One check may have been on its way with the old status.
    assert!(patient.target.checks().len() - checks >= 3, "three passes in a row are needed");
    let told = stage.reports();
    let changes = told.windows(2).all(|pair| pair[0] != pair[1]);
    assert!(changes, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_tells_silence_refusal_and_status_apart() {
    let silent = Patient::new("silent", 0).await;
    let wrong = Patient::new("wrong", 404).await;
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closing = Target::serving(|mut guest| async move {
        guest.any_head().await;
    })
    .await;
    let mut stage = Stage::with(&[]);
    stage.app().check.timeout = Duration::from_millis(50);
    for address in [silent.target.address, wrong.target.address, refusing, closing.address] {
        stage.app().targets.insert(address.into(), TargetUse::InService);
    }
    stage.apply();
    let unhealthy = Health::Unhealthy;
    stage.until_health(silent.target.address, unhealthy(Unhealthy::TimedOut)).await;
    stage.until_health(wrong.target.address, unhealthy(Unhealthy::Code(404))).await;
    stage.until_health(refusing, unhealthy(Unhealthy::Failed)).await;
    stage.until_health(closing.address, unhealthy(Unhealthy::Failed)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unhealthy_targets_get_requests_only_when_no_other_is_healthy() {
    let (a, b) = (Patient::new("a", 200).await, Patient::new("b", 500).await);
    let (first, second) = (a.target.address, b.target.address);
    let stage = Stage::with(&[first, second]);
    stage.until_health(first, Health::Healthy).await;
    stage.until_health(second, CODE).await;
    let mut caller = stage.call().await;
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(caller.get("/").await);
    }
    assert_eq!(tally(&answers), [("a", 10)].into());
    // None is healthy: both are tried (fail-open).
    a.set(500);
    stage.until_health(first, CODE).await;
    answers.clear();
    for _ in 0..10 {
        answers.push(caller.get("/").await);
    }
    assert_eq!(tally(&answers), [("a", 5), ("b", 5)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn under_fail_open_a_dead_target_is_seen_and_not_replaced() {
    let patient = Patient::new("a", 500).await;
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let stage = Stage::with(&[patient.target.address, dead]);
    stage.until_health(patient.target.address, CODE).await;
    let mut caller = stage.call().await;
    let mut bad = 0;
    for _ in 0..10 {
        bad += usize::from(caller.get("/").await.status == 502);
    }
    assert_eq!((bad, patient.target.heads().len()), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_was_never_checked_gets_requests_when_it_is_alone() {
    let patient = Patient::new("a", 0).await;
    let stage = Stage::with(&[patient.target.address]);
    assert_eq!(stage.call().await.get("/").await.body, "a");
    assert_eq!(last_health(&stage.reports(), patient.target.address), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_may_go_to_a_port_of_its_own() {
    let (app, doctor) = (Patient::new("a", 500).await, Patient::new("d", 200).await);
    let mut stage = Stage::with(&[]);
    stage.app().check.port = Some(doctor.target.address.port());
    stage.app().targets.insert(app.target.address.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(app.target.address, Health::Healthy).await;
    assert_eq!(app.target.checks(), Vec::<String>::new());
    assert!(doctor.target.checks()[0].contains(&format!("\nHost: {}\n", doctor.target.address)));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_count_from_the_next_check_and_keep_the_verdict() {
    let patient = Patient::new("a", 404).await;
    let address = patient.target.address;
    let mut stage = Stage::with(&[address]);
    stage.until_health(address, Health::Unhealthy(Unhealthy::Code(404))).await;
    stage.app().check = HealthCheck {
        path: "/other".to_owned(),
        matcher: "404".parse().unwrap(),
        ..stage.routes.groups["app"].check.clone()
    };
    stage.apply();
    stage.until_health(address, Health::Healthy).await;
    let checks = patient.target.checks();
    let others = checks.iter().filter(|check| check.starts_with("GET /other ")).count();
    assert!(others >= 3, "an unhealthy target needs three passes: {checks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_that_are_the_same_disturb_no_check() {
    let patient = Patient::new("a", 200).await;
    let mut stage = Stage::with(&[]);
    stage.app().check.interval = Duration::from_secs(3600);
    stage.app().targets.insert(patient.target.address.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(patient.target.address, Health::Healthy).await;
    let reports = stage.reports();
    for _ in 0..20 {
        stage.apply();
    }
    assert_eq!(stage.call().await.get("/").await.status, 200);
    assert_eq!((patient.target.checks().len(), stage.reports()), (1, reports));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_target_is_not_checked() {
    let draining = Patient::new("a", 200).await;
    let other = Patient::new("b", 200).await;
    let mut stage = Stage::with(&[draining.target.address, other.target.address]);
    stage.until_health(draining.target.address, Health::Healthy).await;
    stage.app().targets.insert(draining.target.address.into(), TargetUse::Draining);
    stage.apply();
    let checks = draining.target.checks().len();
    other.target.until_checks(other.target.checks().len() + 10).await;
    // One check may have been under way.
    assert!(draining.target.checks().len() <= checks + 1);
    let told = stage.reports().into_iter().filter(|report| {
        matches!(report, Report::Health { target, .. } if *target == draining.target.address.into())
    });
    assert_eq!(told.count(), 1);
}
