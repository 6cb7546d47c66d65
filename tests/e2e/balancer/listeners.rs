//! Where listeners listen.

use crate::stage::balanced::{Front, url_of};
use crate::stage::cluster::{list, text};
use crate::stage::web::until_status;
use crate::stage::{Driver, Region};
use serde_json::json;
use std::net::TcpListener;

/// A listener has its own port where that is free; where it is not, the region says which it took.
#[tokio::test]
async fn a_listener_has_its_own_port_or_a_stated_one() {
    let region = Region::shared(Driver::Process).await;
    let (front, other) = (Front::new(&region).await, Front::new(&region).await);
    // Free a moment ago; nothing else on this machine takes ports by number.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = async |balancer: &str| {
        let fixed =
            json!([{ "Type": "fixed-response", "FixedResponseConfig": { "StatusCode": "204" } }]);
        let request = json!({
            "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": port, "DefaultActions": fixed,
        });
        let made = region.elb("CreateListener", request).await;
        text(&made["Listeners"][0]["ListenerArn"])
    };
    let first = listen(&front.balancer).await;
    let first_url = url_of(&front.cluster, &first).await;
    assert_eq!(first_url, format!("http://127.0.0.1:{port}"));
    let second = listen(&other.balancer).await;
    let second_url = url_of(&other.cluster, &second).await;
    assert_ne!(second_url, first_url, "the port is taken");
    until_status(&first_url, 204).await;
    until_status(&second_url, 204).await;

    let endpoints = region.neargate("region endpoints --json").json().await;
    let listeners = list(endpoints["listeners"].clone());
    let shown = listeners.iter().find(|held| held["listenerArn"] == second.as_str()).unwrap();
    assert_eq!(
        (shown["port"].as_u64(), shown["protocol"].as_str()),
        (Some(port.into()), Some("HTTP"))
    );
    let text = region.neargate("region endpoints").output().await;
    assert!(text.contains(&second_url), "{text}");
}

/// Nobody listens any more where a listener was.
#[tokio::test]
async fn a_deleted_listener_listens_no_more() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    until_status(&front.url, 404).await;
    let region = &front.cluster.region;
    region.elb("DeleteListener", json!({ "ListenerArn": front.listener })).await;
    let refused = crate::stage::web::Ask::get(&front.url).try_send().await;
    assert!(refused.is_err(), "{refused:?}");
}
