//! Which rule answers a request (reference §4.7).

use crate::stage::balanced::{Front, server};
use crate::stage::web::{Ask, Load};
use crate::stage::{Driver, Region};
use http::Method;
use serde_json::{Value as Json, json};

/// An answer of the load balancer's own, which says who gave it.
fn says(text: &str) -> Json {
    let body = json!({ "StatusCode": "200", "ContentType": "text/plain", "MessageBody": text });
    json!({ "Type": "fixed-response", "FixedResponseConfig": body })
}

fn values(field: &str, config: &str, values: &[&str]) -> Json {
    json!([{ "Field": field, config: { "Values": values } }])
}

#[tokio::test]
async fn rules_go_by_everything_that_a_request_says() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let path = |pattern| values("path-pattern", "PathPatternConfig", &[pattern]);
    front.rule(10, path("/a/*"), says("path")).await;
    front.rule(11, path("/a/b"), says("later path")).await;
    let host = values("host-header", "HostHeaderConfig", &["*.example.com"]);
    front.rule(20, host, says("host")).await;
    let header = json!([{
        "Field": "http-header",
        "HttpHeaderConfig": { "HttpHeaderName": "X-Who", "Values": ["me*"] },
    }]);
    front.rule(30, header, says("header")).await;
    let method = values("http-request-method", "HttpRequestMethodConfig", &["PUT"]);
    front.rule(40, method, says("method")).await;
    let pair = json!([{ "Key": "v", "Value": "2" }]);
    let query = json!([{ "Field": "query-string", "QueryStringConfig": { "Values": pair } }]);
    front.rule(50, query, says("query")).await;
    let both = json!([
        { "Field": "path-pattern", "PathPatternConfig": { "Values": ["/here"] } },
        { "Field": "source-ip", "SourceIpConfig": { "Values": ["127.0.0.0/8"] } },
    ]);
    front.rule(60, both, says("source")).await;
    let elsewhere = values("source-ip", "SourceIpConfig", &["192.0.2.0/24"]);
    front.rule(70, elsewhere, says("nobody")).await;

    let get = |path: &str| Ask::get(&format!("{}{path}", front.url));
    let put = Ask::new(Method::PUT, &format!("{}/", front.url));
    let cases = [
        (get("/a/b"), "path"),
        (get("/A/b"), ""),
        (get("/").header("host", "api.EXAMPLE.com"), "host"),
        (get("/").header("host", "example.com"), ""),
        (get("/").header("x-who", "Meandyou"), "header"),
        (put, "method"),
        (get("/?v=2"), "query"),
        (get("/?v=3"), ""),
        (get("/here"), "source"),
        (get("/"), ""),
        (get("/a/").header("host", "api.example.com"), "path"),
    ];
    for (at, (ask, expected)) in cases.into_iter().enumerate() {
        let answer = ask.send().await;
        let status = if expected.is_empty() { 404 } else { 200 };
        assert_eq!((answer.status, answer.body.as_str()), (status, expected), "case {at}");
    }
}

#[tokio::test]
async fn redirects_and_fixed_responses_are_as_configured() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let redirect = json!({ "Type": "redirect", "RedirectConfig": {
        "Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/new/#{path}",
        "Query": "#{query}&from=old", "StatusCode": "HTTP_301",
    } });
    front.rule(1, values("path-pattern", "PathPatternConfig", &["/old/*"]), redirect).await;
    let body = json!({
        "StatusCode": "503", "ContentType": "application/json", "MessageBody": "{\"down\":true}",
    });
    let fixed = json!({ "Type": "fixed-response", "FixedResponseConfig": body });
    front.rule(2, values("path-pattern", "PathPatternConfig", &["/down"]), fixed).await;

    let moved = Ask::get(&format!("{}/old/x?a=1", front.url)).header("host", "shop.example").send();
    let moved = moved.await;
    assert_eq!(moved.status, 301);
    assert_eq!(moved.header("location"), "https://shop.example:443/new/old/x?a=1&from=old");
    let down = Ask::get(&format!("{}/down", front.url)).send().await;
    assert_eq!((down.status, down.body.as_str()), (503, "{\"down\":true}"));
    assert_eq!(down.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(down.header("server"), "awselb/2.0");
}

#[tokio::test]
async fn requests_are_shared_out_by_weight() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let (heavy, light) = tokio::join!(front.idle_group(json!({})), front.idle_group(json!({})));
    let weighted = json!([{ "Type": "forward", "ForwardConfig": { "TargetGroups": [
        { "TargetGroupArn": heavy, "Weight": 3 }, { "TargetGroupArn": light, "Weight": 1 },
    ] } }]);
    front.answer_with(weighted).await;
    let (heavy_server, light_server) =
        (server(&[("VERSION", "heavy")]), server(&[("VERSION", "light")]));
    let (one, other) =
        tokio::join!(front.serve(&heavy_server, &heavy, 1), front.serve(&light_server, &light, 1),);
    tokio::join!(front.until_deployed(&one), front.until_deployed(&other));
    let load = Load::start(&front.url, 1);
    crate::stage::eventually("enough requests", crate::stage::PATIENCE, async || {
        (load.count() > 400).then_some(())
    })
    .await;
    let tally = load.stop().await;
    assert_eq!(tally.failures, [""; 0]);
    let (heavy, light) = (tally.bodies["heavy"], tally.bodies["light"]);
    let share = heavy as f64 / (heavy + light) as f64;
    assert!((0.65..0.85).contains(&share), "{heavy} and {light}: {share}");
}
