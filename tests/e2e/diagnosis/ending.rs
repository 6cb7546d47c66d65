//! Programs that end by themselves.

use super::shop::{Shop, node, region};
use crate::stage::{Driver, engine, with};
use serde_json::{Value as Json, json};
use std::os::unix::fs::PermissionsExt as _;

const MODULE: &str = "require('expresso')";
const IN_USE: &str = "const { createServer } = require('http');
    createServer().listen(0, function () { createServer().listen(this.address().port) })";
const VARIABLE: &str = "if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is required')";
const DATABASE: &str = "require('net').connect(1, '127.0.0.1')";
const EXCEPTION: &str = "function boom() { throw new TypeError('boom') } boom()";

#[tokio::test]
async fn what_programs_write_when_they_fail_is_understood() {
    let cases = [
        ("module", node(MODULE), "module not found: expresso (module-not-found)"),
        ("port", node(IN_USE), "(address-in-use)"),
        ("variable", node(VARIABLE), "an environment variable is missing: DATABASE_URL"),
        ("database", node(DATABASE), "it can't reach what it needs: 127.0.0.1:1"),
        ("exception", node(EXCEPTION), "ended with an exception: TypeError: boom"),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Process).await, &cases).await;
    told["module"].says("    container module: exit code 1");
    told["module"].says("    │ Error: Cannot find module 'expresso'");
    told["module"].says("`services.module.process.files`");
    told["variable"].says("`services.variable.env.DATABASE_URL: …`");
    told["exception"].says("neargate logs exception");
    let finding = shop.status("module").await["findings"][0].clone();
    assert_eq!(finding["cause"], "module-not-found", "{finding:#}");
    assert_eq!(finding["severity"], "failure");
    assert!(shop.events().await.contains("✗ module: module not found: expresso"));
    shop.end().await;
}

#[tokio::test]
async fn the_ways_to_end_are_told_apart() {
    let killed = node("process.kill(process.pid, 'SIGKILL')");
    let cases = [
        ("done", node("console.log('all done')"), "came to its end without an error (finished)"),
        ("killed", killed, "killed was killed (SIGKILL) (killed)"),
        ("crashed", node("process.abort()"), "crashed in native code: SIGABRT"),
        ("odd", node("console.log('odd'); process.exit(3)"), "ended with exit code 3 (unknown)"),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Process).await, &cases).await;
    told["odd"].says("    │ odd");
    told["killed"].says("exit code 137");
    shop.end().await;
}

/// Writes the head of a program for another machine: 64 bits, big-endian, of a kind that nobody has.
fn write_foreign(shop: &Shop) {
    shop.scratch.write("foreign", "\u{7f}ELF\u{2}\u{2}\u{1}\0\0\0\0\0\0\0\0\0\0\u{2}\0\u{2}");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(shop.scratch.path().join("foreign"), mode).unwrap();
}

/// A service whose process is this file.
fn process(command: &str, file: &str) -> Json {
    with(node(""), json!({ "process": { "command": [command], "files": [file] } }))
}

#[tokio::test]
async fn processes_that_can_not_be_run_say_why() {
    let services = [
        ("absent", process("no-such-program", "neargate.yml")),
        ("locked", process("./locked.sh", "locked.sh")),
        ("foreign", process("./foreign", "foreign")),
    ];
    let shop = Shop::new(&region(Driver::Process).await, &services).await;
    shop.scratch.write("locked.sh", "#!/bin/sh\nexit 0\n");
    write_foreign(&shop);
    let up = shop.up();
    up.until_told("absent", "command not found: no-such-program (command-not-found)").await;
    up.until_told("locked", "./locked.sh is not executable (not-executable)").await;
    up.until_told("foreign", "./foreign is built for another CPU architecture").await;
    drop(up);
    shop.end().await;
}

#[tokio::test]
async fn containers_end_for_the_same_reasons_and_more() {
    if !engine::answers("containers that end") {
        return;
    }
    let greedy = "const held = []; setInterval(() => held.push(Buffer.alloc(16 << 20, 1)), 5)";
    let writer = "require('fs').mkdirSync('/cache')";
    let cases = [
        ("module", node(MODULE), "module not found: expresso (module-not-found)"),
        ("greedy", node(greedy), "out of memory: it has 512 MiB (out-of-memory)"),
        ("writer", with(node(writer), json!({ "read_only": true })), "(permission-denied)"),
        (
            "absent",
            with(node(""), json!({ "entrypoint": ["no-such-program"] })),
            "command not found: no-such-program",
        ),
        (
            "shell",
            with(node(""), json!({ "command": ["sh", "-c", "no-such-program"] })),
            "(command-not-found)",
        ),
        (
            "image",
            with(node(""), json!({ "image": "neargate-e2e.invalid/nobody/nothing:1" })),
            "(registry-unreachable)",
        ),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Docker).await, &cases).await;
    told["greedy"].says("OutOfMemoryError");
    shop.end().await;
}

#[tokio::test]
async fn images_for_other_machines_are_named() {
    if !engine::answers("images for other machines") {
        return;
    }
    let service = json!({ "build": ".", "deploy": { "breaker": "none" } });
    let shop = Shop::new(&region(Driver::Docker).await, &[("api", service)]).await;
    let recipe = "FROM busybox\nCOPY foreign /foreign\nCMD [\"/foreign\"]\n";
    shop.scratch.write("Dockerfile", recipe);
    write_foreign(&shop);
    let up = shop.up();
    up.until_told("api", "/foreign is built for another CPU architecture").await;
    drop(up);
    let list = format!("images --quiet --filter reference=neargate/{}-local-api", shop.app);
    shop.end().await;
    // Images stay in an engine until someone removes them; the two names have one id.
    let ids = engine::docker(&list).output().await;
    let id = ids.lines().next().unwrap();
    engine::docker(&format!("rmi --force {id}")).output().await;
}
