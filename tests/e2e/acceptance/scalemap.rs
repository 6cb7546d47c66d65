//! scalemap: Express, React and Vite, PostgreSQL over TLS.

use super::system::{LONG, System};
use crate::stage::web::{Answer, Ask, Load};
use crate::stage::{PATIENCE, eventually};
use http::Method;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn scalemap_is_as_its_team_asks() {
    let Some(scalemap) = System::up("scalemap", "postgres:15").await else { return };
    image(&scalemap).await;
    settings(&scalemap).await;
    health(&scalemap).await;
    headers(&scalemap).await;
    journey(&scalemap).await;
    front_end(&scalemap).await;
    ten_users(&scalemap).await;
    database_away(&scalemap).await;
    scalemap.down().await;
}

/// S1. Theirs has 154 MB; Node 22 on Alpine alone has more, so what it adds is what can be small.
async fn image(scalemap: &System) {
    scalemap.runs_as_it_should("api", "S1").await;
    let (whole, own) = scalemap.weight("api", "node:22-alpine").await;
    assert!(whole < 500, "S1: {whole} MB");
    assert!(own <= 30, "S1: {own} MB are its own");
    let left = "find . -path ./node_modules -prune -o \\( -name '*.test.ts' -o -name '.env*' -o -name .git \\) -print";
    assert_eq!(scalemap.inside("api", left).await, "", "S1: what .dockerignore keeps out");
}

/// S3, S12.
async fn settings(scalemap: &System) {
    let definition = scalemap.definition("api").await;
    assert_eq!(definition["cpu"], "1024", "S3");
    assert_eq!(definition["memory"], "2048", "S3");
    let secrets = scalemap.secrets("api", "S3").await;
    assert!(secrets.contains(&"DATABASE_URL".to_owned()), "S3: {secrets:?}");
    let groups = scalemap.region.logs("DescribeLogGroups", json!({})).await;
    let groups = groups["logGroups"].as_array().unwrap();
    let kept = groups.iter().find(|group| group["logGroupName"] == "/scalemap/local/api");
    assert_eq!(kept.unwrap()["retentionInDays"], 30, "S12: retention of 30 days");
}

/// S4, S7.
async fn health(scalemap: &System) {
    let health = scalemap.until("/api/health", 200).await.json();
    assert_eq!(health["services"]["db"], "up", "S7: {health}");
    assert_eq!(health["services"]["s3"], "absent", "S7: {health}");
    assert_eq!(health["services"]["cognito"], "absent", "S7: {health}");
    let groups = scalemap.region.elb("DescribeTargetGroups", json!({})).await;
    let groups = groups["TargetGroups"].as_array().unwrap();
    let group = groups.iter().find(|it| it["TargetGroupName"] == "scalemap-local-api").unwrap();
    assert_eq!(group["HealthCheckPath"], "/api/health", "S4");
    assert_eq!(group["HealthCheckIntervalSeconds"], 30, "S4");
    let service = scalemap.service("api").await;
    let deployment = &service["deploymentConfiguration"];
    assert_eq!(
        deployment["minimumHealthyPercent"], 100,
        "S4: one new task at a time: {deployment}"
    );
    assert_eq!(deployment["maximumPercent"], 200, "S4: {deployment}");
}

/// S8.
async fn headers(scalemap: &System) {
    let asked = |origin: &str| {
        let url = format!("{}/api/health", scalemap.url);
        let ask = Ask::new(Method::OPTIONS, &url).header("origin", origin);
        ask.header("access-control-request-method", "GET").send()
    };
    let allowed = asked("https://app.scalemap.example.com").await;
    let is = |answer: &Answer, name: &str| answer.header(name).to_owned();
    assert_eq!(
        is(&allowed, "access-control-allow-origin"),
        "https://app.scalemap.example.com",
        "S8"
    );
    assert_eq!(is(&allowed, "access-control-allow-credentials"), "true", "S8");
    assert_eq!(is(&allowed, "access-control-max-age"), "86400", "S8: 24 hours");
    let other = asked("https://elsewhere.example.com").await;
    assert_eq!(is(&other, "access-control-allow-origin"), "", "S8: the named origins alone");
    let answer = scalemap.until("/api/health", 200).await;
    assert!(is(&answer, "strict-transport-security").contains("max-age=31536000"), "S8");
    assert_eq!(is(&answer, "x-content-type-options"), "nosniff", "S8");
    assert_eq!(is(&answer, "x-frame-options"), "DENY", "S8");
}

