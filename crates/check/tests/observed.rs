//! What rules say of images that were run, and what they leave alone. The containers here are values.

#![expect(clippy::unwrap_used, reason = "only the tests read their own texts")]

use check::{
    Answer, Exit, Finding, HealthOwner, HealthRun, Observed, Severity, Stop, Subject, Written,
};
use model::Span;
use source::Snapshot;
use std::collections::BTreeMap;

const MANIFEST: &str = "app: shop
services:
  api:
    build: .
    port: 3000
    health: /health
    healthcheck: wget -q http://localhost:3000/health
    secrets: {DATABASE_URL: ssm:/shop/database-url}
";

const SERVER: &str = "import express from 'express';
const app = express();
app.get('/health', (q, r) => r.send('ok'));
app.use(express.static('public'));
const server = app.listen(3000);
server.keepAliveTimeout = 65_000;
process.once('SIGTERM', () => server.close());
export const pdf = async () => (await import('pdfkit')).default;
";

const PACKAGE: &str = r#"{"name": "api", "type": "module", "scripts": {"start": "node src/server.js"},
  "dependencies": {"express": "5.0.0"}, "devDependencies": {"pdfkit": "0.15.0"}}"#;

/// A container without fault.
fn sound() -> Observed {
    let files = [
        ("app/src/server.js", SERVER),
        ("app/public/index.html", ""),
        ("app/node_modules/express/index.js", ""),
        ("app/node_modules/pdfkit/index.js", ""),
    ];
    Observed {
        service: "api".to_owned(),
        environment: "local".to_owned(),
        image: "shop:1".to_owned(),
        platform: "linux/amd64".to_owned(),
        folder: "/app".to_owned(),
        words: vec!["node".to_owned(), "src/server.js".to_owned()],
        placeholders: vec!["DATABASE_URL".to_owned()],
        listening: Some(vec!["0.0.0.0:3000".parse().unwrap()]),
        watched: Span::seconds(60),
        answer: Some(Answer::Status(200)),
        user: Some(1000),
        health: vec![run(0, "")],
        stop: Some(Stop { took: Span::millis(20), code: Some(0) }),
        files: files.into_iter().collect(),
        ..Observed::default()
    }
}

fn run(code: i32, output: &str) -> HealthRun {
    let (command, output) = ("wget -q http://localhost:3000/health".to_owned(), output.to_owned());
    HealthRun { command, by: HealthOwner::Manifest, code: Some(code), output }
}

/// A container that ended by itself.
fn ended(code: i32, log: &str) -> Observed {
    Observed {
        exit: Some(Exit { code, out_of_memory: false }),
        log: log.lines().map(str::to_owned).collect(),
        listening: None,
        answer: None,
        health: Vec::new(),
        stop: None,
        ..sound()
    }
}

fn checked(server: &str, observed: &Observed) -> check::Checked {
    let files = [
        ("neargate.yml", MANIFEST),
        ("package.json", PACKAGE),
        (
            "package-lock.json",
            r#"{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "5.0.0"}, "devDependencies": {"pdfkit": "0.15.0"}}}}"#,
        ),
        (
            "Dockerfile",
            "FROM node:22-alpine\nWORKDIR /app\nCOPY src src\nUSER node\nCMD [\"node\", \"src/server.js\"]\n",
        ),
        ("src/server.js", server),
        ("public/index.html", ""),
    ];
    let snapshot: Snapshot = files.into_iter().collect();
    let reading = source::read(&snapshot);
    let manifest = manifest::parse(MANIFEST).0.unwrap();
    let resolved = manifest::resolve(&manifest, "local", &BTreeMap::new()).0.unwrap();
    let environments = [resolved];
    let written = Written { file: "neargate.yml", text: MANIFEST, environments: &environments };
    let subject = Subject { snapshot: &snapshot, reading: &reading, manifest: Some(written) };
    check::check_with(&subject, std::slice::from_ref(observed))
}

fn said(found: &[Finding]) -> Vec<String> {
    found.iter().map(|it| format!("{} {}: {}", it.severity.word(), it.rule, it.message)).collect()
}

#[track_caller]
fn check(observed: &Observed, expected: &[&str]) {
    let found = checked(SERVER, observed).found;
    assert_eq!(said(&found), expected);
    for finding in &found {
        assert!(finding.evidence[0].contains("shop:1"), "{finding:#?}");
        assert!(
            finding.service.as_deref() == Some("api") && finding.place.line > 0,
            "{finding:#?}"
        );
    }
}

