//! An application whose services fail, and what `up` says of them.

use crate::stage::scratch::number;
use crate::stage::{Driver, PATIENCE, Region, Scratch, eventually, with};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;

/// How long after a task's death its cause must be told. 5 s is what is promised on a machine that is
/// free; other tests have this one too, and the cause comes by several hands.
const BOUND: Duration = Duration::from_secs(15);

/// An application in a folder, on a region.
pub(crate) struct Shop {
    pub(crate) region: Region,
    pub(crate) scratch: Scratch,
    pub(crate) app: String,
    services: BTreeMap<String, Json>,
}

/// `up` under way, and what it said so far.
pub(crate) struct Up {
    child: Child,
    said: Arc<Mutex<Vec<Said>>>,
}

/// A line, and when it came.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) line: String,
    at: f64,
}

/// A finding as `up` told it.
#[derive(Debug)]
pub(crate) struct Told {
    lines: Vec<Said>,
}

/// A service that runs a program of Node, with either driver.
pub(crate) fn node(program: &str) -> Json {
    let command = json!(["node", "-e", program]);
    json!({
        "image": "node:22-alpine",
        "command": command,
        "process": { "command": command, "files": ["neargate.yml"] },
        "deploy": { "breaker": "none" },
        "stop_timeout": "2s",
    })
}

/// The same behind a load balancer, under a path of its own.
pub(crate) fn server(path: &str, program: &str) -> Json {
    let health = json!({
        "path": "/health", "interval": "5s", "timeout": "2s", "grace": "1s",
        "healthy": 2, "unhealthy": 2,
    });
    let more = json!({ "port": 3000, "routes": [format!("/{path}/*")], "health": health });
    with(node(program), more)
}

// === impl Shop ===

impl Shop {
    pub(crate) async fn new(region: &Region, services: &[(&str, Json)]) -> Self {
        let services = services.iter().map(|(name, held)| ((*name).to_owned(), held.clone()));
        let (scratch, app) = (Scratch::new(), format!("d{}", number()));
        let shop = Self { region: region.clone(), scratch, app, services: services.collect() };
        shop.write();
        shop
    }

    /// Gives a service other settings.
    pub(crate) fn change(&mut self, name: &str, more: Json) {
        let held = self.services[name].clone();
        self.services.insert(name.to_owned(), with(held, more));
        self.write();
    }

    /// YAML has JSON in it; what a program means by `${` is not meant for the manifest.
    fn write(&self) {
        let manifest = json!({ "app": self.app, "services": self.services });
        self.scratch.write("neargate.yml", &manifest.to_string().replace("${", "$${"));
    }

    /// Deploys it, to the end.
    pub(crate) async fn deploy(&self) {
        self.region.neargate("up").arg(self.scratch.path()).run().await.expect(0);
    }

    /// Begins to deploy it.
    pub(crate) fn up(&self) -> Up {
        let mut child = self.region.neargate("up").arg(self.scratch.path()).spawn();
        let said = Arc::new(Mutex::new(Vec::new()));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let heard = Arc::clone(&said);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                heard.lock().unwrap().push(Said { line, at: now() });
            }
        });
        Up { child, said }
    }

    /// `status --json`, of one service.
    pub(crate) async fn status(&self, name: &str) -> Json {
        let line = self.region.neargate("status --json --file").arg(self.scratch.path());
        let status = line.json().await;
        let mut services = status["services"].as_array().unwrap().iter();
        services.find(|held| held["name"] == name).unwrap().clone()
    }

    /// `events`, as people see them.
    pub(crate) async fn events(&self) -> String {
        self.region.neargate("events --file").arg(self.scratch.path()).output().await
    }

    /// Takes the services away, so that they don't go on failing beside other tests.
    pub(crate) async fn end(self) {
        for name in self.services.keys() {
            let request = json!({
                "cluster": format!("{}-local", self.app), "service": name, "force": true,
            });
            self.region.ecs("DeleteService", request).await;
        }
    }

    /// Deploys services that fail, and expects of each that `up` names its cause.
    pub(crate) async fn expect(
        region: &Region,
        cases: &[(&str, Json, &str)],
    ) -> (Self, BTreeMap<String, Told>) {
        let services: Vec<(&str, Json)> =
            cases.iter().map(|(name, service, _)| (*name, service.clone())).collect();
        let shop = Self::new(region, &services).await;
        let up = shop.up();
        let mut told = BTreeMap::new();
        for (name, _, title) in cases {
            told.insert((*name).to_owned(), up.until_told(name, title).await);
        }
        (shop, told)
    }
}

