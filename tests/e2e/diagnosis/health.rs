//! Tasks that run, but not well enough for their health checks.

use super::shop::{Shop, node, region, server};
use crate::stage::{Driver, engine, with};
use serde_json::{Value as Json, json};

/// A server that answers everything with a status.
fn answering(status: u16) -> String {
    format!(
        "require('http').createServer((request, response) => {{
            response.writeHead({status}, {{ location: '/login' }}).end()
        }}).listen(process.env.PORT ?? 3000)"
    )
}

/// A server that listens on this, and says so.
fn listening(arguments: &str, says: &str) -> String {
    format!(
        "require('http').createServer((_, response) => response.end())
            .listen({arguments}, () => console.log(`{says}`))"
    )
}

const SILENT: &str = "require('http').createServer(() => {}).listen(process.env.PORT ?? 3000)";
const SLOW: &str = "console.log('loading the catalogue'); setTimeout(() => {}, 1e6)";
const NOTHING: &str = "console.log('hello'); setTimeout(() => {}, 1e6)";

#[tokio::test]
async fn what_the_load_balancer_hears_is_understood() {
    let cases = [
        ("path", server("a", &answering(404)), "GET /health is answered with 404"),
        ("error", server("b", &answering(503)), "(health-server-error)"),
        ("redirect", server("c", &answering(302)), "(health-redirect)"),
        ("login", server("d", &answering(401)), "(health-forbidden)"),
        ("silent", server("e", SILENT), "GET /health is not answered within 2 s (health-timeout)"),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Process).await, &cases).await;
    told["path"].says("`services.path.health.path: /api/health`");
    shop.end().await;
}

#[tokio::test]
async fn processes_that_listen_elsewhere_are_told_by_their_logs() {
    let elsewhere = listening("0", "listening on port ${this.address().port}");
    let elsewhere =
        elsewhere.replace("() => console", "function () { console").replace("`)", "`) }");
    let cases = [
        ("elsewhere", server("a", &elsewhere), "it does not listen on the port that PORT names"),
        ("slow", server("b", SLOW), "it was still starting when its grace period of 1s was over"),
        (
            "nothing",
            server("c", NOTHING),
            "nothing accepts connections on the port that PORT names",
        ),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Process).await, &cases).await;
    told["elsewhere"].says("(port-ignored)");
    told["slow"].says("`services.slow.health.grace`");
    shop.end().await;
}

/// Where a task has an address of its own, localhost is another one.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_process_on_localhost_is_reached_by_nobody() {
    let program = listening(
        "process.env.PORT, '127.0.0.1'",
        "listening on http://127.0.0.1:${process.env.PORT}",
    );
    let cases = [("local", server("a", &program), "it listens on localhost only")];
    let (shop, _) = Shop::expect(&region(Driver::Process).await, &cases).await;
    shop.end().await;
}

fn checked(command: &Json) -> Json {
    let check = json!({
        "command": command, "interval": "5s", "timeout": "2s", "retries": 1, "start_period": "0s",
    });
    with(node("setInterval(() => {}, 1e6)"), json!({ "healthcheck": check }))
}

#[tokio::test]
async fn health_commands_that_fail_say_what_they_printed() {
    let missing = "the health check command can't be run: no-such-curl is not in the image";
    let cases = [
        ("missing", checked(&json!("no-such-curl -f http://localhost/")), missing),
        (
            "failing",
            checked(&json!("echo it is not well; exit 7")),
            "the health check command fails: exit code 7",
        ),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Process).await, &cases).await;
    told["failing"].says("it printed: it is not well");
    shop.end().await;
}

#[tokio::test]
async fn containers_that_are_not_reached_are_told_apart() {
    if !engine::answers("containers that are not reached") {
        return;
    }
    let port = listening("8080", "Server listening at http://0.0.0.0:8080");
    let local = listening("3000, '127.0.0.1'", "Server listening at http://127.0.0.1:3000");
    let cases = [
        ("port", server("a", &port), "it listens on port 8080, but is asked on 3000 (wrong-port)"),
        ("local", server("b", &local), "it listens on localhost only"),
        ("path", server("c", &answering(404)), "(health-path-missing)"),
        (
            "missing",
            checked(&json!(["curl", "-f", "http://localhost/"])),
            "curl is not in the image",
        ),
    ];
    let (shop, told) = Shop::expect(&region(Driver::Docker).await, &cases).await;
    told["port"].says("`services.port.port: 8080`");
    shop.end().await;
}
