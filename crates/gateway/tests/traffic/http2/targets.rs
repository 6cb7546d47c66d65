//! Targets that speak HTTP/2, and requests that they can't be sent (reference §4.10, 464).

use super::peer::{Asked, Lasting, Peer};
use super::{Client, ask, stage};
use crate::expect;
use crate::secure::papers::{Authority, nobodys_certificate};
use crate::stage::Stage;
use crate::target::Target;
use bytes::Bytes;
use gateway::{Health, ProtocolVersion, Scheme, Stickiness, TargetUse};
use h2::Reason;
use http::Request;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// A stage whose group speaks HTTP/2.
fn with(authority: &Authority, targets: &[&Peer]) -> Stage {
    let mut stage = stage(authority, &[]);
    stage.app().version = ProtocolVersion::Http2;
    stage.app().check.version = ProtocolVersion::Http2;
    for target in targets {
        stage.app().targets.insert(target.address.into(), TargetUse::InService);
    }
    stage.apply();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_stays_one_of_http_2() {
    let authority = Authority::new();
    let target = Peer::serving(Asked::echo).await;
    let mut stage = with(&authority, &[&target]);
    stage.app().stickiness = Some(Stickiness::Balancer { lasting: Duration::from_secs(60) });
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    let request = Request::put("https://a.example/a?b=1").header("cookie", "a=1");
    let request = request.header("cookie", "b=2").body(()).unwrap();
    let answer = client.send(request, &["first", "second"]).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "firstsecond"));
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    let head = target.heads().remove(0);
    assert_eq!(head.uri, "http://a.example/a?b=1");
    assert_eq!(head.method, "PUT");
    assert_eq!(head.headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(head.headers["x-forwarded-proto"], "https");
    assert_eq!(head.headers["cookie"], "a=1; b=2");
    assert!(head.headers["x-amzn-trace-id"].to_str().unwrap().starts_with("Root=1-"));
    for absent in ["host", "te", "transfer-encoding", "connection"] {
        assert!(!head.headers.contains_key(absent), "{absent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_share_a_connection_to_a_target() {
    let authority = Authority::new();
    let target = Peer::saying("ok", Lasting::Always).await;
    let stage = with(&authority, &[&target]);
    let mut client = Client::new(&authority, &stage).await;
    assert_eq!(client.get("/").await.body, "ok");
    for answer in many(&client, 100).await {
        assert_eq!(answer, "ok");
    }
    assert_eq!(target.connections(), 1);
}

/// The bodies of so many requests at once.
async fn many(client: &Client, count: usize) -> Vec<String> {
    let asks = (0..count).map(|number| {
        let send = client.send.clone();
        tokio::spawn(ask(send, format!("https://a.example/{number}")))
    });
    let mut answers = Vec::new();
    for ask in asks.collect::<Vec<_>>() {
        answers.push(expect("an answer", ask).await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_says_goodbye_loses_no_request() {
    let authority = Authority::new();
    let target = Peer::saying("ok", Lasting::Requests(7)).await;
    let stage = with(&authority, &[&target]);
    let client = Client::new(&authority, &stage).await;
    for _ in 0..5 {
        for answer in many(&client, 20).await {
            assert_eq!(answer, "ok");
        }
    }
    // Streams that were under way when it said so are answered beyond the seventh.
    assert!(target.connections() > 1, "{}", target.connections());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_at_a_target_of_http_2_is_a_page_or_a_reset() {
    let authority = Authority::new();
    let target = Peer::serving(async |mut asked: Asked| match asked.path.as_str() {
        "/reset" => asked.respond.send_reset(Reason::INTERNAL_ERROR),
        "/silent" => while let Some(Ok(_)) = asked.body.data().await {},
        "/half" => {
            let head = http::Response::builder().header("content-length", "10").body(()).unwrap();
            let mut to = asked.respond.send_response(head, false).unwrap();
            to.send_data(Bytes::from_static(b"half"), true).unwrap();
        }
        _ => asked.say("ok"),
    })
    .await;
    let mut stage = with(&authority, &[&target]);
    stage.web().attributes.idle_timeout = Duration::from_millis(300);
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    assert_eq!(client.get("/reset").await.status, 502);
    let half = Request::get("https://a.example/half").body(()).unwrap();
    let broken = client.send(half, &[]).await.err().and_then(|error| error.reason());
    assert_eq!(broken, Some(Reason::INTERNAL_ERROR));
    assert_eq!(client.get("/").await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_silent_in_http_2_is_a_gateway_timeout() {
    let authority = Authority::new();
    let target = Peer::serving(async |asked: Asked| {
        if asked.is_check {
            return asked.say("ok");
        }
        // Held until the other side gives up.
        let mut respond = asked.respond;
        let _reason = std::future::poll_fn(|cx| respond.poll_reset(cx)).await;
    })
    .await;
    let mut stage = with(&authority, &[&target]);
    stage.web().attributes.idle_timeout = Duration::from_millis(300);
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    assert_eq!(client.get("/").await.status, 504);
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let old = Target::saying("HTTP/1.1 only").await;
    for address in [refusing, old.address] {
        stage.app().targets.clear();
        stage.app().targets.insert(address.into(), TargetUse::InService);
        stage.apply();
        assert_eq!(client.get("/").await.status, 502, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_whose_delay_is_over_loses_its_streams() {
    let authority = Authority::new();
    let target = Peer::serving(async |asked: Asked| {
        let mut respond = asked.respond;
        let _reason = std::future::poll_fn(|cx| respond.poll_reset(cx)).await;
    })
    .await;
    let mut stage = with(&authority, &[&target]);
    let client = Client::new(&authority, &stage).await;
    let request = Request::get("https://a.example/").body(()).unwrap();
    let (answer, _) = client.send.clone().send_request(request, true).unwrap();
    stage.until_in_flight(target.address, 1).await;
    stage.app().targets.insert(target.address.into(), TargetUse::Draining);
    stage.apply();
    assert_eq!(stage.gateway.in_flight("app", target.address.into()), 1);
    stage.app().targets.clear();
    stage.apply();
    assert_eq!(expect("an answer", answer).await.unwrap().status(), 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_and_requests_of_http_2_work_over_tls() {
    let authority = Authority::new();
    for (agreed, status) in [(vec![b"h2".to_vec()], 200), (vec![], 502)] {
        let mut config = nobodys_certificate();
        config.alpn_protocols = agreed;
        let tls = Some(TlsAcceptor::from(Arc::new(config)));
        let serve = async |asked: Asked| asked.say("ok");
        let target = Peer::start(tls, Lasting::Always, serve).await;
        let mut stage = with(&authority, &[&target]);
        stage.app().scheme = Scheme::Https;
        stage.app().check.scheme = Scheme::Https;
        stage.apply();
        let mut client = Client::new(&authority, &stage).await;
        assert_eq!(client.get("/").await.status, status);
        if status == 200 {
            stage.until_health(target.address, Health::Healthy).await;
            let check = target.checks().await.remove(0);
            assert_eq!((check.method.as_str(), check.uri.path()), ("GET", "/health"));
            assert_eq!(target.heads()[0].uri.scheme_str(), Some("https"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_a_group_can_not_be_sent_is_464() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = stage(&authority, &[&target]);
    let mut client = Client::new(&authority, &stage).await;
    let post = |kind: &str| {
        let request = Request::post("https://a.example/").header("content-type", kind);
        request.body(()).unwrap()
    };
    let grpc = client.send(post("application/grpc"), &["x"]).await.unwrap();
    assert_eq!((grpc.status, grpc.body.as_str()), (464, ""));
    assert!(!grpc.headers.contains_key("content-type"));
    assert_eq!(client.send(post("application/json"), &["x"]).await.unwrap().status, 200);
    for version in [ProtocolVersion::Http2, ProtocolVersion::Grpc] {
        stage.app().version = version;
        stage.apply();
        let (mut caller, _) = authority.call(&stage, "a.example").await.unwrap();
        let answer = caller.get("/").await;
        assert_eq!((answer.status, answer.body.as_str()), (464, ""), "{version:?}");
        assert!(answer.head.starts_with("HTTP/1.1 464 \nServer: awselb/2.0\n"), "{}", answer.head);
    }
    assert_eq!(client.get("/").await.status, 464, "GET to gRPC");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_http_2_are_in_the_access_log() {
    let authority = Authority::new();
    let (old, new) = (Target::saying("four").await, Peer::saying("four", Lasting::Always).await);
    let mut stage = stage(&authority, &[&old]);
    stage.web().attributes.access_log = Some("app/web/24364a".into());
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    client.get("/old").await;
    stage.app().version = ProtocolVersion::Grpc;
    stage.app().targets.clear();
    stage.app().targets.insert(new.address.into(), TargetUse::InService);
    stage.apply();
    let grpc = Request::post("https://a.example/new").header("content-type", "application/grpc");
    client.send(grpc.body(()).unwrap(), &["x", "y"]).await.unwrap();
    client.get("/new").await;
    let lines: Vec<String> = stage.lines(3).await.into_iter().map(|line| line.text).collect();
    for (line, kind, codes, request) in [
        (&lines[0], "h2", "200 200", "\"GET https://a.example:443/old HTTP/2.0\""),
        (&lines[1], "grpcs", "200 200", "\"POST https://a.example:443/new HTTP/2.0\""),
        (&lines[2], "h2", "464 -", "\"GET https://a.example:443/new HTTP/2.0\""),
    ] {
        let fields: Vec<&str> = line.split(' ').collect();
        assert_eq!((fields[0], fields[8..10].join(" ").as_str()), (kind, codes), "{line}");
        assert!(line.contains(request), "{line}");
        let bytes: Vec<u64> = fields[10..12].iter().map(|bytes| bytes.parse().unwrap()).collect();
        assert!(codes != "200 200" || bytes[1] > 4, "{line}");
        assert!(kind != "grpcs" || bytes[0] > 2, "{line}");
    }
}
