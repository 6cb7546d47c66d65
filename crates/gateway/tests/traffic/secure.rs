//! TLS towards clients and targets.

pub(crate) mod papers;

use crate::caller::Caller;
use crate::expect;
use crate::stage::{Stage, group};
use crate::target::Target;
use gateway::{Action, Health, Redirect, Scheme, Tls, TlsHeaders};
use papers::{Authority, SecureTarget};

/// A stage whose listener has these certificates.
fn secure(stage: &mut Stage, certificates: Vec<gateway::Certificate>) {
    let web = stage.web();
    web.port = 443;
    web.tls = Some(Tls { certificates, tls12: true, tls13: true, http2: true });
    stage.apply();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_over_tls_reaches_its_target_and_says_so() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    stage.web().attributes.tls_headers = TlsHeaders::Present;
    secure(&mut stage, vec![authority.certificate("a", &["shop.example"])]);
    let (mut caller, agreed) = authority.call(&stage, "shop.example").await.unwrap();
    for _ in 0..3 {
        assert_eq!(caller.get("/").await.body, "ok");
    }
    let head = target.heads().remove(0);
    for line in [
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 443",
        "X-Amzn-Tls-Version: TLSv1.3",
        "X-Amzn-Tls-Cipher-Suite: TLS_AES_128_GCM_SHA256",
    ] {
        assert!(head.contains(&format!("\n{line}\n")), "{line} in {head}");
    }
    assert_eq!(agreed.names, ["shop.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_the_certificate_for_its_name_and_else_the_default() {
    let authority = Authority::new();
    let mut stage = Stage::with(&[]);
    let certificates = vec![
        authority.certificate("a", &["default.example"]),
        authority.certificate("b", &["*.shop.example"]),
        authority.certificate("c", &["www.shop.example"]),
    ];
    secure(&mut stage, certificates);
    for (asked, expected) in [
        ("www.shop.example", "www.shop.example"),
        ("a.shop.example", "*.shop.example"),
        ("default.example", "default.example"),
    ] {
        let (_, agreed) = authority.call(&stage, asked).await.unwrap();
        assert_eq!(agreed.names, [expected], "{asked}");
    }
    // The client does not trust the default certificate for that name.
    assert!(authority.call(&stage, "other.example").await.is_err());
    expect("the handshake to be counted", async {
        while stage.gateway.disagreements("web") == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_certificates_apply_to_new_connections_and_leave_others_alone() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    secure(&mut stage, vec![authority.certificate("a", &["old.example"])]);
    let (mut old, _) = authority.call(&stage, "old.example").await.unwrap();
    assert_eq!(old.get("/").await.body, "ok");
    secure(&mut stage, vec![authority.certificate("b", &["new.example"])]);
    let (mut new, agreed) = authority.call(&stage, "new.example").await.unwrap();
    assert_eq!(agreed.names, ["new.example"]);
    assert_eq!(new.get("/").await.body, "ok");
    assert_eq!(old.get("/").await.body, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_offers_the_versions_that_it_is_told_to() {
    let authority = Authority::new();
    let mut stage = Stage::with(&[]);
    for (tls12, tls13, expected) in
        [(true, true, "TLSv1_3"), (true, false, "TLSv1_2"), (false, true, "TLSv1_3")]
    {
        let certificates = vec![authority.certificate("a", &["a.example"])];
        stage.web().tls = Some(Tls { certificates, tls12, tls13, http2: true });
        stage.apply();
        let (_, agreed) = authority.call(&stage, "a.example").await.unwrap();
        assert_eq!(agreed.version, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_tls_is_told_so() {
    let authority = Authority::new();
    let mut stage = Stage::with(&[]);
    secure(&mut stage, vec![authority.certificate("a", &["a.example"])]);
    let mut caller = stage.call().await;
    let answer = caller.get("/").await;
    assert_eq!((answer.status, answer.header("Server")), (400, Some("awselb/2.0")));
    assert!(answer.body.contains("The plain HTTP request was sent to HTTPS port"), "{answer:?}");
    assert_eq!(caller.rest().await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_pass_both_ways() {
    let authority = Authority::new();
    let body = "x".repeat(3_000_000);
    let target = Target::serving(|mut guest| async move {
        while guest.head().await.is_some() {
            let body = guest.read(3_000_000).await;
            guest
                .say(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
                .await;
        }
    })
    .await;
    let mut stage = Stage::with(&[target.address]);
    secure(&mut stage, vec![authority.certificate("a", &["a.example"])]);
    let (mut caller, _) = authority.call(&stage, "a.example").await.unwrap();
    for _ in 0..2 {
        caller.head("POST / HTTP/1.1\nHost: a\nContent-Length: 3000000").await;
        caller.send(&body).await;
        assert!(caller.answer().await.body == body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn websocket_works_over_tls() {
    let authority = Authority::new();
    let target = Target::serving(|mut guest| async move {
        guest.head().await;
        let switch = "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        guest.say(switch).await;
        loop {
            let line = guest.read_to("\n").await;
            if !guest.say(&line).await || line.is_empty() {
                return;
            }
        }
    })
    .await;
    let mut stage = Stage::with(&[target.address]);
    secure(&mut stage, vec![authority.certificate("a", &["a.example"])]);
    let (mut caller, _) = authority.call(&stage, "a.example").await.unwrap();
    caller.head("GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket").await;
    assert_eq!(caller.answer_to_head().await.status, 101);
    for number in 0..100 {
        let line = format!("{number} {}\n", "x".repeat(number * 100));
        caller.send(&line).await;
        assert_eq!(caller.read_to("\n").await, line);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_are_checked_and_spoken_to_over_tls_whatever_their_certificate() {
    let target = SecureTarget::new().await;
    let mut stage = Stage::with(&[]);
    let mut secure_group = group(&[target.address]);
    secure_group.scheme = Scheme::Https;
    secure_group.check.scheme = Scheme::Https;
    stage.routes.groups.insert("app".to_owned(), secure_group);
    stage.apply();
    stage.until_health(target.address, Health::Healthy).await;
    let mut caller = stage.call().await;
    for _ in 0..5 {
        let answer = caller.get("/").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "secret"));
    }
    assert_eq!(target.connections(), 1, "connections to targets are used again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_without_tls_where_it_should_be_is_a_bad_gateway() {
    let target = Target::saying("plain").await;
    let mut stage = Stage::with(&[target.address]);
    stage.app().scheme = Scheme::Https;
    stage.apply();
    assert_eq!(stage.call().await.get("/").await.status, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_from_http_to_https() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    secure(&mut stage, vec![authority.certificate("a", &["shop.example"])]);
    let mut plain = crate::stage::listener(Action::Redirect(Redirect {
        protocol: "HTTPS".to_owned(),
        host: "#{host}".to_owned(),
        port: "443".to_owned(),
        path: "/#{path}".to_owned(),
        query: "#{query}".to_owned(),
        permanent: true,
    }));
    plain.port = 80;
    stage.routes.listeners.insert("plain".to_owned(), plain);
    stage.apply();
    let mut caller = Caller::connect(stage.gateway.bound()["plain"]).await;
    caller.head("GET /a?b HTTP/1.1\nHost: shop.example").await;
    let answer = caller.answer().await;
    assert_eq!(
        (answer.status, answer.header("Location")),
        (301, Some("https://shop.example:443/a?b"))
    );
    let (mut caller, _) = authority.call(&stage, "shop.example").await.unwrap();
    assert_eq!(caller.get("/a?b").await.body, "ok");
}