// === impl Up ===

impl Up {
    /// Waits for a finding of this service with this in its head.
    pub(crate) async fn until_told(&self, service: &str, title: &str) -> Told {
        let what = format!("`up` says of {service}: {title}");
        let patience = PATIENCE;
        let found = tokio::time::timeout(
            patience,
            eventually(&what, patience * 2, async || self.told(service, title)),
        );
        let Ok(told) = found.await else { panic!("{what}: not in\n{}", self.all()) };
        told.check(service);
        told
    }

    fn told(&self, service: &str, title: &str) -> Option<Told> {
        let said = self.said.lock().unwrap();
        let starts = [format!("✗ {service}: "), format!("! {service}: ")];
        let is_head = |held: &Said| starts.iter().any(|start| held.line.starts_with(start));
        let from = said.iter().position(|held| is_head(held) && held.line.contains(title))?;
        let rest = said[from + 1..].iter().take_while(|held| held.line.starts_with("    "));
        let lines: Vec<Said> = [&said[from]].into_iter().chain(rest).cloned().collect();
        // The block is written at once; its last line is a suggestion.
        lines.last().is_some_and(|held| held.line.starts_with("    →")).then_some(Told { lines })
    }

    /// Waits for its end, and answers its exit code and all that it said.
    pub(crate) async fn end(mut self) -> (Option<i32>, String) {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let Ok(status) = status else { panic!("`up` does not end:\n{}", self.all()) };
        let code = status.unwrap().code();
        eventually("its last line is there", PATIENCE, async || {
            (code == Some(0) || self.all().contains("error: ")).then_some(())
        })
        .await;
        (code, self.all())
    }

    fn all(&self) -> String {
        let mut all = String::new();
        for held in self.said.lock().unwrap().iter() {
            writeln!(all, "{}", held.line).unwrap();
        }
        all
    }
}

// === impl Told ===

impl Told {
    /// All of it as one text.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|held| held.line.as_str()).collect();
        lines.join("\n")
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        assert!(self.text().contains(text), "no `{text}` in\n{}", self.text());
    }

    /// A task that died was told of in time, and it is shown how fast. Of one that goes on, the line
    /// names its start, which is no death.
    #[expect(clippy::print_stderr, reason = "the time is what the test is about")]
    fn check(&self, service: &str) {
        let dead = self.text().contains("exit code") || self.text().contains("TaskFailedToStart");
        let Some(died) = self.at().filter(|_| dead) else { return };
        let took = self.lines[0].at - died;
        eprintln!("{took:5.2} s from death to line: {service}: {}", self.lines[0].line);
        assert!(took < BOUND.as_secs_f64(), "{took} s\n{}", self.text());
    }

    /// The time in its second line: when its task began to stop.
    fn at(&self) -> Option<f64> {
        let (_, at) = self.lines.get(1)?.line.split_once(", ")?;
        let at = at.split(',').next()?;
        seconds(at)
    }
}

/// `…T11:12:12.548Z` as seconds since the epoch; of today, which is what tests run in.
fn seconds(text: &str) -> Option<f64> {
    let (_, time) = text.trim_end_matches('Z').split_once('T')?;
    let mut parts = time.split(':').map(|part| part.parse::<f64>().ok());
    let of_day = parts.next()?? * 3600.0 + parts.next()?? * 60.0 + parts.next()??;
    let days = (now() / 86_400.0).floor();
    let held = days * 86_400.0 + of_day;
    // A task that died before midnight, told of after it.
    Some(if held > now() + 43_200.0 { held - 86_400.0 } else { held })
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// The driver's region, as tests with it share it.
pub(crate) async fn region(driver: Driver) -> Region {
    Region::shared(driver).await
}
