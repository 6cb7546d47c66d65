//! A service whose count is scaled.

use super::environment::Shop;
use crate::stage::{Driver, Region, engine};
use api::Service::AutoScaling;
use serde_json::{Value as Json, json};

async fn asked(shop: &Shop, operation: &str, member: &str) -> Vec<Json> {
    let id = format!("service/{}/web", shop.front.cluster.name);
    let request = match operation {
        "DescribeScalableTargets" => json!({ "ServiceNamespace": "ecs", "ResourceIds": [id] }),
        _ => json!({ "ServiceNamespace": "ecs", "ResourceId": id }),
    };
    let mut found = shop.region.call(AutoScaling, operation, request).await;
    found[member].as_array_mut().map(std::mem::take).unwrap_or_default()
}

/// `scale` is set up with the service, planned when it changes, and taken away; a count within its
/// bounds is left alone by the next deployment.
#[tokio::test]
async fn a_service_is_kept_within_its_bounds() {
    if !engine::answers("scaling in prod") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let shop = Shop::new(&region, "    scale: {max: 3, requests: 500}").await;
    let planned = shop.neargate("plan").run().await.expect(0);
    planned.says("keep service web between 1 and 3 tasks");
    planned.says("scale service web by requests");
    shop.deploy().await.expect(0);
    let targets = asked(&shop, "DescribeScalableTargets", "ScalableTargets").await;
    assert_eq!((&targets[0]["MinCapacity"], &targets[0]["MaxCapacity"]), (&json!(1), &json!(3)));
    let policies = asked(&shop, "DescribeScalingPolicies", "ScalingPolicies").await;
    assert_eq!(policies[0]["Alarms"].as_array().unwrap().len(), 2, "{policies:#?}");
    shop.ecs("UpdateService", json!({ "desiredCount": 2 })).await;
    shop.deploy().await.expect(0).says("there is nothing to change");
    assert_eq!(shop.service().await["desiredCount"], json!(2));

    shop.folder.edit("neargate.yml", "max: 3, requests: 500", "min: 3, max: 4, cpu: 60");
    let changed = shop.deploy().await.expect(0);
    changed.says("keep service web between 3 and 4 tasks");
    changed.says("remove scaling policy neargate-requests of service web");
    assert_eq!(shop.service().await["runningCount"], json!(3));
    let activities = asked(&shop, "DescribeScalingActivities", "ScalingActivities").await;
    assert_eq!(activities[0]["Cause"], json!("minimum capacity was set to 3"), "{activities:#?}");

    shop.folder.edit("neargate.yml", "    scale: {min: 3, max: 4, cpu: 60}\n", "");
    shop.deploy().await.expect(0).says("end the scaling of service web");
    assert_eq!(asked(&shop, "DescribeScalableTargets", "ScalableTargets").await, [] as [Json; 0]);
}
