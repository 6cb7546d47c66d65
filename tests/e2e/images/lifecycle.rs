//! Lifecycle policies that are applied.

use super::protocol::{image, push, push_layers, repository};
use crate::stage::{Driver, PATIENCE, Region, eventually};
use api::Service::Ecr;
use serde_json::json;

const NAME: &str = "team/shop";

/// A policy is applied a day after it was put, which passes fast at this speed: the oldest images
/// go, and with them their tags.
#[tokio::test]
async fn a_lifecycle_policy_expires_images() {
    let region = Region::start_at_speed(Driver::Process, 50_000).await;
    repository(&region, NAME).await;
    push_layers(&region, NAME).await;
    let mut pushed = Vec::new();
    for tag in ["v1", "v2", "v3"] {
        pushed.push(push(&region, NAME, tag, &image(tag)).await);
    }
    let selection =
        json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1 });
    let rule = json!({
        "rulePriority": 1, "selection": selection, "action": { "type": "expire" },
    });
    let policy = json!({ "rules": [rule] }).to_string();
    let put = json!({ "repositoryName": NAME, "lifecyclePolicyText": policy });
    region.call(Ecr, "PutLifecyclePolicy", put).await;
    let about = json!({ "repositoryName": NAME });
    let left = eventually("two images have expired", PATIENCE, async || {
        let mut listed = region.call(Ecr, "ListImages", about.clone()).await;
        let ids = listed["imageIds"].take();
        (ids.as_array().unwrap().len() == 1).then_some(ids)
    })
    .await;
    assert_eq!(left, json!([{ "imageDigest": pushed[2], "imageTag": "v3" }]));
    let policy = region.call(Ecr, "GetLifecyclePolicy", about).await;
    assert!(policy["lastEvaluatedAt"].is_number(), "{policy:#}");
}
