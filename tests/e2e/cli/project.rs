//! A small application with a manifest, as a user has it, that both drivers can run.

use crate::stage::cluster::{list, text};
use crate::stage::command::Finished;
use crate::stage::scratch::number;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, Region, Scratch};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The server of these tests; `/` answers the variable `VERSION`.
const SERVER: &str = include_str!("../../apps/server.js");

const DOCKERFILE: &str = "FROM node:22-alpine\nWORKDIR /app\nENV PORT=3000\nCOPY server.js .\n\
    CMD [\"node\", \"server.js\"]\n";

/// The longest that a deployment takes here: an engine that builds images for other tests too.
pub(super) const DEPLOYMENT: Duration = Duration::from_secs(180);

/// A manifest and its source in a folder, about a region.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) region: Region,
    pub(crate) folder: Scratch,
    pub(crate) app: String,
}

// === impl Project ===

impl Project {
    /// Two tasks of a server behind a load balancer.
    pub(crate) fn new(region: &Region) -> Self {
        let app = format!("app{}", number());
        let folder = Scratch::new();
        let manifest = format!(
            "app: {app}
services:
  web:
    build: .
    process:
      command: node server.js
      files: [server.js]
    port: 3000
    health: /health
    count: 2
    env:
      VERSION: one
"
        );
        folder.write("neargate.yml", &manifest);
        folder.write("server.js", SERVER);
        folder.write("Dockerfile", DOCKERFILE);
        Self { region: region.clone(), folder, app }
    }

    /// A command line in the project's folder.
    pub(crate) fn neargate(&self, words: &str) -> Line {
        self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT)
    }

    /// Brings it up and answers where it is.
    pub(crate) async fn up(&self) -> (String, Finished) {
        let finished = self.neargate("up").run().await.expect(0);
        (finished.out.trim().to_owned(), finished)
    }

    /// What its service looks like to `neargate status`.
    pub(crate) async fn status(&self) -> Json {
        self.neargate("status --json").json().await["services"][0].take()
    }

    /// The ARNs of its tasks that are to run.
    pub(crate) async fn tasks(&self) -> BTreeSet<String> {
        let request = json!({ "cluster": self.cluster(), "desiredStatus": "RUNNING" });
        let tasks = self.region.ecs("ListTasks", request).await["taskArns"].take();
        list(tasks).iter().map(text).collect()
    }

    /// Its cluster's name.
    pub(crate) fn cluster(&self) -> String {
        format!("{}-local", self.app)
    }
}

impl Drop for Project {
    /// Images stay in an engine until someone removes them. They are removed by name: another project
    /// with the same source has the same image under its own.
    fn drop(&mut self) {
        if self.region.driver() != Driver::Docker {
            return;
        }
        remove_images(&format!("neargate/{}-local-web", self.app));
    }
}

/// Removes the images of a repository.
pub(crate) fn remove_images(repository: &str) {
    let mut list = Command::new("docker");
    list.args(["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter"]);
    list.arg(format!("reference={repository}"));
    let Ok(found) = list.stdin(Stdio::null()).output() else { return };
    let names: BTreeSet<String> =
        String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect();
    let mut remove = Command::new("docker");
    remove.arg("rmi").args(names);
    remove.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
}

/// What a URL answers.
pub(crate) async fn page(url: &str) -> String {
    Ask::get(url).send().await.body
}
