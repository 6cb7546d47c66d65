//! `neargate verify`: what users are answered is held against what they should be.

use super::project::Project;
use crate::stage::{Region, on_both_drivers};

on_both_drivers![answers_are_judged];

/// A server with an origin of its own, a page for those with a token, and a log of JSON.
const SERVER: &str = "const { createServer } = require('node:http');
const ORIGIN = 'https://app.example';
console.log(JSON.stringify({ level: 'info', message: 'begins' }));
const server = createServer((request, response) => {
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.headers.origin === ORIGIN) response.setHeader('access-control-allow-origin', ORIGIN);
  response.statusCode = request.url === '/me' && !request.headers.authorization ? 401 : 200;
  response.end('here');
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env.PORT), '0.0.0.0');
process.once('SIGTERM', () => server.close());
";

async fn answers_are_judged(region: &Region) {
    let project = Project::new(region);
    project.folder.write("server.js", SERVER);
    project.up().await;
    let words = "verify --cors https://app.example --protected /me --header X-Content-Type-Options --users 3 --for 1 --json";
    let told = project.neargate(words).run().await.expect(0).json();
    let found: Vec<(&str, &str)> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["about"].as_str().unwrap(), it["grade"].as_str().unwrap()))
        .collect();
    let about = ["health", "log", "cors", "without a token", "headers", "load"];
    assert_eq!(found, about.map(|about| (about, "good")), "{told:#}");

    let words =
        "verify --cors https://other.example --protected /open --header strict-transport-security";
    let told = project.neargate(words).run().await.expect(1);
    told.says("pages of https://other.example may not call it");
    told.says("/open answers 200: it is open to everybody");
    told.says("there is no strict-transport-security");
    told.says("3 of 5 answers of http://");
    project.neargate("verify http://127.0.0.1:1").run().await.expect(1).says("does not answer");
    project.neargate("down").output().await;
}
