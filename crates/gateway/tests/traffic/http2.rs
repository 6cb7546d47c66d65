//! HTTP/2 from clients: to targets that speak HTTP/1.1, and to those that speak it too (reference
//! §4.11).

mod grpc;
mod peer;
mod targets;

use crate::expect;
use crate::secure::papers::Authority;
use crate::stage::Stage;
use crate::target::Target;
use bytes::Bytes;
use gateway::{Action, FixedResponse, Stickiness, TargetUse, Tls};
use h2::client::{Builder, SendRequest};
use h2::{Reason, RecvStream};
use http::{HeaderMap, Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

/// A client with one connection.
struct Client {
    send: SendRequest<Bytes>,
    ended: JoinHandle<Result<(), h2::Error>>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
    trailers: Option<HeaderMap>,
}

impl Client {
    async fn new(authority: &Authority, stage: &Stage) -> Self {
        let stream = TcpStream::connect(stage.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut config = authority.client();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let connector = TlsConnector::from(Arc::new(config));
        let name = "a.example".try_into().unwrap();
        let stream = expect("TLS", connector.connect(name, stream)).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        // Until the server's settings arrive, this client would open streams without a limit, and
        // have those beyond it refused; browsers and others begin with 100.
        let mut builder = Builder::new();
        builder.initial_max_send_streams(100);
        let (send, connection) = expect("HTTP/2", builder.handshake(stream)).await.unwrap();
        Self { send, ended: tokio::spawn(connection) }
    }

    /// Sends a request whose body comes in pieces; none when there is no body.
    async fn send(&mut self, request: Request<()>, body: &[&str]) -> Result<Answer, h2::Error> {
        let mut ready = expect("room", self.send.clone().ready()).await?;
        let (answer, mut out) = ready.send_request(request, body.is_empty())?;
        for (place, piece) in body.iter().enumerate() {
            let last = place + 1 == body.len();
            out.send_data(Bytes::copy_from_slice(piece.as_bytes()), last)?;
        }
        read(expect("an answer", answer).await?).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(format!("https://a.example{path}")).body(()).unwrap();
        self.send(request, &[]).await.unwrap()
    }
}

async fn read(answer: Response<RecvStream>) -> Result<Answer, h2::Error> {
    let (parts, mut from) = answer.into_parts();
    let mut body = Vec::new();
    while let Some(piece) = expect("a body", from.data()).await {
        let piece = piece?;
        from.flow_control().release_capacity(piece.len())?;
        body.extend_from_slice(&piece);
    }
    let body = String::from_utf8(body).unwrap();
    let trailers = expect("trailers, or none", from.trailers()).await?;
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body, trailers })
}

/// A stage that speaks HTTP/2, in front of these targets.
fn stage(authority: &Authority, targets: &[&Target]) -> Stage {
    let addresses: Vec<_> = targets.iter().map(|target| target.address).collect();
    let mut stage = Stage::with(&addresses);
    stage.web().port = 443;
    let certificates = vec![authority.certificate("a", &["a.example"])];
    stage.web().tls = Some(Tls { certificates, tls12: true, tls13: true, http2: true });
    stage.apply();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_reaches_its_target_as_http_1() {
    let authority = Authority::new();
    let target = Target::answering(
        "HTTP/1.1 201 Made\r\nConnection: keep-alive\r\nX-Mine: 1\r\nContent-Length: 2\r\n\r\nok",
    )
    .await;
    let stage = stage(&authority, &[&target]);
    let mut client = Client::new(&authority, &stage).await;
    let request = Request::get("https://a.example/a?b=1").header("cookie", "a=1");
    let request = request.header("cookie", "b=2").header("x-odd_case", "1").body(()).unwrap();
    let answer = client.send(request, &[]).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (201, "ok"));
    assert_eq!(answer.headers["x-mine"], "1");
    assert_eq!(answer.headers["content-length"], "2");
    assert!(!answer.headers.contains_key("connection"));
    let head = target.heads().remove(0);
    assert!(
        head.starts_with(
            "GET /a?b=1 HTTP/1.1\nX-Forwarded-For: 127.0.0.1\nX-Forwarded-Proto: https\n"
        ),
        "{head}"
    );
    assert!(head.contains("\nHost: a.example\n") && head.contains("\ncookie: a=1; b=2"), "{head}");
}