#[test]
fn nothing_is_found_in_a_container_without_fault() {
    check(&sound(), &[]);
}

#[test]
fn where_it_listens_is_seen() {
    let at = |list: &[&str]| Observed {
        listening: Some(list.iter().map(|it| it.parse().unwrap()).collect()),
        answer: None,
        health: Vec::new(),
        ..sound()
    };
    check(
        &at(&["127.0.0.1:3000"]),
        &["error listens-on-localhost: the server listens on localhost only: 127.0.0.1:3000"],
    );
    check(
        &at(&["0.0.0.0:8080"]),
        &["error port-mismatch: the service's port is 3000, and the container listens on 8080"],
    );
    check(&at(&[]), &["error port-mismatch: nothing listens on 3000, 60 s after the start"]);
    check(&at(&["127.0.0.1:9229", "[::]:3000"]), &[]);
    let waits = Observed {
        log: vec!["connect ECONNREFUSED 10.0.0.5:5432, trying again".to_owned()],
        ..at(&[])
    };
    check(&waits, &[]);
    check(&Observed { listening: None, ..at(&[]) }, &[]);
}

#[test]
fn what_the_health_check_is_answered_is_seen() {
    let answers = |answer| Observed { answer: Some(answer), health: Vec::new(), ..sound() };
    let message = |what: &str| {
        format!(
            "error health-path: the application {what} to the load balancer's `GET /health`, which expects 200"
        )
    };
    check(&answers(Answer::Status(404)), &[&message("answers 404")]);
    check(&answers(Answer::Status(302)), &[&message("answers 302, a redirect")]);
    check(&answers(Answer::Status(401)), &[&message("answers 401")]);
    let slow = message("does not answer within 5s").replace("error", "warning");
    check(&answers(Answer::Silence), &[&slow]);
    // What placeholders lead to is not there.
    check(&answers(Answer::Status(503)), &[]);
    check(&answers(Answer::Status(500)), &[]);
    let whole = Observed { placeholders: Vec::new(), ..answers(Answer::Status(500)) };
    check(&whole, &[&message("answers 500").replace("error", "warning")]);
}

#[test]
fn an_end_is_told_by_its_cause() {
    let module = "Error: Cannot find module 'express'\nRequire stack:\n- /app/src/server.js";
    check(
        &ended(1, module),
        &[
            "error development-import: the container ends with exit code 1: module not found: express",
        ],
    );
    check(
        &ended(1, "Error: Cannot find module '/app/src/server.js'"),
        &[
            "error missing-output: the container ends with exit code 1: module not found: /app/src/server.js",
        ],
    );
    check(
        &ended(1, "Error: JWT_SECRET is required"),
        &[
            "error missing-variable: the container ends with exit code 1: an environment variable is missing: JWT_SECRET",
        ],
    );
    check(
        &ended(0, "done"),
        &[
            "error does-not-start: the container ends with exit code 0: api came to its end without an error",
        ],
    );
    // It may be the placeholder that it does not like.
    check(
        &ended(1, "TypeError: Invalid URL"),
        &[
            "warning does-not-start: the container ends with exit code 1: api ended with an exception: TypeError: Invalid URL",
        ],
    );
    let refused = Observed {
        exit: None,
        refused: Some(
            "CannotStartContainerError: exec: \"serve\": executable file not found in $PATH"
                .to_owned(),
        ),
        ..ended(0, "")
    };
    check(
        &refused,
        &["error does-not-start: the container can't be started: command not found: serve"],
    );
}

#[test]
fn a_database_that_is_not_there_is_a_remark() {
    let gone = ended(1, "Error: getaddrinfo ENOTFOUND database.invalid");
    let told = checked(SERVER, &gone);
    assert_eq!(said(&told.found), Vec::<String>::new());
    let [remark] = told.remarks.as_slice() else { panic!("{told:#?}") };
    assert!(remark.contains("database.invalid") && remark.contains("exit code 1"), "{remark}");
    assert!(checked(SERVER, &sound()).remarks.is_empty());
}

