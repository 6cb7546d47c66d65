//! Who is not let in: pages of browsers, and requests that are too much.

use crate::stage::web::{Answer, Ask};
use crate::stage::{Driver, PATIENCE, Region};
use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The longest body that is read.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// Everything that the region's port answers.
const PAGES: [(&str, &str); 7] = [
    ("POST", "/"),
    ("GET", "/"),
    ("GET", "/_neargate/status"),
    ("POST", "/_neargate/stop"),
    ("POST", "/_neargate/reset"),
    ("GET", "/v2/credentials/x"),
    ("GET", "/v4/x/task"),
];

/// A page from elsewhere, or one whose own name was made to lead here, gets nothing and does nothing.
#[tokio::test]
async fn pages_of_browsers_are_refused() {
    let region = Region::shared(Driver::Process).await;
    let port = region.endpoint().rsplit(':').next().unwrap().to_owned();
    let here = format!("127.0.0.1:{port}");
    for (host, origin) in [
        ("evil.example", ""),
        (&format!("evil.example:{port}"), ""),
        ("127.0.0.1.evil.example", ""),
        ("192.168.0.1", ""),
        (&here, "https://evil.example"),
        (&here, "http://localhost.evil.example"),
        (&here, "null"),
    ] {
        for (method, path) in PAGES.into_iter().chain([("OPTIONS", "/")]) {
            let answer = ask(&region, method, path, host, origin).await;
            assert_eq!(answer.status, 403, "{method} {path} of {host} from {origin:?}");
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, "", "{method} {path} of {host} from {origin:?}");
        }
    }
    for origin in ["", "http://localhost:5173"] {
        let answer = ask(&region, "GET", "/_neargate/status", "localhost", origin).await;
        assert_eq!(answer.status, 200, "it is there, and lets this machine in");
    }
}

async fn ask(region: &Region, method: &str, path: &str, host: &str, origin: &str) -> Answer {
    let method: Method = method.parse().unwrap();
    let ask = Ask::new(method, &format!("{}{path}", region.endpoint())).header("host", host);
    let ask = if origin.is_empty() { ask } else { ask.header("origin", origin) };
    ask.send().await
}

/// What is announced as too long is not waited for, and what never ends is cut off.
#[tokio::test]
async fn a_body_has_a_limit() {
    let region = Region::shared(Driver::Process).await;
    let (answer, _) = post(&region, &format!("content-length: {}", MAX_BODY + 1), 0).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("RequestEntityTooLarge"), "{answer}");
    assert!(answer.contains("the request body is longer than 8388608 bytes"), "{answer}");
    let (answer, sent) = post(&region, "transfer-encoding: chunked", usize::MAX).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    // What was sent and not read lies in the system's buffers.
    assert!(sent < 4 * MAX_BODY, "{sent} bytes were taken");
    region.ecs("ListClusters", serde_json::json!({})).await;
}

/// Sends a head and up to so many bytes of a body, until there is an answer; tells it, and how many
/// bytes went out.
async fn post(region: &Region, framing: &str, bytes: usize) -> (String, usize) {
    let address = region.endpoint().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-amz-json-1.1\r\n\
         x-amz-target: AmazonEC2ContainerServiceV20141113.ListClusters\r\n{framing}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let writing = async {
        let chunk = [format!("{:x}\r\n", 1 << 16).as_bytes(), &[b' '; 1 << 16], b"\r\n"].concat();
        let mut sent = 0;
        while sent < bytes && writer.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        sent
    };
    let reading = async {
        let mut answer = vec![0; 4096];
        let mut length = 0;
        while !String::from_utf8_lossy(&answer[..length]).contains("bytes") {
            match reader.read(&mut answer[length..]).await {
                Ok(more) if more > 0 => length += more,
                _ => break,
            }
        }
        String::from_utf8_lossy(&answer[..length]).into_owned()
    };
    // It goes on writing only as long as nothing came.
    let both = async {
        let (mut sent, mut answer) = (0, String::new());
        tokio::join!(async { sent = writing.await }, async { answer = reading.await });
        (answer, sent)
    };
    tokio::time::timeout(PATIENCE, both).await.expect("an answer")
}

/// Heads and bodies that are made to be expensive get an error, and the region goes on.
#[tokio::test]
async fn odd_requests_get_an_error() {
    let region = Region::shared(Driver::Process).await;
    let url = format!("{}/", region.endpoint());
    let deep = "[".repeat(1 << 20);
    let target = ("x-amz-target", "AmazonEC2ContainerServiceV20141113.ListClusters");
    let nested = Ask::new(Method::POST, &url).header(target.0, target.1).body(deep).send().await;
    assert!((400..500).contains(&nested.status), "{nested:?}");
    let many: String = (0..200_000).map(|at| format!("a.{at}=1&")).collect();
    let form = Ask::new(Method::POST, &url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("Action=DescribeVpcs&Version=2016-11-15&{many}"));
    let wide = form.send().await;
    assert!((400..500).contains(&wide.status), "{wide:?}");
    let mut crowded = Ask::get(&url);
    for at in 0..500 {
        crowded = crowded.header(&format!("x-{at}"), "1");
    }
    assert_eq!(crowded.send().await.status, 431);
    region.ecs("ListClusters", serde_json::json!({})).await;
}
