//! One of the examples, up in containers with its database.

use crate::cli::examples::about;
use crate::stage::cluster::{list, text};
use crate::stage::web::{Answer, Ask};
use crate::stage::{Driver, Line, Region, Scratch, binary, engine, eventually};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest that a change takes to show: a machine that builds images beside it is slow.
pub(super) const LONG: Duration = Duration::from_secs(180);

/// A system that is up.
pub(super) struct System {
    pub(super) region: Region,
    pub(super) url: String,
    name: &'static str,
}

// === impl System ===

impl System {
    /// Brings an example up by one command. None, and said so, where there is no container engine or
    /// the image of its database is not there and can't be had.
    pub(super) async fn up(name: &'static str, database: &str) -> Option<Self> {
        let what = format!("acceptance of {name}");
        if !engine::answers(&what) || !engine::has(database, &what).await {
            return None;
        }
        let region = Region::shared(Driver::Docker).await;
        let up = about(&region, "up", name).run().await.expect(0);
        Some(Self { region, url: up.out.trim().to_owned(), name })
    }

    pub(super) fn neargate(&self, words: &str) -> Line {
        about(&self.region, words, self.name)
    }

    /// Takes it away again.
    pub(super) async fn down(self) {
        self.neargate("down").run().await.expect(0);
    }

    /// Asks for a path until it answers with this status: a busy machine may be late with its database.
    pub(super) async fn until(&self, path: &str, status: u16) -> Answer {
        let url = format!("{}{path}", self.url);
        eventually(&format!("{url} answers {status}"), LONG, async || {
            Ask::get(&url).try_send().await.ok().filter(|answer| answer.status == status)
        })
        .await
    }

    /// Sends JSON.
    pub(super) async fn post(&self, path: &str, token: Option<&str>, body: &Json) -> Answer {
        let ask = Ask::new(http::Method::POST, &format!("{}{path}", self.url));
        let ask = ask.header("content-type", "application/json").body(body.to_string());
        match token {
            Some(token) => ask.header("authorization", &format!("Bearer {token}")).send().await,
            None => ask.send().await,
        }
    }

    /// Asks for a path with a token.
    pub(super) async fn get_as(&self, token: &str, path: &str) -> Answer {
        let ask = Ask::get(&format!("{}{path}", self.url));
        ask.header("authorization", &format!("Bearer {token}")).send().await
    }

    /// How long the quickest of some answers took: the machine's own haste is no property of the system.
    pub(super) async fn quickest(&self, path: &str) -> Duration {
        let mut quickest = LONG;
        for _ in 0..10 {
            let begun = Instant::now();
            self.until(path, 200).await;
            quickest = quickest.min(begun.elapsed());
        }
        quickest
    }

    fn cluster(&self) -> String {
        format!("{}-local", self.name)
    }

    /// A copy of the example with another manifest.
    pub(super) fn altered(&self, changes: &[(&str, &str)]) -> Scratch {
        let copy = Scratch::new();
        let from = binary::root().join("examples").join(self.name);
        copy_sources(&from, copy.path());
        let mut manifest = std::fs::read_to_string(from.join("neargate.yml")).unwrap();
        for (old, new) in changes {
            assert!(manifest.contains(old), "the manifest has no `{old}`");
            manifest = manifest.replace(old, new);
        }
        copy.write("neargate.yml", &manifest);
        copy
    }

    /// A service as ECS describes it.
    pub(super) async fn service(&self, name: &str) -> Json {
        let request = json!({ "cluster": self.cluster(), "services": [name] });
        self.region.ecs("DescribeServices", request).await["services"][0].take()
    }

    /// The definition that a service runs.
    pub(super) async fn definition(&self, service: &str) -> Json {
        let arn = self.service(service).await["taskDefinition"].take();
        let request = json!({ "taskDefinition": arn });
        self.region.ecs("DescribeTaskDefinition", request).await["taskDefinition"].take()
    }

    /// The running tasks of a service.
    pub(super) async fn tasks(&self, service: &str) -> Vec<Json> {
        let request = json!({
            "cluster": self.cluster(), "serviceName": service, "desiredStatus": "RUNNING",
        });
        let arns = self.region.ecs("ListTasks", request).await["taskArns"].take();
        let request = json!({ "cluster": self.cluster(), "tasks": arns });
        list(self.region.ecs("DescribeTasks", request).await["tasks"].take())
    }

