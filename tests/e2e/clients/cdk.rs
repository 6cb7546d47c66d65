//! The CDK, unmodified: an account is bootstrapped, and an app of its balanced Fargate service comes,
//! changes, and goes.

use crate::cli::project::remove_images;
use crate::stage::binary::root;
use crate::stage::cluster::{list, text};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, Region, Scratch, engine};
use api::Service::{AutoScaling, CloudFormation};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// The packages are 200 MB.
const NPM: Duration = Duration::from_secs(300);

/// A stack with its network, and the tool's own start.
const STACK: Duration = Duration::from_secs(300);

/// The AWS-side waits of such a stack are minutes: a target group drains for five of them.
const SPEED: u32 = 100;

/// The app, with its packages beside it; none where npm can't install them, which is said.
async fn app() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder.join("npm").is_file()) {
        return None;
    }
    let from = root().join("tests/clients/cdk");
    let folder = root().join("target/clients/cdk");
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["package.json", "package-lock.json", "app.js"] {
        std::fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    let kept = std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy().to_ascii_uppercase();
        name == "HOME" || name.starts_with("NPM_CONFIG_") || name.ends_with("_PROXY")
    });
    let line = Line::new("npm").args("ci --silent --no-audit --no-fund").within(&folder);
    let line = kept.fold(line, |line, (name, value)| line.env(name.to_str().unwrap(), value));
    (line.patience(NPM).run().await.code == Some(0)).then_some(folder)
}

#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
#[tokio::test]
async fn an_app_of_the_cdk_comes_and_changes_and_goes() {
    if !engine::answers("an app of the CDK") {
        return;
    }
    let Some(app) = app().await else {
        eprintln!("SKIPPED (an app of the CDK): npm can not install the CDK");
        return;
    };
    let region = Region::start_at_speed(Driver::Docker, SPEED).await;
    let home = Scratch::new();
    let cdk = |words: &str, word: &str| {
        let line = Line::new(app.join("node_modules/.bin/cdk")).args(words).within(&app);
        line.args("--ci --app")
            .arg("node app.js")
            .arg("--output")
            .arg(home.path().join("out"))
            .env("HOME", home.path())
            .env("WORD", word)
            .env("CDK_DISABLE_CLI_TELEMETRY", "true")
            .env("AWS_ENDPOINT_URL", region.endpoint())
            .env("AWS_REGION", NAME)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .patience(STACK)
    };
    let answer = async || {
        let endpoints =
            list(region.neargate("region endpoints --json").json().await["listeners"].take());
        Ask::get(&text(&endpoints[0]["url"])).send().await.body
    };
    cdk(&format!("bootstrap aws://{ACCOUNT}/{NAME}"), "")
        .run()
        .await
        .expect(0)
        .says("bootstrapped");
    let deploy = "deploy Web --require-approval never";
    cdk(deploy, "one").run().await.expect(0).says("✅  Web");
    assert_eq!(answer().await.trim(), "one");
    let targets = region
        .call(AutoScaling, "DescribeScalableTargets", json!({ "ServiceNamespace": "ecs" }))
        .await;
    assert_eq!(targets["ScalableTargets"][0]["MaxCapacity"], json!(3), "{targets:#}");
    cdk(deploy, "two").run().await.expect(0).says("✅  Web");
    assert_eq!(answer().await.trim(), "two");
    cdk(deploy, "two").run().await.expect(0).says("(no changes)");
    let image = Scratch::new();
    image.write("Dockerfile", "FROM busybox\nCOPY word /word\n");
    image.write("word", "built");
    let built = cdk(deploy, "$(cat /word)").env("IMAGE", image.path());
    built.run().await.expect(0).says("✅  Web");
    assert_eq!(answer().await.trim(), "built");
    remove_images("cdkasset-*");
    remove_images("*/cdk-hnb659fds-container-assets-*");
    cdk("destroy Web --force", "two").run().await.expect(0).says("Web: destroyed");
    let left = region.call(CloudFormation, "DescribeStacks", json!({})).await;
    let left: Vec<String> =
        list(left["Stacks"].clone()).iter().map(|stack| text(&stack["StackName"])).collect();
    assert_eq!(left, ["CDKToolkit"]);
}
