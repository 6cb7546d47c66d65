//! A service's tasks come and go without a lost request.

use crate::stage::balanced::{Front, server};
use crate::stage::cluster::text;
use crate::stage::web::Load;
use crate::stage::{PATIENCE, Region, eventually, on_both_drivers};
use serde_json::json;

on_both_drivers![a_rolling_update_loses_no_request];

/// Clients that keep their connections, and others that make a new one each time, ask without a pause
/// while one version takes the place of the other.
async fn a_rolling_update_loses_no_request(region: &Region) {
    let front = Front::new(region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[("VERSION", "one")]), &group, 2).await;
    front.until_deployed(&service).await;
    let load = Load::start(&front.url, 4);
    let next = front.cluster.define(&[server(&[("VERSION", "two")])], json!({})).await;
    let update = json!({
        "cluster": front.cluster.name, "service": service, "taskDefinition": next,
    });
    region.ecs("UpdateService", update).await;
    let done = front.until_deployed(&service).await;
    // The last answers must come from the new version alone.
    let after = load.count();
    eventually("more requests", PATIENCE, async || (load.count() > after + 50).then_some(())).await;
    let tally = load.stop().await;
    assert_eq!(tally.failures, [""; 0], "{:?}", tally.bodies);
    assert!(tally.bodies["one"] > 0 && tally.bodies["two"] > 0, "{:?}", tally.bodies);
    assert_eq!(done["deployments"][0]["taskDefinition"], next.as_str());

    let tasks = front.tasks(&service).await;
    let definitions: Vec<_> = tasks.iter().map(|task| text(&task["taskDefinitionArn"])).collect();
    assert_eq!(definitions, [next.clone(), next]);
    let messages = front.messages(&service).await.join("\n");
    for event in [
        &format!("registered 2 targets in (target-group {group})"),
        "has begun draining connections on",
        "deregistered",
        "deployment completed.",
        "has reached a steady state.",
    ] {
        assert!(messages.contains(event), "no `{event}` in\n{messages}");
    }
    eventually("the old targets are gone", PATIENCE, async || {
        let targets = front.health(&group).await;
        let healthy = targets.iter().all(|held| held["TargetHealth"]["State"] == "healthy");
        (healthy && targets.len() == 2).then_some(())
    })
    .await;
}
