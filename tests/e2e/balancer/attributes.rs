//! What attributes of load balancers, listeners and target groups change (reference §4.6, §4.8).

use crate::stage::balanced::{Front, server};
use crate::stage::web::{Answer, Ask};
use crate::stage::{Driver, Region};
use serde_json::{Value as Json, json};

/// A service of three tasks behind a load balancer.
async fn three_tasks() -> (Front, String) {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 3).await;
    front.until_deployed(&service).await;
    (front, group)
}

async fn set(front: &Front, group: &str, attributes: &[(&str, &str)]) {
    let attributes: Vec<Json> =
        attributes.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let request = json!({ "TargetGroupArn": group, "Attributes": attributes });
    front.cluster.region.elb("ModifyTargetGroupAttributes", request).await;
}

/// Who answers a client that sends these cookies, and the answer.
async fn who(front: &Front, cookies: &str) -> (u64, Answer) {
    let ask = Ask::get(&format!("{}/who", front.url));
    let ask = if cookies.is_empty() { ask } else { ask.header("cookie", cookies) };
    let answer = ask.send().await;
    (answer.json()["pid"].as_u64().unwrap(), answer)
}

/// The cookies of an answer, as the client sends them back.
fn cookies(answer: &Answer) -> String {
    let sets = answer.headers.get_all("set-cookie").iter();
    let pairs = sets.map(|set| set.to_str().unwrap().split(';').next().unwrap().to_owned());
    pairs.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_client_stays_with_its_target_until_stickiness_is_turned_off() {
    let (front, group) = three_tasks().await;
    set(&front, &group, &[("stickiness.enabled", "true")]).await;
    let (first, answer) = who(&front, "").await;
    let jar = cookies(&answer);
    assert!(jar.starts_with("AWSALB=") && jar.contains("; AWSALBCORS="), "{jar}");
    for _ in 0..6 {
        assert_eq!(who(&front, &jar).await.0, first);
    }
    set(&front, &group, &[("stickiness.enabled", "false")]).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let (pid, answer) = who(&front, &jar).await;
        assert_eq!(cookies(&answer), "");
        others.push(pid);
    }
    others.sort_unstable();
    others.dedup();
    assert_eq!(others.len(), 3, "requests go around again");
}

#[tokio::test]
async fn a_client_stays_with_its_group_when_weights_change() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let blue = front.idle_group(json!({})).await;
    let green = front.idle_group(json!({})).await;
    let weights = |blue_weight: u32, green_weight: u32| {
        json!([{ "Type": "forward", "ForwardConfig": {
            "TargetGroups": [
                { "TargetGroupArn": blue, "Weight": blue_weight },
                { "TargetGroupArn": green, "Weight": green_weight },
            ],
            "TargetGroupStickinessConfig": { "Enabled": true, "DurationSeconds": 600 },
        } }])
    };
    front.answer_with(weights(1, 0)).await;
    for (group, version) in [(&blue, "blue"), (&green, "green")] {
        let service = front.serve(&server(&[("VERSION", version)]), group, 1).await;
        front.until_deployed(&service).await;
    }
    let answer = Ask::get(&front.url).send().await;
    assert_eq!(answer.body, "blue");
    let jar = cookies(&answer);
    assert!(jar.starts_with("AWSALBTG="), "{jar}");
    front.answer_with(weights(0, 1)).await;
    assert_eq!(Ask::get(&front.url).header("cookie", &jar).send().await.body, "blue");
    assert_eq!(Ask::get(&front.url).send().await.body, "green");
}

#[tokio::test]
async fn a_listener_adds_headers_to_every_answer() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let request = json!({ "ListenerArn": front.listener, "Attributes": [
        { "Key": "routing.http.response.server.enabled", "Value": "false" },
        { "Key": "routing.http.response.x_content_type_options.header_value", "Value": "nosniff" },
    ] });
    front.cluster.region.elb("ModifyListenerAttributes", request).await;
    let answer = Ask::get(&front.url).send().await;
    assert_eq!(answer.status, 404);
    assert_eq!((answer.header("server"), answer.header("x-content-type-options")), ("", "nosniff"));
}

#[tokio::test]
async fn the_strictest_mode_refuses_what_is_oddly_written() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let odd = || Ask::get(&front.url).header("content-length", "0").send();
    assert_eq!(odd().await.status, 404, "the default mode lets it pass");
    let request = json!({ "LoadBalancerArn": front.balancer, "Attributes": [
        { "Key": "routing.http.desync_mitigation_mode", "Value": "strictest" },
    ] });
    front.cluster.region.elb("ModifyLoadBalancerAttributes", request).await;
    assert_eq!(odd().await.status, 400);
    assert_eq!(Ask::get(&front.url).send().await.status, 404);
}
