//! The examples come up as README says, on the way that README shows.

use super::project::{Project, page};
use crate::stage::cluster::list;
use crate::stage::command::Finished;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, Region, binary, engine};
use std::path::PathBuf;
use std::time::Duration;

/// The longest that an example takes: its dependencies are fetched and built the first time, and
/// kept in its own folder or in the engine.
pub(crate) const FIRST_BUILD: Duration = Duration::from_secs(600);

/// The folders of the examples, by name.
fn examples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(binary::root().join("examples")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("neargate.yml").exists());
    folders.sort();
    folders
}

/// A command about an example, in the environment in which its tools find what they keep.
pub(crate) fn about(region: &Region, words: &str, example: &str) -> Line {
    let line = region.neargate(words).arg(binary::root().join("examples").join(example));
    let kept = ["HOME", "CARGO_HOME", "RUSTUP_HOME", "NPM_CONFIG_CACHE"];
    let kept = kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    kept.fold(line, |line, (name, value)| line.env(name, value)).patience(FIRST_BUILD)
}

#[tokio::test]
async fn every_manifest_is_accepted_without_a_word() {
    let region = Region::shared(Driver::Process).await;
    let all = examples();
    assert!(all.len() >= 2, "{all:?}");
    for folder in all {
        let told = region.neargate("status --json --file").arg(&folder).run().await.expect(0);
        assert_eq!(told.err, "", "{}", folder.display());
        assert!(!list(told.json()["services"].clone()).is_empty(), "{}", folder.display());
    }
}

#[tokio::test]
async fn hello_comes_up_as_processes() {
    comes_up(&Region::start(Driver::Process).await, "hello").await;
}

/// In containers where an engine answers, which is README's way too.
#[tokio::test]
async fn notes_comes_up() {
    let driver =
        if engine::answers("notes in containers") { Driver::Docker } else { Driver::Process };
    comes_up(&Region::start(driver).await, "notes").await;
}

async fn comes_up(region: &Region, example: &str) {
    let up: Finished = about(region, "up", example).run().await.expect(0);
    let url = up.out.trim();
    let health = Ask::get(&format!("{url}/api/health")).send().await;
    assert_eq!(health.status, 200, "{health:?}");
    let status = about(region, "status --json --file", example).json().await;
    assert_eq!(status["services"][0]["verdict"], "done", "{status:#}");
    let again = about(region, "up", example).run().await.expect(0);
    assert!(!again.err.contains("register task definition"), "{}", again.err);
    about(region, "down", example).run().await.expect(0);
}

/// `deploy --env local` is `up` by its general name.
#[tokio::test]
async fn deploying_to_local_is_up() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let deployed = project.neargate("deploy --env local").run().await.expect(0);
    deployed.says("✓ create service web");
    assert_eq!(page(deployed.out.trim()).await, "one");
    let (url, again) = project.up().await;
    assert_eq!(again.err.trim(), format!("✓ {} is up", project.app), "nothing was left to do");
    assert_eq!(url, deployed.out.trim());
    project.neargate("down").output().await;
}

/// Editors get a schema of every key at the top.
#[tokio::test]
async fn the_schema_is_printed_as_json() {
    let schema = Line::new(binary::neargate()).arg("schema").json().await;
    assert!(schema["$schema"].is_string(), "{schema}");
    for key in ["app", "services", "environments"] {
        assert!(schema["properties"][key].is_object(), "the schema has no `{key}`");
    }
}
