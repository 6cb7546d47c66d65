//! The codes that the load balancer answers itself, cause by cause (reference §4.10).

use crate::stage::Stage;
use crate::target::Target;
use gateway::{Action, Desync, Redirect, Retouch, ServerHeader};
use std::net::TcpListener;
use std::time::Duration;

/// What a target does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// It answers so.
    Say(&'static str),
    /// It ends the connection.
    Hang,
    /// It says nothing.
    Wait,
    /// There is none.
    Nothing,
    /// It is there no more.
    Refuse,
}

const OK: Does = Does::Say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

async fn target(does: Does) -> Target {
    Target::serving(move |mut guest| async move {
        while guest.head().await.is_some() {
            match does {
                Does::Say(answer) => {
                    guest.say(answer).await;
                }
                Does::Wait => guest.until_gone().await,
                Does::Hang | Does::Nothing | Does::Refuse => return,
            }
        }
    })
    .await
}

/// The status that a client gets for these bytes.
async fn status(bytes: &str, does: Does) -> u16 {
    let target = target(does).await;
    let targets = match does {
        Does::Nothing => vec![],
        // The socket is closed at once, so nobody listens at its port.
        Does::Refuse => vec![TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()],
        _ => vec![target.address],
    };
    let mut stage = Stage::with(&targets);
    stage.web().attributes.idle_timeout = Duration::from_millis(200);
    stage.apply();
    let mut caller = stage.call().await;
    caller.send(bytes).await;
    caller.answer().await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cause_has_its_code() {
    let get = |headers: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
    let addresses = vec!["10.0.0.1"; 31].join(", ");
    let long = "x".repeat(17_000);
    let long_head = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "x".repeat(33_000));
    let long_head: &'static str = long_head.leak();
    for (cause, bytes, does, code) in [
        ("a malformed request", "GET /\r\n\r\n".to_owned(), OK, 400),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), OK, 400),
        ("a header over 16 K", get(&format!("A: {long}\r\n")), OK, 400),
        ("two lengths", get("Content-Length: 1\r\nContent-Length: 2\r\n"), OK, 400),
        ("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), OK, 405),
        ("a silent client", "GET / HT".to_owned(), OK, 408),
        ("half a body", get("Content-Length: 9\r\n") + "half", Does::Wait, 408),
        ("a long URL", format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"), OK, 414),
        ("too many addresses", get(&format!("X-Forwarded-For: {addresses}\r\n")), OK, 463),
        ("an unknown coding", get("Transfer-Encoding: gzip\r\n"), OK, 501),
        ("another version", "GET / HTTP/3.0\r\nHost: a\r\n\r\n".to_owned(), OK, 505),
        ("a target that hangs up", get(""), Does::Hang, 502),
        ("a target that is gone", get(""), Does::Refuse, 502),
        ("an answer with a long head", get(""), Does::Say(long_head), 502),
        ("a target without HTTP", get(""), Does::Say("220 smtp\r\n\r\n"), 502),
        ("no target", get(""), Does::Nothing, 503),
        ("a silent target", get(""), Does::Wait, 504),
        ("nothing wrong", get(""), OK, 200),
    ] {
        assert_eq!(status(&bytes, does).await, code, "{cause}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_gets_too_long_is_507() {
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
    assert_eq!(caller.get(&format!("/{}", "x".repeat(9000))).await.status, 507);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desync_mode_says_what_is_routed() {
    let target = target(OK).await;
    let mut stage = Stage::with(&[target.address]);
    let compliant = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let acceptable = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    let not_ascii = "GET / HTTP/1.1\r\nHost: a\r\nA: \u{e4}\r\n\r\n";
    let ambiguous = "GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 9\r\n\r\n";
    let severe = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n";
    let (open, end, refused) = ((200, "keep-alive"), (200, "close"), (400, "close"));
    for (mode, expected) in [
        (Desync::Monitor, [open, open, open, open, refused]),
        (Desync::Defensive, [open, open, open, end, refused]),
        (Desync::Strictest, [open, refused, refused, refused, refused]),
    ] {
        stage.web().attributes.desync = mode;
        stage.apply();
        let requests = [compliant, acceptable, not_ascii, ambiguous, severe];
        for (bytes, expected) in requests.into_iter().zip(expected) {
            let mut caller = stage.call().await;
            caller.send(bytes).await;
            let answer = caller.answer().await;
            let found = (answer.status, answer.header("Connection").unwrap());
            assert_eq!(found, expected, "{bytes} with {mode:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_changes_the_headers_of_all_answers() {
    let target =
        target(Does::Say("HTTP/1.1 200 OK\r\nserver: x\r\nContent-Length: 2\r\n\r\nok")).await;
    let mut stage = Stage::with(&[target.address]);
    // Longer than the room in front of an answer.
    let policy = "x".repeat(3000);
    stage.web().retouch = Retouch {
        server: ServerHeader::Removed,
        headers: vec![("Content-Security-Policy".to_owned(), policy.clone())],
        ..Retouch::default()
    };
    stage.apply();
    let mut caller = stage.call().await;
    let from_target = caller.get("/").await;
    assert_eq!(from_target.body, "ok");
    stage.app().targets.clear();
    stage.apply();
    let own = caller.get("/").await;
    assert_eq!(own.status, 503);
    for answer in [from_target, own] {
        assert_eq!(answer.header("Content-Security-Policy"), Some(policy.as_str()));
        assert_eq!(answer.header("Server"), None);
    }
}
