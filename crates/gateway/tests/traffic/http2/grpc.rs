//! gRPC: from HTTP/2 to HTTP/2, with trailers, both ways at once.

use super::peer::{Asked, Peer};
use super::{Client, read, stage};
use crate::expect;
use crate::secure::papers::Authority;
use crate::stage::Stage;
use bytes::Bytes;
use gateway::{Health, ProtocolVersion, Unhealthy};
use h2::SendStream;
use h2::client::ResponseFuture;
use http::{HeaderMap, Request};

/// A stage whose group speaks gRPC.
async fn with(authority: &Authority, target: &Peer) -> Stage {
    let mut stage = stage(authority, &[]);
    stage.app().version = ProtocolVersion::Grpc;
    stage.app().check.version = ProtocolVersion::Grpc;
    stage.app().check.path = "/AWS.ALB/healthcheck".to_owned();
    stage.app().check.matcher = "12".parse().unwrap();
    stage.app().targets.insert(target.address.into(), gateway::TargetUse::InService);
    stage.apply();
    stage
}

/// Calls a method.
fn call(client: &Client, path: &str) -> (ResponseFuture, SendStream<Bytes>) {
    let request = Request::post(format!("https://a.example{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-timeout", "20S");
    client.send.clone().send_request(request.body(()).unwrap(), false).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_pass_both_ways_before_either_side_has_ended() {
    let authority = Authority::new();
    let target = Peer::serving(Asked::echo).await;
    let stage = with(&authority, &target).await;
    let client = Client::new(&authority, &stage).await;
    let (answer, mut out) = call(&client, "/shop.Cart/Watch");
    out.send_data(Bytes::from_static(b"first"), false).unwrap();
    let answer = expect("a head", answer).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/grpc");
    let mut from = answer.into_body();
    for message in ["first", "second", "third"] {
        let data = expect("an echo", from.data()).await.unwrap().unwrap();
        assert_eq!(data, message);
        from.flow_control().release_capacity(data.len()).unwrap();
        match message {
            "first" => out.send_data(Bytes::from_static(b"second"), false).unwrap(),
            "second" => out.send_data(Bytes::from_static(b"third"), false).unwrap(),
            _ => {
                let mut trailers = HeaderMap::new();
                trailers.insert("x-last", "bye".parse().unwrap());
                out.send_trailers(trailers).unwrap();
            }
        }
    }
    assert!(expect("the end", from.data()).await.is_none());
    let trailers = expect("trailers", from.trailers()).await.unwrap().unwrap();
    assert_eq!(
        (&trailers["grpc-status"], &trailers["x-last"]),
        (&"0".parse().unwrap(), &"bye".parse().unwrap())
    );
    let head = target.heads().remove(0);
    assert_eq!((head.method.as_str(), head.uri.path()), ("POST", "/shop.Cart/Watch"));
    assert_eq!(
        (&head.headers["te"], &head.headers["grpc-timeout"]),
        (&"trailers".parse().unwrap(), &"20S".parse().unwrap())
    );
    assert!(!head.headers.contains_key("transfer-encoding"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_messages_keeps_its_status() {
    let authority = Authority::new();
    let target = Peer::serving(async |asked: Asked| asked.status("5")).await;
    let stage = with(&authority, &target).await;
    let client = Client::new(&authority, &stage).await;
    let (answer, mut out) = call(&client, "/shop.Cart/Get");
    out.send_data(Bytes::from_static(b"x"), true).unwrap();
    let answer = read(expect("an answer", answer).await.unwrap()).await.unwrap();
    assert_eq!((answer.status, &answer.headers["grpc-status"]), (200, &"5".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_wait_for_room_both_ways() {
    let authority = Authority::new();
    let target = Peer::serving(Asked::echo).await;
    let stage = with(&authority, &target).await;
    let client = Client::new(&authority, &stage).await;
    let (answer, mut out) = call(&client, "/shop.Cart/Load");
    let message = Bytes::from(vec![b'x'; 3_000_000]);
    let sent = message.len();
    let uploading = tokio::spawn(async move {
        let mut rest = message;
        while !rest.is_empty() {
            out.reserve_capacity(rest.len());
            let room = std::future::poll_fn(|cx| out.poll_capacity(cx)).await.unwrap().unwrap();
            let part = rest.split_to(room.min(rest.len()));
            out.send_data(part, rest.is_empty()).unwrap();
        }
    });
    let answer = read(expect("an answer", answer).await.unwrap()).await.unwrap();
    expect("all is sent", uploading).await.unwrap();
    assert_eq!(answer.body.len(), sent);
    assert_eq!(answer.trailers.unwrap()["grpc-status"], "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_a_call_whose_status_counts() {
    let authority = Authority::new();
    let target = Peer::serving(async |asked: Asked| asked.status("12")).await;
    let mut stage = with(&authority, &target).await;
    stage.until_health(target.address, Health::Healthy).await;
    let check = target.checks().await.remove(0);
    assert_eq!((check.method.as_str(), check.uri.path()), ("POST", "/AWS.ALB/healthcheck"));
    assert_eq!(check.headers["content-type"], "application/grpc");
    stage.app().check.matcher = "0".parse().unwrap();
    stage.apply();
    stage.until_health(target.address, Health::Unhealthy(Unhealthy::Code(12))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_finds_the_status_behind_the_messages() {
    let authority = Authority::new();
    let target = Peer::serving(Asked::echo).await;
    let mut stage = with(&authority, &target).await;
    stage.app().check.matcher = "0".parse().unwrap();
    stage.apply();
    stage.until_health(target.address, Health::Healthy).await;
}