/// Applications have words of their own for it.
#[test]
fn an_end_that_speaks_of_a_placeholder_is_a_remark() {
    for line in [
        "the database does not answer yet (attempt 8 of 8)",
        "cannot start: DATABASE_URL has to name a host that exists",
    ] {
        let told = checked(SERVER, &ended(1, line));
        assert_eq!(said(&told.found), Vec::<String>::new(), "{line}");
        assert!(told.remarks[0].contains("exit code 1"), "{told:#?}");
        let given = Observed { placeholders: Vec::new(), ..ended(1, line) };
        assert_eq!(checked(SERVER, &given).found.len(), 1, "{line}");
    }
}

#[test]
fn health_commands_are_run() {
    let with = |run| Observed { health: vec![run], ..sound() };
    check(
        &with(run(127, "/bin/sh: wget: not found")),
        &[
            "error health-program: the health check can't be run: exit code 127: /bin/sh: wget: not found",
        ],
    );
    check(
        &with(run(1, "wget: server returned error: HTTP/1.1 404 Not Found")),
        &[
            "error health-program: the health check fails with exit code 1, and the application answers",
        ],
    );
    let ill = Observed { answer: Some(Answer::Status(503)), ..with(run(1, "")) };
    check(&ill, &[]);
    let image = HealthRun { by: HealthOwner::Image, ..run(127, "curl: not found") };
    check(
        &with(image),
        &["warning health-program: the health check can't be run: exit code 127: curl: not found"],
    );
}

#[test]
fn a_stop_that_takes_too_long_is_seen() {
    let killed = Stop { took: Span::seconds(30), code: None };
    let message = "30 s after the stop signal the container still ran, and was killed";
    check(
        &Observed { stop: Some(killed), ..sound() },
        &[&format!("warning no-graceful-stop: {message}")],
    );
    let words = vec!["npm".to_owned(), "start".to_owned()];
    check(
        &Observed { stop: Some(killed), words, ..sound() },
        &[&format!("warning signal-lost: {message}: `npm` is its first process")],
    );
    // Whoever ends with a code of its own has ended.
    check(&Observed { stop: Some(Stop { took: Span::ZERO, code: Some(143) }), ..sound() }, &[]);
}

#[test]
fn what_the_image_lacks_is_seen_in_its_files() {
    let without = |name: &str| {
        let all = sound();
        let files = all.files.paths().filter(|path| !path.contains(name));
        let files = files.map(|path| (path, all.files.text(path).unwrap_or_default()));
        Observed { files: files.collect(), ..all.clone() }
    };
    check(
        &without("pdfkit"),
        &[
            "warning development-import: `pdfkit` is not in the image, and /app/src/server.js:8 asks for it",
        ],
    );
    check(
        &without("public"),
        &["error missing-output: the application gives the files of public, and the image has no such folder"]
            .map(|it| it.replace("error", "warning"))
            .each_ref()
            .map(String::as_str),
    );
}

#[test]
fn user_and_processor_are_those_of_the_container() {
    check(&Observed { user: Some(0), ..sound() }, &["note root-user: the container runs as root"]);
    check(&Observed { user: None, ..sound() }, &[]);
    let other = Observed { platform: "linux/arm64".to_owned(), ..sound() };
    check(
        &other,
        &[
            "error wrong-architecture: the image is for linux/arm64, and the tasks run on linux/amd64",
        ],
    );
}

#[test]
fn what_runs_refutes_what_was_read_and_makes_it_certain() {
    // The host comes from elsewhere, the code says, and means all addresses.
    let local = SERVER.replace("listen(3000)", "listen(3000, '127.0.0.1')");
    let read = checked(&local, &Observed { service: "other".to_owned(), ..sound() }).found;
    assert_eq!(said(&read).len(), 1, "{read:#?}");
    assert_eq!((read[0].rule, read[0].evidence.len()), ("listens-on-localhost", 0));
    assert!(checked(&local, &sound()).found.is_empty(), "it was reached");
    let inside = Observed {
        listening: Some(vec!["127.0.0.1:3000".parse().unwrap()]),
        answer: None,
        health: Vec::new(),
        ..sound()
    };
    let seen = checked(&local, &inside).found;
    let [only] = seen.as_slice() else { panic!("{seen:#?}") };
    assert_eq!((only.rule, only.severity), ("listens-on-localhost", Severity::Error));
    assert_eq!(only.related[0].place.file, "src/server.js");
}
