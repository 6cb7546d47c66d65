//! rms: Fastify, Prisma, PostgreSQL, a monorepo of pnpm and Nx.

use super::system::{LONG, System};
use crate::stage::cluster::text;
use crate::stage::eventually;
use crate::stage::web::{Ask, Load};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn rms_is_as_its_team_asks() {
    let Some(rms) = System::up("rms", "postgres:15").await else { return };
    image(&rms).await;
    settings(&rms).await;
    health_and_figures(&rms).await;
    rolling(&rms).await;
    database_away(&rms).await;
    rms.down().await;
}

/// R1, R12.
async fn image(rms: &System) {
    let image = rms.runs_as_it_should("api", "R1, R12").await;
    assert!(image["Config"]["ExposedPorts"]["3000/tcp"].is_object(), "R1: port 3000: {image}");
    let found = rms.inside("api", "find . -type d -name typescript -path '*node_modules*'; id -u");
    assert_eq!(found.await.trim(), "10001", "R1: production dependencies only, its own uid");
}

/// R3, R6, R7, R12.
async fn settings(rms: &System) {
    let definition = rms.definition("api").await;
    assert_eq!(definition["cpu"], "256", "R3");
    assert_eq!(definition["memory"], "512", "R3");
    assert_eq!(definition["networkMode"], "awsvpc", "R3");
    for role in ["executionRoleArn", "taskRoleArn"] {
        assert!(definition[role].is_string(), "R3: {role}");
    }
    let secrets = rms.secrets("api", "R6, R12").await;
    assert_eq!(secrets, ["DATABASE_URL"], "R6: the database's address from Parameter Store");
    let groups = rms.region.logs("DescribeLogGroups", json!({})).await;
    let groups = groups["logGroups"].as_array().unwrap();
    let kept = groups.iter().find(|group| group["logGroupName"] == "/rms/local/api");
    assert_eq!(kept.unwrap()["retentionInDays"], 30, "R7: retention");
    rms.until("/orders", 200).await;
    let line = rms.until_logged("api", &["timestamp", "level", "message", "service"]).await;
    assert!(text(&line["service"]).starts_with("rms-"), "R7: structured logs: {line}");
}

/// R10, R11.
async fn health_and_figures(rms: &System) {
    let health = rms.until("/health", 200).await.json();
    assert_eq!(health["database"], "connected", "R10: {health}");
    assert!(health["uptime"].is_number() && health["memory"].is_object(), "R10: {health}");
    let quickest = rms.quickest("/health").await;
    assert!(quickest < Duration::from_millis(200), "R11: health took {quickest:?}");
    let url = format!("{}/orders", rms.url);
    let asked: Vec<_> = (0..100).map(|_| tokio::spawn(Ask::get(&url).send())).collect();
    let mut statuses = Vec::new();
    for answer in asked {
        statuses.push(answer.await.unwrap().status);
    }
    assert!(statuses.iter().all(|status| *status == 200), "R11: 100 at a time: {statuses:?}");
    for task in rms.tasks("api").await {
        let seconds = |key: &str| task[key].as_f64().unwrap();
        // Times are in milliseconds here.
        let took = (seconds("startedAt") - seconds("pullStoppedAt")) / 1000.0;
        assert!(took < 30.0, "R11: a container took {took} s to start");
    }
}

/// R9: and what the old tasks were doing when they had to go, R10.
async fn rolling(rms: &System) {
    let before = rms.tasks("api").await;
    let load = Load::start(&format!("{}/orders", rms.url), 4);
    rms.update("api", json!({ "forceNewDeployment": true })).await;
    rms.until_steady("api").await;
    let tally = load.stop().await;
    assert!(tally.bodies.values().sum::<usize>() > 20, "R9: it was under load: {tally:?}");
    assert_eq!(tally.failures, Vec::<String>::new(), "R9: no request fails");
    let after = rms.tasks("api").await;
    let stayed =
        after.iter().filter(|task| before.iter().any(|it| it["taskArn"] == task["taskArn"]));
    assert_eq!(stayed.count(), 0, "R9: all tasks are new");
}

/// R10.
async fn database_away(rms: &System) {
    rms.update("backing_database", json!({ "desiredCount": 0 })).await;
    let url = format!("{}/health", rms.url);
    let answer = eventually("R10: 503 without the database", LONG, async || {
        let answer = Ask::get(&url).try_send().await.ok()?;
        // The application's own answer, not the load balancer's.
        (answer.status == 503 && answer.body.contains("unhealthy")).then_some(answer)
    });
    assert_ne!(answer.await.json()["database"], "connected", "R10");
}
