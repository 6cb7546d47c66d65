//! The container engine of this machine, seen through its own command line.

use super::command::Line;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Whether an engine answers; if not, it is said what is skipped.
#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
pub(crate) fn answers(what: &str) -> bool {
    static ANSWERS: OnceLock<bool> = OnceLock::new();
    let ask = || {
        let mut command = Command::new("docker");
        command.arg("version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let answers = *ANSWERS.get_or_init(ask);
    if !answers {
        eprintln!("SKIPPED ({what}): this needs a container engine, and none answers");
    }
    answers
}

/// A command line of the engine's client.
pub(crate) fn docker(words: &str) -> Line {
    Line::new("docker").env("DOCKER_HOST", host()).args(words)
}

/// Where the engine is, if this machine's environment says so.
pub(crate) fn host() -> std::ffi::OsString {
    std::env::var_os("DOCKER_HOST").unwrap_or_default()
}

/// The containers with a label, by id, ended ones too.
pub(crate) async fn containers(label: &str) -> Vec<String> {
    lines(docker(&format!("ps --all --quiet --filter label={label}"))).await
}

/// The networks with a label, by id.
pub(crate) async fn networks(label: &str) -> Vec<String> {
    lines(docker(&format!("network ls --quiet --filter label={label}"))).await
}

/// The region that a task belongs to, as the engine knows it.
pub(crate) async fn region_of(task: &str) -> String {
    let id = task.rsplit('/').next().unwrap();
    let line = docker(&format!("ps --all --filter label=neargate.task={id} --format"));
    lines(line.arg("{{.Label \"neargate.region\"}}")).await.remove(0)
}

/// The tasks of a region that have a container, by id.
pub(crate) async fn tasks_of(region: &str) -> BTreeSet<String> {
    let line = docker(&format!("ps --all --filter label=neargate.region={region} --format"));
    lines(line.arg("{{.Label \"neargate.task\"}}")).await.into_iter().collect()
}

async fn lines(line: Line) -> Vec<String> {
    line.output().await.lines().map(str::to_owned).collect()
}

/// Whether the engine has an image; if not, it is said what is skipped, and how to get it.
#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
pub(crate) async fn has(image: &str, what: &str) -> bool {
    let found = docker("image inspect").arg(image).run().await.code == Some(0);
    if !found {
        eprintln!("SKIPPED ({what}): there is no image {image}; tests/images.sh makes it");
    }
    found
}