/// S9: a user's whole journey, by whichever task answers.
async fn journey(scalemap: &System) {
    scalemap.update("api", json!({ "desiredCount": 2 })).await;
    scalemap.until_steady("api").await;
    let denied = scalemap.until("/api/assessments", 401).await;
    assert!(denied.body.contains("log in first"), "S9: 401 without a token: {}", denied.body);
    let user = json!({ "email": "walker@example.com", "password": "a long password" });
    let registered = scalemap.post("/api/auth/register", None, &user).await;
    assert_eq!(registered.status, 201, "S9: {}", registered.body);
    let token = scalemap.post("/api/auth/login", None, &user).await.json()["token"].take();
    let token = token.as_str().unwrap();
    let begun = scalemap.post("/api/assessments", Some(token), &json!({})).await.json();
    let at = format!("/api/assessments/{}", begun["id"]);
    let answers = json!([{ "domain": 1, "question": "q", "value": 3 }]);
    let kept = scalemap.post(&format!("{at}/responses"), Some(token), &answers).await;
    assert_eq!(kept.status, 201, "S9: {}", kept.body);
    for _ in 0..8 {
        let mine = scalemap.get_as(token, "/api/assessments").await;
        assert_eq!(mine.status, 200, "S9: the session is kept across tasks: {}", mine.body);
        assert_eq!(mine.json()[0]["id"], begun["id"], "S9");
    }
    let submitted = scalemap.post(&format!("{at}/submit"), Some(token), &json!({})).await;
    assert_eq!(submitted.json()["status"], "submitted", "S9");
    let quickest = scalemap.quickest("/api/health").await;
    assert!(quickest < Duration::from_secs(3), "S9: {quickest:?}");
    let fields = ["timestamp", "level", "message", "correlationId", "service"];
    let line = scalemap.until_logged("api", &fields).await;
    assert_eq!(line["service"], "scalemap-api", "S9: JSON logs: {line}");
}

/// S6: what is static is served with the API in the local region, and the API is not hidden by it.
async fn front_end(scalemap: &System) {
    let page = scalemap.until("/", 200).await;
    assert!(page.header("content-type").starts_with("text/html"), "S6");
    let script = page.body.split('"').find(|word| word.starts_with("/assets/")).unwrap();
    let file = scalemap.until(script, 200).await;
    let kept = file.header("cache-control").to_owned();
    assert!(kept.contains("max-age=31536000"), "S6: a year for {script}: {kept}");
    let api = scalemap.until("/api/nothing", 401).await;
    assert!(!api.header("cache-control").contains("max-age=31536000"), "S6: the API is not cached");
}

/// S10.
async fn ten_users(scalemap: &System) {
    let load = Load::start(&format!("{}/api/health", scalemap.url), 10);
    eventually("S10: ten users have asked", PATIENCE, async || (load.count() > 200).then_some(()))
        .await;
    let tally = load.stop().await;
    assert_eq!(tally.failures, Vec::<String>::new(), "S10");
}

/// S7.
async fn database_away(scalemap: &System) {
    scalemap.update("backing_database", json!({ "desiredCount": 0 })).await;
    let url = format!("{}/api/health", scalemap.url);
    let answer = eventually("S7: 503 without the database", LONG, async || {
        let answer = Ask::get(&url).try_send().await.ok()?;
        (answer.status == 503 && answer.body.contains("unhealthy")).then_some(answer)
    });
    assert_eq!(answer.await.json()["services"]["db"], "down", "S7");
}
