//! What arrives at a target, and how it goes back (reference §4.9).

use crate::stage::balanced::{Front, server};
use crate::stage::web::Ask;
use crate::stage::{Driver, PATIENCE, Region, on_both_drivers};
use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

on_both_drivers![a_target_learns_who_asked];

async fn a_target_learns_who_asked(region: &Region) {
    let front = Front::new(region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let url = format!("{}/request?a=b%20c", front.url);
    let ask = Ask::new(Method::POST, &url).header("host", "shop.example");
    let seen = ask.header("x-forwarded-for", "192.0.2.7").body("text").send().await.json();
    let header = |name: &str| seen["headers"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (seen["method"].as_str(), seen["url"].as_str()),
        (Some("POST"), Some("/request?a=b%20c"))
    );
    assert_eq!(header("host"), "shop.example");
    assert_eq!(header("x-forwarded-for"), "192.0.2.7, 127.0.0.1");
    assert_eq!(header("x-forwarded-proto"), "http");
    assert_eq!(header("x-forwarded-port"), "80", "the listener's own port");
    let trace = header("x-amzn-trace-id");
    let parts: Vec<usize> = trace.strip_prefix("Root=").unwrap().split('-').map(str::len).collect();
    assert_eq!(parts, [1, 8, 24], "{trace}");
}

/// What a target sends is passed on as it comes, and so is what a client sends: the echo of the
/// first part is there before the second is sent.
#[tokio::test]
async fn bodies_stream_both_ways() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let mut stream = TcpStream::connect(front.url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut arrived = String::new();
    for part in ["first", "second", "third"] {
        let chunk = format!("{:x}\r\n{part}\r\n", part.len());
        stream.write_all(chunk.as_bytes()).await.unwrap();
        let reading = async {
            while !arrived.contains(part) {
                let mut bytes = [0; 1024];
                let count = stream.read(&mut bytes).await.unwrap();
                assert!(count > 0, "the answer ended before {part}: {arrived}");
                arrived.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect(part);
    }
}
