//! `neargate check --image`: what only running shows, in small images that have one fault each, and in
//! near ones that have none.

use super::project::remove_images;
use crate::stage::scratch::number;
use crate::stage::{Line, Scratch, binary, engine, eventually};
use serde_json::Value;
use std::time::Duration;

/// Images are built and run here while other tests do the same.
const PATIENCE: Duration = Duration::from_secs(240);

/// An example with a front end takes longer on a machine that has never built it.
const BUILD: Duration = Duration::from_secs(900);

/// An application whose image is made of node's.
struct App {
    folder: Scratch,
    name: String,
}

const MANIFEST: &str = "services:
  api:
    build: .
    port: 3000
    health: {path: /health, grace: 120s}
    stop_timeout: 2s
";

const DOCKERFILE: &str = "FROM node:22-alpine
WORKDIR /app
COPY --chown=node . .
USER node
CMD [\"node\", \"server.js\"]
";

/// A server without fault; what stands in it is replaced by faults. Its port and address are computed,
/// so that no look at the source knows them.
const SERVER: &str = "const { createServer } = require('node:http');
const [port, host] = ['30' + '00', ['0', '0', '0', '0'].join('.')];
const answer = (path) => (path === '/health' ? 200 : 404);
const server = createServer((request, response) => {
  response.statusCode = answer(request.url);
  response.end();
});
server.keepAliveTimeout = 65_000;
server.listen(Number(port), host);
process.once('SIGTERM', () => process.exit(0));
";

// === impl App ===

impl App {
    fn new() -> Self {
        let name = format!("chk{}n{}", std::process::id(), number());
        let folder = Scratch::new();
        folder.write("neargate.yml", &format!("app: {name}\n{MANIFEST}"));
        folder.write("Dockerfile", DOCKERFILE);
        folder.write("server.js", SERVER);
        folder.write(".dockerignore", ".git\n");
        folder.write(
            "package.json",
            r#"{"name": "api", "scripts": {"start": "node server.js"}, "devDependencies": {"pdfkit": "1.0.0"}}"#,
        );
        let lock = r#"{"lockfileVersion": 3, "packages": {"": {"name": "api", "devDependencies": {"pdfkit": "1.0.0"}}, "node_modules/pdfkit": {"version": "1.0.0"}}}"#;
        folder.write("package-lock.json", lock);
        Self { folder, name }
    }

    /// The same with another text in a file.
    fn with(self, file: &str, old: &str, new: &str) -> Self {
        self.folder.edit(file, old, new);
        self
    }

    fn check(&self, words: &str) -> Line {
        let line = Line::new(binary::neargate()).arg("check").arg(self.folder.path()).args(words);
        line.env("DOCKER_HOST", engine::host()).patience(PATIENCE)
    }

    /// What is told of its running image, as JSON.
    async fn seen(&self) -> Value {
        let told = self.check("--image --format json").run().await;
        assert!(matches!(told.code, Some(0 | 7)), "{told:?}");
        told.json()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        remove_images(&format!("neargate/{}-local-api", self.name));
    }
}

/// The findings that were seen, as `severity rule`.
fn said(told: &Value) -> Vec<String> {
    let all = told["findings"].as_array().unwrap().iter();
    let seen = all.filter(|it| !it["evidence"].as_array().unwrap().is_empty());
    let word = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let mut said: Vec<String> =
        seen.map(|it| format!("{} {}", word(it, "severity"), word(it, "rule"))).collect();
    said.sort();
    said
}

async fn check(app: App, expected: &[&str]) -> Value {
    let told = app.seen().await;
    assert_eq!(said(&told), expected, "{told:#}");
    told
}

fn there() -> bool {
    engine::answers("images that are run by `check`")
}

/// Each with its database beside it. Their images are built here unless another test has built them.
#[tokio::test]
async fn the_examples_are_clean() {
    for (name, database) in [
        ("notes", "node:22-alpine"),
        ("rms", "postgres:15"),
        ("scalemap", "postgres:15"),
        ("slugger", "postgres:15"),
        ("health-advisor", "mongo:8"),
        ("portfolio", "postgres:15"),
    ] {
        let what = format!("check --image examples/{name}");
        if !there() || !engine::has(database, &what).await {
            continue;
        }
        let line = Line::new(binary::neargate()).args("check --image --format json");
        let line = line.arg(binary::root().join("examples").join(name));
        let line = line.env("DOCKER_HOST", engine::host()).patience(BUILD);
        let told = line.run().await.expect(0).json();
        assert_eq!(told["findings"], Value::Array(Vec::new()), "{name}: {told:#}");
        assert_eq!(told["remarks"], Value::Array(Vec::new()), "{name}: {told:#}");
    }
}

#[tokio::test]
async fn where_an_image_listens_is_seen() {
    if !there() {
        return;
    }
    check(App::new(), &[]).await;
    let local = App::new().with("server.js", "['0', '0', '0', '0']", "[127, 0, 0, 1]");
    check(local, &["error listens-on-localhost"]).await;
    let other = App::new().with("server.js", "'30' + '00'", "'80' + '80'");
    let told = check(other, &["error port-mismatch"]).await;
    let message = told["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("listens on 8080"), "{message}");
    let none = App::new()
        .with("server.js", "server.listen(Number(port), host);", "setInterval(() => {}, 1e6);")
        .with("neargate.yml", "grace: 120s", "grace: 8s");
    check(none, &["error port-mismatch"]).await;
}

#[tokio::test]
async fn what_an_image_answers_is_seen() {
    if !there() {
        return;
    }
    let lost = App::new().with("server.js", "'/health'", "'/api' + '/health'");
    check(lost, &["error health-path"]).await;
    let moved = App::new().with("server.js", "? 200 : 404", "? 302 : 404");
    check(moved, &["error health-path"]).await;
    // It may well say that it lacks something, for it does.
    check(App::new().with("server.js", "? 200 : 404", "? 503 : 404"), &[]).await;
}

#[tokio::test]
async fn health_commands_are_run_in_the_image() {
    if !there() {
        return;
    }
    let with = |command: &str| {
        let check = format!("    healthcheck: {command}\n    stop_timeout");
        App::new().with("neargate.yml", "    stop_timeout", &check)
    };
    check(with("wgot -q http://localhost:3000/health"), &["error health-program"]).await;
    check(with("node check.js"), &["error health-program"]).await;
    check(with("wget -q -O /dev/null http://127.0.0.1:3000/health"), &[]).await;
    let own = "HEALTHCHECK CMD node -e 'process.exit(3)'\nCMD";
    check(App::new().with("Dockerfile", "CMD", own), &["warning health-program"]).await;
}

#[tokio::test]
async fn a_stop_signal_that_nobody_hears_is_seen() {
    if !there() {
        return;
    }
    let deaf = App::new().with("server.js", "process.once('SIGTERM'", "process.once('SIGUSR2'");
    check(deaf, &["warning no-graceful-stop"]).await;
    let line = "CMD [\"sh\", \"-c\", \"node server.js; true\"]";
    let between = App::new().with("Dockerfile", "CMD [\"node\", \"server.js\"]", line);
    check(between, &["warning signal-lost"]).await;
    let line = "CMD [\"sh\", \"-c\", \"exec node server.js\"]";
    check(App::new().with("Dockerfile", "CMD [\"node\", \"server.js\"]", line), &[]).await;
}

#[tokio::test]
async fn what_the_image_lacks_is_seen() {
    if !there() {
        return;
    }
    let at_start =
        App::new().with("server.js", "process.once", "require('pdf' + 'kit');\nprocess.once");
    check(at_start, &["error development-import"]).await;
    let late = App::new().with(
        "server.js",
        "process.once",
        "exports.pdf = () => require('pdfkit');\nprocess.once",
    );
    check(late, &["warning development-import"]).await;
    let tried = "exports.pdf = () => { try { return require('pdfkit') } catch {} };\nprocess.once";
    check(App::new().with("server.js", "process.once", tried), &[]).await;
    let file = App::new().with("Dockerfile", "\"server.js\"", "\"dist/server.js\"");
    check(file, &["error missing-output"]).await;
}

#[tokio::test]
async fn a_front_end_that_is_not_in_the_image_is_seen() {
    if !there() {
        return;
    }
    let give = "const express = require('express');\nexpress.static('public');\nprocess.once";
    let app = || {
        let app = App::new().with("server.js", "process.once", give);
        app.folder.write("node_modules/express/index.js", "exports.static = () => {};\n");
        app.folder.write("public/index.html", "<h1>here</h1>\n");
        app
    };
    check(app(), &[]).await;
    let ignored = app().with(".dockerignore", ".git\n", ".git\npublic\n");
    check(ignored, &["warning missing-output"]).await;
}

#[tokio::test]
async fn an_image_that_does_not_start_is_seen_with_its_cause() {
    if !there() {
        return;
    }
    let runs = |words: &str| App::new().with("Dockerfile", "[\"node\", \"server.js\"]", words);
    check(runs("[\"true\"]"), &["error does-not-start"]).await;
    let absent = "ENTRYPOINT [\"serve\"]";
    let absent = App::new().with("Dockerfile", "CMD [\"node\", \"server.js\"]", absent);
    check(absent, &["error does-not-start"]).await;
    let full = "const all = [];\nfor (;;) all.push(Buffer.alloc(1 << 26, 1));\n";
    let told = check(App::new().with("server.js", SERVER, full), &["error does-not-start"]).await;
    assert!(told.to_string().contains("out of memory: it has 512 MiB"), "{told:#}");
    let needs =
        "if (!process.env['JWT_' + 'SECRET']) throw new Error('JWT_SECRET is required');\nconst {";
    let variable = App::new().with("server.js", "const {", needs);
    check(variable, &["error missing-variable"]).await;
}

#[tokio::test]
async fn the_manifests_own_words_hold_for_the_container() {
    if !there() {
        return;
    }
    let writes = "require('node:fs').writeFileSync('/app/state', 'x');\nprocess.once";
    let app = || {
        App::new().with("server.js", "process.once", writes).with(
            "Dockerfile",
            "WORKDIR /app",
            "WORKDIR /app\nRUN chown node /app",
        )
    };
    check(app(), &[]).await;
    let read_only = app().with("neargate.yml", "    port", "    read_only: true\n    port");
    check(read_only, &["error does-not-start"]).await;
    let root = App::new().with("neargate.yml", "    port", "    user: root\n    port");
    check(root, &["note root-user"]).await;
}

/// Alone there is no database, and that is nobody's fault.
#[tokio::test]
async fn a_database_that_is_not_there_is_told_apart() {
    if !there() {
        return;
    }
    let connect = "require('node:net').connect(5432, new URL(process.env.DATABASE_URL).hostname);\nprocess.once";
    let app = App::new()
        .with("server.js", "process.once", connect)
        .with("server.js", "server.listen(Number(port), host);", "")
        .with("neargate.yml", "    port", "    secrets: {DATABASE_URL: ssm:/a/b}\n    port");
    let told = check(app, &[]).await;
    let remark = told["remarks"][0].as_str().unwrap();
    assert!(
        remark.contains("can't reach what it needs") && remark.contains(".invalid"),
        "{remark}"
    );
}

/// What stands behind the service is there, and what it gives arrives; without it there is a remark.
#[tokio::test]
async fn what_stands_behind_a_service_is_started_too() {
    if !there() {
        return;
    }
    let asks = "fetch(process.env.KEEPER_URL).catch((error) => { console.log('no connection', error.message); process.exit(1); });\nprocess.once";
    let app = || {
        App::new().with("server.js", "process.once", asks).with(
            "neargate.yml",
            "    port",
            "    secrets: {KEEPER_URL: 'ssm:/a/keeper'}\n    port",
        )
    };
    let backing = "    stop_timeout: 2s
environments:
  local:
    backing:
      keeper:
        image: node:22-alpine
        command: [node, -e, 'require(\"http\").createServer((q, r) => r.end()).listen(6500)']
        port: 6500
        gives: {'ssm:/a/keeper': 'http://${address}'}
";
    let backed = app().with("neargate.yml", "    stop_timeout: 2s\n", backing);
    let told = check(backed, &[]).await;
    assert_eq!(told["remarks"], Value::Array(Vec::new()), "{told:#}");
    let told = check(app(), &[]).await;
    let remark = told["remarks"][0].as_str().unwrap();
    assert!(remark.contains("gave up with exit code 1"), "{remark}");
}

#[tokio::test]
async fn a_finished_image_is_taken_as_it_is() {
    if !there() {
        return;
    }
    let app = App::new();
    let told = app.check("--image=busybox --format json").run().await.expect(7).json();
    // As whom it ran is seen too, when a look falls into the moment in which it runs.
    let mut seen = said(&told);
    seen.retain(|it| it != "note root-user");
    assert_eq!(seen, ["error does-not-start"], "{told:#}");
    app.check("--image --service web").run().await.expect(2).says("there are: api");
    app.check("--image --fix").run().await.expect(2);
    let bare = Scratch::new();
    bare.write("server.js", SERVER);
    let line = Line::new(binary::neargate()).args("check --image").arg(bare.path());
    line.run().await.expect(2).says("neargate init");
}

#[tokio::test]
async fn without_an_engine_it_says_so() {
    let app = App::new();
    let line = Line::new(binary::neargate()).args("check --image").arg(app.folder.path());
    let told = line.env("DOCKER_HOST", "unix:///no/engine.sock").run().await.expect(6);
    told.says("without a container engine");
}

#[tokio::test]
async fn a_check_that_is_ended_leaves_nothing_behind() {
    if !there() {
        return;
    }
    // It never answers, so it is watched for long.
    let app = || {
        App::new()
            .with("server.js", "server.listen(Number(port), host);", "setInterval(() => {}, 1e6);")
            .with("neargate.yml", "grace: 120s", "grace: 300s")
    };
    let (first, second) = (app(), app());
    for (app, signal) in [(&first, "INT"), (&second, "KILL")] {
        let mut running = app.check("--image").spawn();
        let pid = running.id().unwrap();
        let label = format!("neargate.trial={pid}");
        eventually("a container on trial", PATIENCE, async || {
            (!engine::containers(&label).await.is_empty()).then_some(())
        })
        .await;
        Line::new("kill").args(&format!("-{signal} {pid}")).run().await.expect(0);
        running.wait().await.unwrap();
        if signal == "KILL" {
            // The next one sees to it; another test's may have done so already.
            check(App::new(), &[]).await;
        }
        eventually(&format!("nothing is left after {signal}"), PATIENCE, async || {
            let containers = engine::containers(&label).await;
            (containers.is_empty() && engine::networks(&label).await.is_empty()).then_some(())
        })
        .await;
    }
}
