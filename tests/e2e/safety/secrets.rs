//! A secret is where it was put, and nowhere else: in no file, argument, message or page.

use crate::stage::cluster::{FOREVER, shell, text};
use crate::stage::web::Ask;
use crate::stage::{Cluster, Driver, Line, Region, engine, with};
use api::Service::{self, SecretsManager, Ssm};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::{Path, PathBuf};

/// What is looked for. Nothing else on this machine has it.
const CANARIES: [&str; 4] =
    ["canary-of-ssm-5d1c", "canary-of-sm-92ab", "canary-of-env-e07f", "canary-refused-41d8"];

#[tokio::test]
async fn a_secret_is_nowhere_but_in_its_container_with_processes() {
    a_secret_is_nowhere_but_in_its_container(Driver::Process).await;
}

#[tokio::test]
async fn a_secret_is_nowhere_but_in_its_container_with_containers() {
    if engine::answers("secrets at rest") {
        a_secret_is_nowhere_but_in_its_container(Driver::Docker).await;
    }
}

/// The region says all that it can say, is killed and stopped; a task has every secret all the while.
async fn a_secret_is_nowhere_but_in_its_container(driver: Driver) {
    let region = Region::start_with(driver, |line| line.env("NEARGATE_LOG", "trace")).await;
    let cluster = Cluster::new(&region).await;
    let name = cluster.name.clone();
    let task = run_with_secrets(&cluster).await;
    for refused in refusals(&cluster).await {
        assert_no_canary(&refused, "an error");
    }
    for page in ["status", "endpoints", "notes"] {
        let page = Ask::get(&format!("{}/_neargate/{page}", region.endpoint())).send().await.body;
        assert_no_canary(&page, "a page of the region");
    }
    let described = cluster.task(&task).await.to_string();
    assert_no_canary(&described, "the task's description");
    let arguments = Line::new("ps").args("-A -ww -o args").output().await;
    assert_no_canary(&arguments, "the arguments of processes");
    assert_in_no_file(region.data());
    drop(cluster);

    region.kill().await;
    assert_in_no_file(region.data());
    let region = region.start_again().await;
    let cluster = Cluster { region: region.clone(), name };
    cluster.until(&task, "RUNNING").await;
    let asked = json!({ "Name": "/e2e/canary", "WithDecryption": true });
    let found = region.call(Ssm, "GetParameter", asked).await;
    assert_eq!(found["Parameter"]["Value"], CANARIES[0], "whoever asks for it has it");
    drop(cluster);
    region.neargate("region stop").output().await;
    assert_in_no_file(region.data());
}

/// A task that has a secret of each store and one in its definition, and does not say them.
async fn run_with_secrets(cluster: &Cluster) -> String {
    let [parameter, secret, plain, _] = CANARIES;
    let region = &cluster.region;
    let put = json!({ "Name": "/e2e/canary", "Value": parameter, "Type": "SecureString" });
    region.call(Ssm, "PutParameter", put).await;
    let make = json!({
        "Name": "e2e/canary", "SecretString": json!({ "key": secret }).to_string(),
        "ClientRequestToken": "00000000-0000-4000-8000-00000000000a",
    });
    let made = region.call(SecretsManager, "CreateSecret", make).await;
    let of_key = format!("{}:key::", text(&made["ARN"]));
    // It compares lengths, for it must not name what it has.
    let lengths = format!("{}.{}", parameter.len(), secret.len());
    let script = format!("test ${{#A}}.${{#B}} = {lengths} && echo it has them; {FOREVER}");
    let main = with(
        shell("main", &script),
        json!({
            "secrets": [
                { "name": "A", "valueFrom": "/e2e/canary" },
                { "name": "B", "valueFrom": of_key },
            ],
            "environment": [{ "name": "C", "value": plain }],
        }),
    );
    let task = cluster.run(&[main]).await;
    cluster.line(&task, "main", "it has them").await;
    task
}

/// What is said about secrets that are wrong.
async fn refusals(cluster: &Cluster) -> Vec<String> {
    let refused = CANARIES[3];
    let region = &cluster.region;
    let no_pattern = json!({
        "Name": "/e2e/other", "Value": refused, "Type": "SecureString", "AllowedPattern": "^[0-9]+$",
    });
    let too_long = json!({
        "Name": "/e2e/other", "Value": refused.repeat(1000), "Type": "SecureString",
    });
    let twice = json!({ "Name": "e2e/canary", "SecretString": refused });
    let mut said = Vec::new();
    for (service, operation, input) in [
        (Ssm, "PutParameter", no_pattern),
        (Ssm, "PutParameter", too_long),
        (SecretsManager, "CreateSecret", twice),
    ] {
        said.push(refusal(region, service, operation, input).await);
    }
    // Text where the region looks for JSON: the reason must not quote it.
    let make = json!({
        "Name": "e2e/text", "SecretString": refused,
        "ClientRequestToken": "00000000-0000-4000-8000-00000000000b",
    });
    let made = region.call(SecretsManager, "CreateSecret", make).await;
    let of_key = json!([{ "name": "A", "valueFrom": format!("{}:key::", text(&made["ARN"])) }]);
    let main = with(shell("main", "true"), json!({ "secrets": of_key }));
    let stopped = cluster.run_to_end(&[main]).await;
    assert!(
        text(&stopped["stoppedReason"]).starts_with("ResourceInitializationError"),
        "{stopped:#}"
    );
    said.push(stopped.to_string());
    said
}

async fn refusal(region: &Region, service: Service, operation: &str, input: Json) -> String {
    let outcome = region.try_call(service, operation, input).await;
    outcome.expect_err("it can't be done").message
}

#[track_caller]
fn assert_no_canary(text: &str, what: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{what} has `{canary}`: {text}");
    }
}

/// Looks at the bytes of every file below a folder.
#[track_caller]
fn assert_in_no_file(folder: &Path) {
    let files = files_below(folder);
    assert!(files.iter().any(|file| file.ends_with("region.log")), "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap_or_default();
        for canary in CANARIES {
            let found = bytes.windows(canary.len()).any(|held| held == canary.as_bytes());
            assert!(!found, "{} has `{canary}`", file.display());
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| (entry.path(), entry.file_type().unwrap()));
    let lists = paths.map(|(path, kind)| match kind {
        _ if kind.is_dir() => files_below(&path),
        _ if kind.is_file() => vec![path],
        _ => Vec::new(),
    });
    lists.flatten().collect()
}
