//! What access logs say, field by field (reference §4.12).

use crate::secure::papers::Authority;
use crate::stage::Stage;
use crate::target::Target;
use gateway::{Action, FixedResponse, Redirect, Rule, Tls};
use std::time::Duration;

/// The fields of a line; quotation marks hold one together.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(character),
        }
    }
    assert_eq!(fields.len(), 34, "{line}");
    fields
}

/// A stage that keeps a log.
fn logged(targets: &[&Target]) -> Stage {
    let addresses: Vec<_> = targets.iter().map(|target| target.address).collect();
    let mut stage = Stage::with(&addresses);
    stage.web().attributes.access_log = Some("app/web/24364a".into());
    stage.apply();
    stage
}

/// The only line, as its fields.
async fn line(stage: &Stage) -> Vec<String> {
    let lines = stage.lines(1).await;
    assert_eq!((lines.len(), &*lines[0].balancer), (1, "app/web/24364a"));
    fields(&lines[0].text)
}

fn is_time(text: &str) -> bool {
    text.len() == 27 && text.starts_with("20") && text.ends_with('Z') && &text[10..11] == "T"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_reached_its_target_says_all_about_it() {
    let target = Target::answering("HTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok").await;
    let stage = logged(&[&target]);
    let mut caller = stage.call().await;
    let head = "POST /a?b=1 HTTP/1.1\r\nHost: example.com\r\nUser-Agent: a \"b\"\r\n\
                Content-Length: 4\r\n\r\n";
    caller.send(&format!("{head}body")).await;
    let answer = caller.answer().await;
    let found = line(&stage).await;
    let at = |number: usize| found[number - 1].as_str();
    let address = target.address.to_string();
    assert_eq!((at(1), at(3), at(5)), ("http", "app/web/24364a", address.as_str()));
    assert!(is_time(at(2)) && is_time(at(22)), "{found:?}");
    assert!(at(4).starts_with("127.0.0.1:"));
    for number in 6..=8 {
        assert!(at(number).parse::<f64>().unwrap() >= 0.0, "{found:?}");
    }
    assert_eq!((at(9), at(10)), ("201", "201"));
    assert_eq!(at(11), (head.len() + 4).to_string());
    assert_eq!(at(12), (answer.head.replace('\n', "\r\n").len() + 4 + 2).to_string());
    assert_eq!(at(13), "POST http://example.com:80/a?b=1 HTTP/1.1");
    assert_eq!(at(14), r"a \x22b\x22");
    assert_eq!((at(15), at(16), at(17)), ("-", "-", "app"));
    assert!(target.heads()[0].contains(&format!("\nX-Amzn-Trace-Id: {}\n", at(18))), "{found:?}");
    assert_eq!((at(19), at(20), at(21)), ("-", "-", "0"));
    assert_eq!((at(23), at(24), at(25)), ("forward", "-", "-"));
    assert_eq!((at(26), at(27), at(28), at(29)), (address.as_str(), "201", "-", "-"));
    assert!(at(30).starts_with("TID_") && at(30).len() == 36);
    assert_eq!((at(31), at(32), at(33), at(34)), ("-", "-", "-", "127.0.0.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_load_balancer_has_no_target() {
    let path = |path: &str| gateway::Condition::Path(vec![path.to_owned()]);
    let fixed = FixedResponse { status: 404, content_type: None, body: String::new() };
    let redirect = Redirect {
        protocol: "HTTPS".to_owned(),
        host: "#{host}".to_owned(),
        port: "443".to_owned(),
        path: "/#{path}".to_owned(),
        query: String::new(),
        permanent: false,
    };
    for (asked, status, priority, action, location) in [
        ("/fixed", "404", "7", "fixed-response", "-"),
        ("/redirect", "302", "9", "redirect", "https://example.com:443/redirect"),
        ("/", "503", "0", "forward", "-"),
    ] {
        let mut stage = logged(&[]);
        stage.web().rules = vec![
            Rule {
                priority: 7,
                conditions: vec![path("/fixed")],
                action: Action::Fixed(fixed.clone()),
            },
            Rule {
                priority: 9,
                conditions: vec![path("/redirect")],
                action: Action::Redirect(redirect.clone()),
            },
        ];
        stage.apply();
        stage.call().await.get(asked).await;
        let found = line(&stage).await;
        let at = |number: usize| found[number - 1].as_str();
        assert_eq!([at(5), at(6), at(7), at(8)], ["-", "-1", "-1", "-1"], "{asked}");
        assert_eq!(
            [at(9), at(10), at(21), at(23), at(24)],
            [status, "-", priority, action, location]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_wrong_has_its_code() {
    let target = Target::serving(|mut guest| async move {
        if guest.head().await.is_some_and(|head| head.starts_with("GET /silent")) {
            guest.until_gone().await;
        }
    })
    .await;
    for (bytes, status, times) in [
        ("GET /\r\n\r\n", "400", ["-1", "-1"]),
        ("GET /gone HTTP/1.1\r\nHost: a\r\n\r\n", "502", ["0", "-1"]),
        ("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n", "504", ["0", "-1"]),
    ] {
        let mut stage = logged(&[&target]);
        stage.web().attributes.idle_timeout = Duration::from_millis(200);
        stage.apply();
        let mut caller = stage.call().await;
        caller.send(bytes).await;
        caller.answer().await;
        let found = line(&stage).await;
        assert_eq!((found[8].as_str(), found[9].as_str()), (status, "-"), "{found:?}");
        let seconds = [&found[5], &found[6]].map(|text| text.parse::<f64>().unwrap());
        assert_eq!(seconds.map(|time| if time < 0.0 { "-1" } else { "0" }), times, "{found:?}");
    }
    let stage = logged(&[&target]);
    let mut caller = stage.call().await;
    caller.head("GET /silent HTTP/1.1\nHost: a").await;
    stage.until_in_flight(target.address, 1).await;
    drop(caller);
    assert_eq!(line(&stage).await[8], "460", "a client that did not wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_of_a_connection_counts_its_own_bytes() {
    let target = Target::saying("ok").await;
    let stage = logged(&[&target]);
    let mut caller = stage.call().await;
    let one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    caller.send(&format!("{one}{one}")).await;
    let answers = [caller.answer().await, caller.answer().await];
    assert_eq!(answers[0], answers[1]);
    let lines = stage.lines(2).await;
    let bytes: Vec<_> = lines.iter().map(|line| fields(&line.text)[10..12].to_vec()).collect();
    let sent = answers[0].head.replace('\n', "\r\n").len() + 4 + 2;
    assert_eq!(bytes, vec![vec![one.len().to_string(), sent.to_string()]; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_says_what_was_agreed_on_and_shown() {
    let authority = Authority::new();
    let target = Target::saying("ok").await;
    let mut stage = logged(&[&target]);
    let certificates = vec![authority.certificate("arn:the-certificate", &["a.example"])];
    stage.web().port = 443;
    stage.web().tls = Some(Tls { certificates, tls12: false, tls13: true, http2: true });
    stage.apply();
    let (mut caller, _) = authority.call(&stage, "a.example").await.unwrap();
    caller.get("/").await;
    let found = line(&stage).await;
    assert_eq!([&found[0], &found[12]], ["https", "GET https://example.com:443/ HTTP/1.1"]);
    assert_eq!([&found[14], &found[15]], ["TLS_AES_128_GCM_SHA256", "TLSv1.3"]);
    assert_eq!([&found[18], &found[19]], ["a.example", "arn:the-certificate"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_is_kept_unless_it_is_asked_for() {
    let target = Target::saying("ok").await;
    let mut stage = Stage::with(&[target.address]);
    let mut caller = stage.call().await;
    caller.get("/").await;
    stage.web().attributes.access_log = Some("app/web/24364a".into());
    stage.apply();
    caller.get("/second").await;
    assert!(line(&stage).await[12].contains("/second"));
}
