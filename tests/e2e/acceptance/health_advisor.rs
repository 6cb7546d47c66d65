//! health-advisor: Express and MongoDB, three environments.

use super::system::{LONG, System};
use crate::stage::eventually;
use crate::stage::web::Ask;
use manifest::{Resolved, parse, resolve};
use serde_json::json;
use std::collections::BTreeMap;

#[tokio::test]
async fn health_advisor_is_as_its_team_asks() {
    let Some(advisor) = System::up("health-advisor", "mongo:8").await else { return };
    image(&advisor).await;
    environment(&advisor).await;
    journey(&advisor).await;
    one_place(&advisor).await;
    database_away(&advisor).await;
    advisor.down().await;
}

/// H1: one definition, with what differs.
#[test]
fn health_advisor_has_three_environments_that_differ() {
    let text = include_str!("../../../examples/health-advisor/neargate.yml");
    let manifest = parse(text).0.unwrap();
    let of = |name: &str| resolve(&manifest, name, &BTreeMap::new()).0.unwrap();
    let [dev, staging, prod] = ["dev", "staging", "prod"].map(of);
    let api = |of: &Resolved| of.environment.services["api"].clone();
    let domains = [&dev, &staging, &prod].map(|it| it.environment.domain.clone());
    assert!(domains[0] != domains[1] && domains[1] != domains[2], "H1: {domains:?}");
    let origins = [&dev, &staging, &prod].map(|it| api(it).env["CORS_ORIGIN"].clone());
    assert!(origins[0] != origins[1] && origins[1] != origins[2], "H1: {origins:?}");
    let groups = [&dev, &staging, &prod].map(|it| api(it).logs.group);
    assert_eq!(groups[2], "/health-advisor/prod/api", "H1: resources of their own");
    assert_ne!(api(&dev).secrets, api(&prod).secrets, "H1: secrets of their own");
    assert_eq!((api(&staging).size().cpu(), api(&prod).size().cpu()), (256, 512), "H1");
    assert_eq!(api(&dev).env["NODE_ENV"], "production", "H5: how Node runs, not where");
}

/// H6.
async fn image(advisor: &System) {
    advisor.runs_as_it_should("api", "H6").await;
}

/// H5: the contract is checked at the start, and names what is at fault.
async fn environment(advisor: &System) {
    let secrets = advisor.secrets("api", "H5").await;
    assert_eq!(secrets, ["MONGODB_URI"], "H5");
    let said = advisor.inside("api", "node dist/server.js 2>&1 || true").await;
    for name in
        ["MONGODB_URI", "JWT_SECRET", "LLM_PROVIDER_API_KEY", "LLM_PROVIDER_URL", "LLM_MODEL"]
    {
        assert!(said.contains(name), "H5: {name} is required: {said}");
    }
    for name in ["API_PREFIX", "JWT_EXPIRATION", "RATE_LIMIT_MAX", "CORS_ORIGIN"] {
        assert!(!said.contains(name), "H5: {name} has a default: {said}");
    }
}

async fn journey(advisor: &System) {
    let user = json!({ "email": "walker@example.com", "password": "a long password" });
    let registered = advisor.post("/api/auth/register", None, &user).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    let tokens = advisor.post("/api/auth/login", None, &user).await.json();
    let token = tokens["token"].as_str().unwrap_or_else(|| panic!("{tokens}"));
    let denied = advisor.until("/api/measurements", 401).await;
    assert!(!denied.body.is_empty(), "H5: without a token");
    let mine = advisor.get_as(token, "/api/measurements").await;
    assert_eq!(mine.status, 200, "H5: {}", mine.body);
}

/// H8: start-up messages, health, events and targets by one command each.
async fn one_place(advisor: &System) {
    let health = advisor.until("/health", 200).await;
    assert_eq!(health.status, 200, "H8");
    let line = advisor.until_logged("api", &["timestamp", "level", "message"]).await;
    assert!(line["message"].is_string(), "H8: start-up messages: {line}");
    let events = advisor.neargate("events api --json --file").run().await.expect(0);
    assert!(events.out.contains("has reached a steady state"), "H8: {}", events.out);
    let status = advisor.neargate("status --json --file").json().await;
    assert_eq!(status["services"][0]["targets"][0]["state"], "healthy", "H8: {status:#}");
}

/// Health answers what it depends on.
async fn database_away(advisor: &System) {
    advisor.update("backing_database", json!({ "desiredCount": 0 })).await;
    let url = format!("{}/health", advisor.url);
    eventually("H8: 503 without the database", LONG, async || {
        let answer = Ask::get(&url).try_send().await.ok()?;
        (answer.status == 503 && answer.body.starts_with('{')).then_some(())
    })
    .await;
}
