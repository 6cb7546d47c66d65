//! gRPC end to end: Google's client, an HTTPS listener, a task that speaks HTTP/2.

use super::secure::{authority, certificate, listener};
use crate::stage::balanced::Front;
use crate::stage::clients::{python, script};
use crate::stage::cluster::node;
use crate::stage::{Driver, Line, Region, Scratch, with};
use serde_json::{Value as Json, json};

const SERVER: &str = include_str!("../../apps/grpc.js");

fn server() -> Json {
    let settings = json!({
        "environment": [{ "name": "PORT", "value": "3000" }],
        "portMappings": [{ "containerPort": 3000 }],
    });
    with(node("web", SERVER), settings)
}

/// A group of gRPC, checked as AWS does by default.
async fn group(front: &Front) -> String {
    let path = "/AWS.ALB/healthcheck";
    front.idle_group(json!({ "ProtocolVersion": "GRPC", "HealthCheckPath": path })).await
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
async fn a_client_of_grpc_talks_with_a_task() {
    let Some(python) = python("gRPC").await else { return };
    let has_grpc = Line::new(&python).arg("-c").arg("import grpc").run().await;
    if has_grpc.code != Some(0) {
        return eprintln!("SKIPPED (gRPC): this needs Python's grpcio");
    }
    let region = Region::shared(Driver::Process).await;
    let front = Front::new(&region).await;
    let (served, empty) = (group(&front).await, group(&front).await);
    let other = front.idle_group(json!({})).await;
    let arn = certificate(&region, &["shop.example"]).await;
    let forward = |group: &str| json!([{ "Type": "forward", "TargetGroupArn": group }]);
    let (listener, port) = listener(&front, &arn, forward(&served)).await;
    let address = json!({ "TargetGroupArn": other, "Targets": [{ "Id": "127.31.9.9" }] });
    region.elb("RegisterTargets", address).await;
    for (priority, path, group) in [(1, "/empty.*", &empty), (2, "/http1.*", &other)] {
        let request = json!({
            "ListenerArn": listener,
            "Priority": priority,
            "Conditions": [{ "Field": "path-pattern", "Values": [path] }],
            "Actions": forward(group),
        });
        region.elb("CreateRule", request).await;
    }
    let service = front.serve(&server(), &served, 1).await;
    front.until_deployed(&service).await;
    front.until_target(&served, "healthy").await;
    let scratch = Scratch::new();
    let authority = authority(&region, &scratch).await;
    let said = script(&python, "grpc_calls.py", &region).arg(port).arg(authority).output().await;
    assert_eq!(said.trim(), "all is well");
}
