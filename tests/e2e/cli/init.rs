//! `neargate init`, on the examples: what it writes stands on what their owners wrote by hand.

use crate::stage::{Line, Scratch};
use std::fs;
use std::path::Path;

/// A copy of an example's source, without its manifest.
fn copy(example: &str) -> Scratch {
    let scratch = Scratch::new();
    let from = crate::stage::binary::root().join("examples").join(example);
    add(&scratch, &from, "");
    scratch
}

fn add(scratch: &Scratch, folder: &Path, inside: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{inside}{name}");
        let is_installed =
            ["node_modules", "target", "dist", "neargate.yml"].contains(&name.as_str());
        match entry.file_type().unwrap() {
            _ if is_installed => {}
            kind if kind.is_dir() => add(scratch, &entry.path(), &format!("{path}/")),
            _ => scratch.write(&path, &fs::read_to_string(entry.path()).unwrap_or_default()),
        }
    }
}

fn init(scratch: &Scratch) -> Line {
    Line::new(crate::stage::binary::neargate()).arg("init").arg(scratch.path())
}

#[tokio::test]
async fn the_examples_manifests_are_found_again_in_their_source() {
    for (example, command, variable) in [
        ("hello", "command: target/release/hello", "GREETING"),
        ("notes", "command: node src/server.js", "PORT"),
    ] {
        let scratch = copy(example);
        let told = init(&scratch).arg("--json").json().await;
        assert_eq!(told["written"], false, "nobody said yes");
        let manifest = told["manifest"].as_str().unwrap();
        for line in ["port: 3000", "health: /api/health", "build: .", command] {
            assert!(manifest.contains(line), "{example} lacks `{line}`:\n{manifest}");
        }
        let variables = told["variables"].as_array().unwrap();
        assert!(variables.iter().any(|it| it["name"] == variable), "{variables:?}");
        assert!(!scratch.path().join("neargate.yml").exists());
    }
}

#[tokio::test]
async fn what_is_there_is_not_touched() {
    let scratch = copy("notes");
    let file = scratch.path().join("neargate.yml");
    init(&scratch).arg("--yes").run().await.expect(0);
    let first = fs::read_to_string(&file).unwrap();
    init(&scratch).arg("--yes").run().await.expect(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    scratch.write("neargate.yml", "mine");
    init(&scratch).arg("--yes").run().await.expect(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[tokio::test]
async fn nobody_there_to_be_asked_is_no_consent() {
    let scratch = copy("notes");
    let refused = init(&scratch).run().await;
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(!scratch.path().join("neargate.yml").exists());
}

#[tokio::test]
async fn an_example_file_that_holds_a_secret_is_named_and_the_secret_is_not() {
    let scratch = copy("notes");
    scratch.write(".env.example", "JWT_SECRET=hunter2-hunter2\nLOG_LEVEL=info\n");
    let told = init(&scratch).arg("--yes").run().await.expect(0);
    assert!(told.err.contains(".env.example") && told.err.contains("JWT_SECRET"), "{}", told.err);
    assert!(!told.err.contains("hunter2"), "{}", told.err);
}