/// The body of an answer.
async fn ask(send: SendRequest<Bytes>, url: String) -> String {
    let request = Request::get(&url).body(()).unwrap();
    let (answer, _) = send.ready().await.unwrap().send_request(request, true).unwrap();
    read(answer.await.unwrap()).await.unwrap().body
}

#[tokio::test(flavor = "multi_thread")]
async fn many_streams_share_a_connection() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let stage = stage(&authority, &[&target]);
    let client = Client::new(&authority, &stage).await;
    let asks = (0..300).map(|number| {
        let send = client.send.clone();
        tokio::spawn(ask(send, format!("https://a.example/{number}")))
    });
    for ask in asks.collect::<Vec<_>>() {
        assert_eq!(expect("an answer", ask).await.unwrap(), "ok");
    }
    assert_eq!(target.heads().len(), 300);
    assert!(target.connections() < 200, "connections to the target are used again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_a_dead_target_refused_goes_to_a_healthy_one() {
    let authority = Authority::new();
    let (alive, dead) = (Target::saying("ok").await, Target::saying("dead").await);
    let mut stage = stage(&authority, &[&alive, &dead]);
    stage.lose_unnoticed(alive.address, dead).await;
    let mut client = Client::new(&authority, &stage).await;
    for _ in 0..6 {
        assert_eq!(client.get("/").await.body, "ok");
        let post = Request::post("https://a.example/").body(()).unwrap();
        assert_eq!(client.send(post, &[]).await.unwrap().body, "ok");
    }
    assert_eq!(alive.heads().len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_pass_with_and_without_a_length() {
    let authority = Authority::new();
    let target = Target::serving(|mut guest| async move {
        while let Some(head) = guest.head().await {
            let body = match head.contains("Transfer-Encoding: chunked") {
                true => guest.read_to("0\r\n\r\n").await,
                false => guest.read(10).await,
            };
            let length = body.len();
            guest.say(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n")).await;
        }
    })
    .await;
    let stage = stage(&authority, &[&target]);
    let mut client = Client::new(&authority, &stage).await;
    let post = || Request::post("https://a.example/");
    let sized = post().header("content-length", "10").body(()).unwrap();
    assert_eq!(client.send(sized, &["12345", "67890"]).await.unwrap().body, "1234567890");
    let open = post().body(()).unwrap();
    let answer = client.send(open, &["first", "second"]).await.unwrap();
    assert_eq!(answer.body, "5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n");
    assert!(!answer.headers.contains_key("transfer-encoding"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_answer_waits_for_room() {
    let authority = Authority::new();
    let body = "x".repeat(2_000_000);
    let target = Target::saying(&body).await;
    let stage = stage(&authority, &[&target]);
    let mut client = Client::new(&authority, &stage).await;
    for _ in 0..2 {
        assert!(client.get("/").await.body == body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_load_balancers_own_answers_are_the_same_in_http_2() {
    let authority = Authority::new();
    let mut stage = stage(&authority, &[]);
    let mut client = Client::new(&authority, &stage).await;
    let answer = client.get("/").await;
    assert_eq!((answer.status, answer.body.len()), (503, 162));
    assert_eq!(answer.headers["server"], "awselb/2.0");
    stage.web().default = Action::Fixed(FixedResponse {
        status: 404,
        content_type: Some("application/json".to_owned()),
        body: "{}".to_owned(),
    });
    stage.apply();
    let answer = client.get("/").await;
    assert_eq!((answer.status, answer.body.as_str()), (404, "{}"));
    let trace = Request::builder().method("TRACE").uri("https://a.example/").body(()).unwrap();
    assert_eq!(client.send(trace, &[]).await.unwrap().status, 405);
    let long = "x".repeat(17_000);
    let header = Request::get("https://a.example/").header("a", &long).body(()).unwrap();
    assert_eq!(client.send(header, &[]).await.unwrap().status, 400);
    assert_eq!(client.get(&format!("/{long}")).await.status, 414);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_at_the_target_is_a_page_or_a_reset() {
    let authority = Authority::new();
    let target = Target::serving(|mut guest| async move {
        let Some(head) = guest.head().await else { return };
        if head.starts_with("GET /half") {
            guest.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
        } else if head.starts_with("GET /silent") {
            guest.until_gone().await;
        }
    })
    .await;
    let mut stage = stage(&authority, &[&target]);
    stage.web().attributes.idle_timeout = Duration::from_millis(300);
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    assert_eq!(client.get("/gone").await.status, 502);
    assert_eq!(client.get("/silent").await.status, 504);
    let half = Request::get("https://a.example/half").body(()).unwrap();
    let broken = client.send(half, &[]).await.err().and_then(|error| error.reason());
    assert_eq!(broken, Some(Reason::INTERNAL_ERROR));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_gives_up_a_stream_frees_its_target() {
    let authority = Authority::new();
    let target = Target::serving(|mut guest| async move {
        guest.head().await;
        guest.until_gone().await;
    })
    .await;
    let stage = stage(&authority, &[&target]);
    let client = Client::new(&authority, &stage).await;
    let request = Request::get("https://a.example/").body(()).unwrap();
    let mut send = client.send.clone();
    let (answer, mut out) = send.send_request(request, true).unwrap();
    stage.until_in_flight(target.address, 1).await;
    out.send_reset(Reason::CANCEL);
    drop(answer);
    stage.until_in_flight(target.address, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_silent_is_told_to_end() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = stage(&authority, &[&target]);
    stage.web().attributes.idle_timeout = Duration::from_millis(200);
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    assert_eq!(client.get("/").await.body, "ok");
    let ended = expect("the end", client.ended).await.unwrap();
    // The client may still be acknowledging it when the connection is gone.
    assert!(ended.as_ref().err().is_none_or(h2::Error::is_io), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_goes_answers_what_is_under_way() {
    let authority = Authority::new();
    let (go, gate) = tokio::sync::watch::channel(false);
    let target = Target::serving(move |mut guest| {
        let mut gate = gate.clone();
        async move {
            while guest.head().await.is_some() {
                gate.wait_for(|open| *open).await.unwrap();
                guest.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let mut stage = stage(&authority, &[&target]);
    let client = Client::new(&authority, &stage).await;
    let request = Request::get("https://a.example/").body(()).unwrap();
    let (answer, _) = client.send.clone().send_request(request, true).unwrap();
    stage.until_in_flight(target.address, 1).await;
    stage.routes.listeners.clear();
    stage.apply();
    go.send(true).unwrap();
    assert_eq!(read(expect("an answer", answer).await.unwrap()).await.unwrap().body, "ok");
    // The gateway may be gone before the client has said goodbye.
    drop(client.send);
    let _ended = expect("the end", client.ended).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_after_ten_thousand_requests() {
    let authority = Authority::new();
    let mut stage = stage(&authority, &[]);
    stage.web().default =
        Action::Fixed(FixedResponse { status: 200, content_type: None, body: "ok".to_owned() });
    stage.apply();
    let client = Client::new(&authority, &stage).await;
    let mut answered = 0;
    loop {
        let Ok(mut send) = client.send.clone().ready().await else { break };
        let request = Request::get("https://a.example/").body(()).unwrap();
        let Ok((answer, _)) = send.send_request(request, true) else { break };
        match expect("an answer", answer).await {
            Ok(answer) => answered += usize::from(read(answer).await.is_ok()),
            Err(_) => break,
        }
    }
    assert!((10_000..=10_128).contains(&answered), "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_http_2_stay_with_their_target_too() {
    let authority = Authority::new();
    let (a, b) = (Target::saying("a").await, Target::saying("b").await);
    let mut stage = stage(&authority, &[&a, &b]);
    stage.app().stickiness = Some(Stickiness::Balancer { lasting: Duration::from_secs(60) });
    stage.app().targets.insert(a.address.into(), TargetUse::InService);
    stage.apply();
    let mut client = Client::new(&authority, &stage).await;
    let first = client.get("/").await;
    let sets: Vec<_> = first.headers.get_all("set-cookie").iter().collect();
    assert!(sets[1].to_str().unwrap().ends_with("SameSite=None; Secure"), "{sets:?}");
    let jar = sets[0].to_str().unwrap().split(';').next().unwrap().to_owned();
    for _ in 0..4 {
        let request = Request::get("https://a.example/").header("cookie", &jar).body(()).unwrap();
        assert_eq!(client.send(request, &[]).await.unwrap().body, first.body);
    }
}
