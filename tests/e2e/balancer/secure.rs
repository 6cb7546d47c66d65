//! HTTPS end to end: a certificate of the region's authority, a listener with it, a client that
//! trusts it.

use crate::stage::balanced::{Front, server, url_of};
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, eventually};
use api::Service::Acm;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

/// A certificate, issued.
pub(super) async fn certificate(region: &Region, names: &[&str]) -> String {
    let request = json!({
        "DomainName": names[0],
        "SubjectAlternativeNames": names,
        "ValidationMethod": "DNS",
        "KeyAlgorithm": "EC_prime256v1",
    });
    let made = region.call(Acm, "RequestCertificate", request).await;
    let arn = made["CertificateArn"].as_str().unwrap().to_owned();
    eventually("the certificate is issued", PATIENCE, async || {
        let shown = region.call(Acm, "DescribeCertificate", json!({ "CertificateArn": arn })).await;
        (shown["Certificate"]["Status"] == "ISSUED").then_some(())
    })
    .await;
    arn
}

/// An HTTPS listener of a front's load balancer, and the port that it really listens on.
pub(super) async fn listener(front: &Front, certificate: &str, actions: Json) -> (String, String) {
    let request = json!({
        "LoadBalancerArn": front.balancer,
        "Protocol": "HTTPS",
        "Port": 443,
        "Certificates": [{ "CertificateArn": certificate }],
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "DefaultActions": actions,
    });
    let made = front.cluster.region.elb("CreateListener", request).await;
    let arn = made["Listeners"][0]["ListenerArn"].as_str().unwrap().to_owned();
    let url = url_of(&front.cluster, &arn).await;
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let port = url.rsplit(':').next().unwrap().to_owned();
    (arn, port)
}

/// A file with the certificate of the region's authority.
pub(super) async fn authority(region: &Region, scratch: &Scratch) -> PathBuf {
    let authority = scratch.path().join("authority.pem");
    let printed = region.neargate("region ca").run().await;
    std::fs::write(&authority, printed.out).unwrap();
    authority
}

/// What curl says of a host behind a listener, trusting the region's authority and nobody else.
async fn curl(authority: &std::path::Path, host: &str, port: &str, more: &str) -> (i32, String) {
    let line = Line::new("curl")
        .args("-sS --max-time 20 --cacert")
        .arg(authority)
        .args(&format!("--resolve {host}:{port}:127.0.0.1 {more}"))
        .arg(format!("https://{host}:{port}/request"));
    let done = line.run().await;
    (done.code.unwrap_or(-1), done.out)
}

#[tokio::test]
async fn a_client_that_trusts_the_regions_authority_speaks_tls_to_a_task() {
    let region = Region::shared(Driver::Process).await;
    let front = Front::new(&region).await;
    let group = front.idle_group(json!({})).await;
    let arn = certificate(&region, &["shop.example", "*.shop.example"]).await;
    let forward = json!([{ "Type": "forward", "TargetGroupArn": group }]);
    let (listener, port) = listener(&front, &arn, forward).await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let scratch = Scratch::new();
    let authority = authority(&region, &scratch).await;

    for host in ["shop.example", "www.shop.example"] {
        let (code, out) = curl(&authority, host, &port, "").await;
        assert_eq!(code, 0, "{host}: {out}");
        let seen: Json = serde_json::from_str(&out).unwrap();
        assert_eq!(seen["headers"]["x-forwarded-proto"], "https");
        assert_eq!(seen["headers"]["x-forwarded-port"], "443");
    }
    // 60 is curl's code for a certificate that it can't accept.
    assert_eq!(curl(&authority, "other.example", &port, "").await.0, 60);
    let other = certificate(&region, &["other.example"]).await;
    let request = json!({
        "ListenerArn": listener, "Certificates": [{ "CertificateArn": other }],
    });
    region.elb("AddListenerCertificates", request).await;
    assert_eq!(curl(&authority, "other.example", &port, "").await.0, 0);
    let (code, out) = curl(&authority, "shop.example", &port, "--tls-max 1.2").await;
    assert_eq!(code, 0, "{out}");

    let (code, out) =
        curl(&authority, "shop.example", &port, "--http2 -o - -w %{http_version}").await;
    assert!(code == 0 && out.ends_with('2'), "{out}");

    let refused = region.try_call(Acm, "DeleteCertificate", json!({ "CertificateArn": arn })).await;
    assert_eq!(refused.unwrap_err().code, "ResourceInUseException");
}

#[tokio::test]
async fn http_leads_to_https() {
    let region = Region::shared(Driver::Process).await;
    let front = Front::new(&region).await;
    let redirect = json!([{ "Type": "redirect", "RedirectConfig": {
        "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301",
    } }]);
    front.answer_with(redirect).await;
    let ask = crate::stage::web::Ask::get(&format!("{}/a?b=1", front.url));
    let answer = ask.header("host", "shop.example").send().await;
    assert_eq!(answer.status, 301);
    assert_eq!(answer.header("location"), "https://shop.example:443/a?b=1");
}
