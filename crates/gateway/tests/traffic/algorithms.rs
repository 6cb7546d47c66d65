//! How targets are picked, and when all of them are (reference §4.4, §4.6).

use crate::stage::Stage;
use crate::target::{Target, tally};
use gateway::{Algorithm, Health, TargetUse, Threshold};
use std::time::Duration;

async fn answers(stage: &Stage, count: usize) -> Vec<crate::caller::Answer> {
    let mut caller = stage.call().await;
    let mut answers = Vec::new();
    for _ in 0..count {
        answers.push(caller.get("/").await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_with_fewer_requests_gets_the_next_one() {
    let slow = Target::serving(|mut guest| async move {
        if guest.head().await.is_some() {
            guest.until_gone().await;
        }
    })
    .await;
    let quick = Target::saying("quick").await;
    let mut stage = Stage::with(&[slow.address, quick.address]);
    stage.until_health(slow.address, Health::Healthy).await;
    stage.until_health(quick.address, Health::Healthy).await;
    // Of six requests in turn the slow target gets three, and keeps them.
    let mut held = Vec::new();
    for _ in 0..6 {
        let mut caller = stage.call().await;
        caller.head("GET / HTTP/1.1\nHost: a").await;
        held.push(caller);
    }
    stage.until_in_flight(slow.address, 3).await;
    stage.app().algorithm = Algorithm::LeastOutstandingRequests;
    stage.apply();
    let answers = answers(&stage, 20).await;
    assert_eq!(tally(&answers).get("quick"), Some(&20));
}

#[tokio::test(flavor = "multi_thread")]
async fn chance_gives_every_target_its_part() {
    let (a, b) = (Target::saying("a").await, Target::saying("b").await);
    let mut stage = Stage::with(&[a.address, b.address]);
    stage.until_health(a.address, Health::Healthy).await;
    stage.until_health(b.address, Health::Healthy).await;
    stage.app().algorithm = Algorithm::WeightedRandom;
    stage.apply();
    let answers = answers(&stage, 400).await;
    let tally = tally(&answers);
    // The odds against fewer than 120 of 400 are one to 10^15.
    assert!(tally["a"] >= 120 && tally["b"] >= 120, "{tally:?}");
    let order: Vec<_> = answers.iter().map(|answer| answer.body.as_str()).collect();
    let alternating = order.windows(2).all(|pair| pair[0] != pair[1]);
    assert!(!alternating, "round robin is no chance");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_turns_healthy_beside_another_starts_slowly() {
    let (old, new) = (Target::saying("old").await, Target::saying("new").await);
    let mut stage = Stage::with(&[old.address]);
    stage.app().slow_start = Duration::from_secs(900);
    stage.apply();
    stage.until_health(old.address, Health::Healthy).await;
    assert_eq!(tally(&answers(&stage, 10).await)["old"], 10, "the first one has its whole share");
    stage.app().targets.insert(new.address.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(new.address, Health::Healthy).await;
    // In the first seconds of fifteen minutes its share is near nothing.
    let answers = answers(&stage, 100).await;
    let tally = tally(&answers);
    assert!(tally["old"] >= 90, "{tally:?}");
    stage.app().slow_start = Duration::ZERO;
    stage.apply();
    assert_eq!(self::tally(&self::answers(&stage, 100).await)["new"], 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_too_few_healthy_targets_all_get_requests() {
    let good = Target::saying("good").await;
    let mut stage = Stage::with(&[good.address]);
    stage.until_health(good.address, Health::Healthy).await;
    // Nobody listens there, so its checks fail.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    stage.app().targets.insert(nobody.into(), TargetUse::InService);
    stage.apply();
    stage.until_health(nobody, Health::Unhealthy(gateway::Unhealthy::Failed)).await;
    let codes = |answers: &[crate::caller::Answer], status| {
        answers.iter().filter(|answer| answer.status == status).count()
    };
    assert_eq!(codes(&answers(&stage, 10).await, 502), 0);
    for threshold in
        [Threshold { count: 2, percentage: None }, Threshold { count: 1, percentage: Some(51) }]
    {
        stage.app().threshold = threshold;
        stage.apply();
        assert_eq!(codes(&answers(&stage, 10).await, 502), 5, "{threshold:?}");
    }
}
