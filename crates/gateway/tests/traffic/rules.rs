//! Rules, weights, and answers of the load balancer itself.

use crate::stage::{Stage, forward, group};
use crate::target::{Target, tally};
use gateway::{Action, Condition, FixedResponse, Redirect, Rule};

fn path_rule(priority: u32, pattern: &str, action: Action) -> Rule {
    Rule { priority, conditions: vec![Condition::Path(vec![pattern.to_owned()])], action }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_lead_to_their_groups_request_by_request() {
    let (web, api) = (Target::saying("web").await, Target::saying("api").await);
    let mut stage = Stage::with(&[web.address]);
    stage.routes.groups.insert("api".to_owned(), group(&[api.address]));
    stage.web().rules = vec![path_rule(10, "/api/*", forward(&[("api", 1)]))];
    stage.apply();
    let mut caller = stage.call().await;
    for (path, expected) in [("/", "web"), ("/api/a?b", "api"), ("/API/a", "web"), ("/api/", "api")]
    {
        assert_eq!(caller.get(path).await.body, expected, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_are_matched_without_their_port() {
    let (web, shop) = (Target::saying("web").await, Target::saying("shop").await);
    let mut stage = Stage::with(&[web.address]);
    stage.routes.groups.insert("shop".to_owned(), group(&[shop.address]));
    stage.web().rules = vec![Rule {
        priority: 1,
        conditions: vec![Condition::Host(vec!["*.shop.example.com".to_owned()])],
        action: forward(&[("shop", 1)]),
    }];
    stage.apply();
    let mut caller = stage.call().await;
    caller.head("GET / HTTP/1.1\nHost: WWW.shop.example.com:8080").await;
    assert_eq!(caller.answer().await.body, "shop");
    caller.head("GET / HTTP/1.1\nHost: shop.example.com").await;
    assert_eq!(caller.answer().await.body, "web");
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_share_requests_between_groups() {
    let (blue, green) = (Target::saying("blue").await, Target::saying("green").await);
    let mut stage = Stage::with(&[]);
    stage.routes.groups.insert("blue".to_owned(), group(&[blue.address]));
    stage.routes.groups.insert("green".to_owned(), group(&[green.address]));
    let mut caller = stage.call().await;
    for (weights, expected) in [((90, 10), (90, 10)), ((1, 3), (25, 75)), ((0, 7), (0, 100))] {
        stage.web().default = forward(&[("blue", weights.0), ("green", weights.1)]);
        stage.apply();
        let mut answers = Vec::new();
        for _ in 0..100 {
            answers.push(caller.get("/").await);
        }
        let tally = tally(&answers);
        let count = |body| tally.get(body).copied().unwrap_or_default();
        assert_eq!((count("blue"), count("green")), expected, "{weights:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_fail_over_between_groups() {
    let blue = Target::saying("blue").await;
    let mut stage = Stage::with(&[blue.address]);
    stage.routes.groups.insert("empty".to_owned(), group(&[]));
    stage.web().default = forward(&[("app", 50), ("empty", 50)]);
    stage.apply();
    let mut caller = stage.call().await;
    let mut unavailable = 0;
    for _ in 0..100 {
        unavailable += usize::from(caller.get("/").await.status == 503);
    }
    assert_eq!(unavailable, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_take_turns() {
    let targets = [Target::saying("a").await, Target::saying("b").await, Target::saying("c").await];
    let addresses: Vec<_> = targets.iter().map(|target| target.address).collect();
    let stage = Stage::with(&addresses);
    for address in &addresses {
        stage.until_health(*address, gateway::Health::Healthy).await;
    }
    let mut answers = Vec::new();
    let mut caller = stage.call().await;
    for _ in 0..30 {
        answers.push(caller.get("/").await);
    }
    assert_eq!(tally(&answers), [("a", 10), ("b", 10), ("c", 10)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_names_the_new_place() {
    let mut stage = Stage::with(&[]);
    stage.web().default = Action::Redirect(Redirect {
        protocol: "HTTPS".to_owned(),
        host: "#{host}".to_owned(),
        port: "443".to_owned(),
        path: "/#{path}".to_owned(),
        query: "#{query}".to_owned(),
        permanent: true,
    });
    stage.apply();
    let mut caller = stage.call().await;
    caller.head("GET /a/b?c=1 HTTP/1.1\nHost: example.com:8080").await;
    let answer = caller.answer().await;
    assert_eq!(answer.status, 301);
    assert_eq!(answer.header("Location"), Some("https://example.com:443/a/b?c=1"));
    assert_eq!(answer.header("Server"), Some("awselb/2.0"));
    assert_eq!(answer.body.len(), 134);
    caller.head("HEAD / HTTP/1.1\nHost: example.com").await;
    let answer = caller.answer_to_head().await;
    assert_eq!(answer.header("Location"), Some("https://example.com:443/"));
    assert_eq!(answer.header("Content-Length"), Some("134"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_response_is_given_and_the_connection_goes_on() {
    let mut stage = Stage::with(&[]);
    stage.web().default = Action::Fixed(FixedResponse {
        status: 404,
        content_type: Some("application/json".to_owned()),
        body: "{}".to_owned(),
    });
    stage.apply();
    let mut caller = stage.call().await;
    for method in ["GET", "POST", "CUSTOM"] {
        caller.head(&format!("{method} / HTTP/1.1\nHost: a\nContent-Length: 0")).await;
        let answer = caller.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (404, "{}"));
        assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"));
        assert_eq!(answer.header("Connection"), Some("keep-alive"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_apply_from_the_next_request_on() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    assert_eq!(caller.get("/").await.status, 200);
    let gone = FixedResponse { status: 410, content_type: None, body: String::new() };
    stage.web().rules = vec![path_rule(1, "/", Action::Fixed(gone))];
    stage.apply();
    assert_eq!(caller.get("/").await.status, 410);
    stage.web().rules.clear();
    stage.apply();
    assert_eq!(caller.get("/").await.status, 200);
}
