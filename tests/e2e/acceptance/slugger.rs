//! slugger: Next.js and Express in npm workspaces, two services behind one load balancer.

use super::system::System;
use crate::stage::cluster::{list, text};
use serde_json::json;

#[tokio::test]
async fn slugger_is_as_its_team_asks() {
    let Some(slugger) = System::up("slugger", "postgres:15").await else { return };
    images(&slugger).await;
    variables(&slugger).await;
    routes(&slugger).await;
    players(&slugger).await;
    slugger.down().await;
}

/// L1.
async fn images(slugger: &System) {
    for (service, port) in [("frontend", 3000), ("backend", 3001)] {
        let image = slugger.runs_as_it_should(service, "L1").await;
        let exposed = &image["Config"]["ExposedPorts"][format!("{port}/tcp")];
        assert!(exposed.is_object(), "L1: {service} on {port}: {image}");
    }
    let backend = slugger.inside("backend", "ls node_modules").await;
    assert!(!backend.lines().any(|name| name == "next"), "L1: its own workspace alone: {backend}");
}

/// L3, L6, L10.
async fn variables(slugger: &System) {
    let page = slugger.until("/", 200).await;
    assert!(page.body.contains("<footer>local</footer>"), "L3: NEXT_PUBLIC_STAGE is built in");
    let secrets = slugger.secrets("backend", "L3, L6").await;
    for name in ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USERNAME", "DB_PASSWORD"] {
        assert!(secrets.contains(&name.to_owned()), "L6: {name} of {secrets:?}");
    }
    for service in ["frontend", "backend"] {
        let definition = slugger.definition(service).await;
        let container = &definition["containerDefinitions"][0];
        for secret in list(container["secrets"].clone()) {
            let from = text(&secret["valueFrom"]);
            assert!(from.starts_with("arn:aws:secretsmanager:"), "L6: by ARN: {from}");
        }
        let plain: Vec<String> =
            list(container["environment"].clone()).iter().map(|it| text(&it["name"])).collect();
        assert!(!plain.iter().any(|name| name.starts_with("AWS_")), "L10: no keys: {plain:?}");
        assert!(definition["taskRoleArn"].is_string(), "L10: a role instead");
        assert!(container["healthCheck"].is_object(), "L6: health checks");
        let group = &container["logConfiguration"]["options"]["awslogs-group"];
        assert_eq!(text(group), format!("/slugger/local/{service}"), "L9");
        if service == "frontend" {
            assert!(
                container["secrets"].as_array().is_none_or(Vec::is_empty),
                "L3: nothing secret"
            );
            assert!(!plain.iter().any(|name| name.starts_with("NEXT_PUBLIC")), "L3: {plain:?}");
        }
    }
}

/// L5.
async fn routes(slugger: &System) {
    let groups = slugger.region.elb("DescribeTargetGroups", json!({})).await;
    for (service, path) in [("frontend", "/"), ("backend", "/api/health")] {
        let name = format!("slugger-local-{service}");
        let mut groups = groups["TargetGroups"].as_array().unwrap().iter();
        let group = groups.find(|group| group["TargetGroupName"] == name.as_str()).unwrap();
        assert_eq!(group["HealthCheckPath"], path, "L5: {service}");
    }
    let page = slugger.until("/any/page", 404).await;
    assert!(page.header("content-type").starts_with("text/html"), "L5: the front end answers");
    let health = slugger.until("/api/health", 200).await;
    assert_eq!(health.json()["database"], "up", "L5: the backend answers");
}

/// What the whole is for, with and without a token.
async fn players(slugger: &System) {
    let player = json!({ "name": "Ada", "atBats": 10, "hits": 3 });
    let denied = slugger.post("/api/players", None, &player).await;
    assert_eq!(denied.status, 401, "L3: who adds players shows a token");
    let token = "for-development-on-this-machine-alone";
    let added = slugger.post("/api/players", Some(token), &player).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let all = slugger.until("/api/players", 200).await.json();
    assert_eq!(all[0]["name"], "Ada", "{all}");
}