    /// Changes a service as an operator would.
    pub(super) async fn update(&self, service: &str, mut change: Json) {
        change["cluster"] = self.cluster().into();
        change["service"] = service.into();
        self.region.ecs("UpdateService", change).await;
    }

    /// Waits until a service's newest deployment is the only one, and complete.
    pub(super) async fn until_steady(&self, service: &str) {
        eventually(&format!("{service} is steady"), LONG, async || {
            let held = self.service(service).await;
            let deployments = list(held["deployments"].clone());
            let complete = deployments.len() == 1 && deployments[0]["rolloutState"] == "COMPLETED";
            (complete && held["runningCount"] == held["desiredCount"]).then_some(())
        })
        .await;
    }

    /// The image of a service, as the engine describes it.
    pub(super) async fn image(&self, service: &str) -> Json {
        let image = text(&self.definition(service).await["containerDefinitions"][0]["image"]);
        engine::docker("image inspect").arg(image).json().await[0].take()
    }

    /// What is added to the base image, in megabytes as Docker counts them.
    pub(super) async fn weight(&self, service: &str, base: &str) -> (u64, u64) {
        const MEGABYTE: u64 = 1_000_000;
        let base = engine::docker("image inspect").arg(base).json().await;
        let base = base[0]["Size"].as_u64().unwrap();
        let whole = self.image(service).await["Size"].as_u64().unwrap();
        (whole / MEGABYTE, whole.saturating_sub(base) / MEGABYTE)
    }

    /// What a shell in a new container of a service's image says.
    pub(super) async fn inside(&self, service: &str, script: &str) -> String {
        let image = text(&self.definition(service).await["containerDefinitions"][0]["image"]);
        let line = engine::docker("run --rm --network none --entrypoint sh").arg(image);
        line.arg("-c").arg(script).output().await
    }

    /// The lines that a service's tasks wrote as JSON.
    pub(super) async fn log(&self, service: &str) -> Vec<Json> {
        let line = self.neargate(&format!("logs {service} --json --file"));
        let lines = line.run().await.expect(0).json_lines();
        let messages = lines.iter().map(|line| text(&line["message"]));
        messages.filter_map(|line| serde_json::from_str(&line).ok()).collect()
    }

    /// Waits for a line of a service's log that has all of these fields.
    pub(super) async fn until_logged(&self, service: &str, fields: &[&str]) -> Json {
        eventually(&format!("{service} logs {fields:?}"), LONG, async || {
            let mut lines = self.log(service).await.into_iter();
            lines.find(|line| fields.iter().all(|field| line.get(field).is_some()))
        })
        .await
    }

    /// Image and user of every system: the user has no rights, no shell stands before the program, and
    /// the health command is the program's own runtime.
    pub(super) async fn runs_as_it_should(&self, service: &str, line: &str) -> Json {
        let image = self.image(service).await;
        let config = &image["Config"];
        assert_eq!(config["User"], "10001:10001", "{line}: runs as a user of its own");
        assert_eq!(config["Healthcheck"]["Test"][1], "node", "{line}: HEALTHCHECK by node itself");
        assert_eq!(config["Cmd"][0], "node", "{line}: no shell before the program");
        image
    }

    /// The secrets of a service's definition by name; none of them is in plain sight.
    pub(super) async fn secrets(&self, service: &str, line: &str) -> Vec<String> {
        let definition = self.definition(service).await;
        let container = &definition["containerDefinitions"][0];
        let names = |key: &str| -> Vec<String> {
            list(container[key].clone()).iter().map(|held| text(&held["name"])).collect()
        };
        let (secret, plain) = (names("secrets"), names("environment"));
        assert!(!secret.is_empty(), "{line}: there are secrets");
        assert!(secret.iter().all(|name| !plain.contains(name)), "{line}: {plain:?}");
        secret
    }
}

/// Copies what an image is built from, not what was installed or built for this machine.
pub(super) fn copy_sources(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if ["node_modules", "dist", ".next"].iter().any(|made| name == *made) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            copy_sources(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
