//! The aws CLI with ECR, command by command as AWS's user guide has them.

use super::digest::digest;
use super::protocol::{image, push, push_layers};
use crate::stage::clients::{aws, aws_line};
use crate::stage::{Driver, Line, Region, Scratch};
use serde_json::json;

const NAME: &str = "team/shop";

/// Makes a repository whose tags are immutable and whose images are scanned, with an image in it.
async fn furnish(region: &Region, cli: impl Fn(&str) -> Line) {
    let made = cli(&format!(
        "ecr create-repository --repository-name {NAME} --image-tag-mutability IMMUTABLE \
         --image-scanning-configuration scanOnPush=true"
    ));
    assert_eq!(made.json().await["repository"]["imageTagMutability"], "IMMUTABLE");
    push_layers(region, NAME).await;
    push(region, NAME, "v1", &image("first")).await;
}

/// An image gets another tag with what `batch-get-image` answers; an immutable tag stays.
#[tokio::test]
async fn the_aws_cli_tags_again_scans_and_deletes() {
    let Some(aws) = aws("aws ecr").await else { return };
    let region = Region::start(Driver::Process).await;
    let cli = |words: &str| aws_line(&aws, &region, words);
    furnish(&region, cli).await;
    let get = format!("ecr batch-get-image --repository-name {NAME} --image-ids imageTag=v1");
    let got = cli(&get).json().await;
    let text = got["images"][0]["imageManifest"].as_str().unwrap();
    let put = |tag: &str| {
        cli(&format!("ecr put-image --repository-name {NAME} --image-tag {tag} --image-manifest"))
    };
    put("stable").arg(text).output().await;
    let latest = "sort_by(imageDetails,&imagePushedAt)[-1].sort(imageTags)";
    let shown = cli(&format!("ecr describe-images --repository-name {NAME} --query")).arg(latest);
    assert_eq!(shown.json().await, json!(["stable", "v1"]));
    let moved = put("v1").arg(image("second").to_string()).run().await;
    moved.expect(254).says("ImageTagAlreadyExistsException");
    let scanned = format!("--repository-name {NAME} --image-id imageTag=v1");
    let findings = cli(&format!("ecr describe-image-scan-findings {scanned}")).json().await;
    assert_eq!(findings["imageScanStatus"]["status"], "FAILED");
    let waited = cli(&format!("ecr wait image-scan-complete {scanned}")).run().await;
    waited.expect(255).says("terminal failure");
    let delete = format!(
        "ecr batch-delete-image --repository-name {NAME} --image-ids imageTag=v1 imageTag=stable"
    );
    assert_eq!(cli(&delete).json().await["imageIds"].as_array().unwrap().len(), 2);
    cli(&format!("ecr delete-repository --repository-name {NAME}")).output().await;
}

/// A lifecycle policy is previewed, and a layer sent in parts.
#[tokio::test]
async fn the_aws_cli_previews_policies_and_sends_layers() {
    let Some(aws) = aws("aws ecr").await else { return };
    let region = Region::start(Driver::Process).await;
    let cli = |words: &str| aws_line(&aws, &region, words);
    furnish(&region, cli).await;
    push(&region, NAME, "v2", &image("second")).await;
    let selection = json!({
        "tagStatus": "tagged", "tagPrefixList": ["v"],
        "countType": "imageCountMoreThan", "countNumber": 1,
    });
    let rule = json!({
        "rulePriority": 1, "selection": selection, "action": { "type": "expire" },
    });
    let policy = json!({ "rules": [rule] }).to_string();
    let about = format!("--repository-name {NAME}");
    let start = format!("ecr start-lifecycle-policy-preview {about} --lifecycle-policy-text");
    cli(&start).arg(policy).output().await;
    cli(&format!("ecr wait lifecycle-policy-preview-complete {about}")).output().await;
    let preview = cli(&format!("ecr get-lifecycle-policy-preview {about}")).json().await;
    assert_eq!(preview["summary"]["expiringImageTotalCount"], 1, "{preview:#}");
    assert_eq!(preview["previewResults"][0]["imageTags"], json!(["v1"]));

    let scratch = Scratch::new();
    let content = "a layer from a file";
    scratch.write("layer", content);
    let begun = cli(&format!("ecr initiate-layer-upload {about}")).json().await;
    let upload = format!("{about} --upload-id {}", begun["uploadId"].as_str().unwrap());
    let last = content.len() - 1;
    let part =
        format!("ecr upload-layer-part {upload} --part-first-byte 0 --part-last-byte {last}");
    let blob = format!("fileb://{}", scratch.path().join("layer").display());
    cli(&part).arg("--layer-part-blob").arg(blob).output().await;
    let digest = digest(content.as_bytes());
    cli(&format!("ecr complete-layer-upload {upload} --layer-digests {digest}")).output().await;
    let check = format!("ecr batch-check-layer-availability {about} --layer-digests {digest}");
    let found = cli(&check).json().await;
    assert_eq!(found["layers"][0]["layerSize"], json!(content.len()), "{found:#}");
}
