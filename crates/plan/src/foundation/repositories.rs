//! Registry repositories: one for each service that is built.

use super::ground::Ground;
use super::ids;
use super::intrinsic::attribute;
use super::template::{Resource, Template};
use serde_json::{Value, json};

/// How many images a repository keeps: those of the last deployments, to go back to.
const KEPT: u32 = 10;

/// Tags that move from image to image. All others stay where they are.
const MOVING: [&str; 2] = ["latest", "stable"];

/// Adds the repositories that are not there.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let built = ground.services().filter(|(_, service)| service.build.is_some());
    for (name, _) in built {
        let output = ids::of_service(name, "RepositoryUri");
        let description = format!("Where images of {name} are pushed");
        if let Some(address) = ground.existing().repositories.get(name) {
            template.output(output, &description, json!(address));
            continue;
        }
        let id = ids::of_service(name, "Repository");
        template.resource(&id, repository(ground, name));
        template.output(output, &description, attribute(&id, "RepositoryUri"));
    }
}

fn repository(ground: &Ground<'_>, name: &str) -> Resource {
    let moving = |tag: &&str| json!({ "ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": tag });
    let moving: Vec<Value> = MOVING.iter().map(moving).collect();
    let properties = json!({
        "RepositoryName": ground.names().repository(name),
        "ImageScanningConfiguration": { "ScanOnPush": true },
        // With AWS's own key: it costs nothing.
        "EncryptionConfiguration": { "EncryptionType": "KMS" },
        "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "ImageTagMutabilityExclusionFilters": moving,
        "LifecyclePolicy": { "LifecyclePolicyText": lifecycle().to_string() },
        "Tags": ground.tags(name),
    });
    Resource::new("AWS::ECR::Repository", properties)
        .retained()
        .skipping("CKV_AWS_51", "only `latest` and `stable` move; tags of versions do not")
}

fn lifecycle() -> Value {
    json!({
        "rules": [{
            "rulePriority": 1,
            "description": format!("keep the {KEPT} latest images"),
            "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT },
            "action": { "type": "expire" },
        }],
    })
}
