//! What the local region says of itself, beside AWS's API.

use crate::failure::{Failure, Kind};
use bytes::Bytes;
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long the region may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running region.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    pub(crate) version: String,
    pub(crate) pid: u32,
    pub(crate) port: u16,
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) driver: String,
    pub(crate) speed: f64,
    pub(crate) data: String,
    pub(crate) started_at: String,
    pub(crate) uptime_seconds: f64,
    pub(crate) services: usize,
    pub(crate) running_tasks: usize,
}

/// The listeners of the region's load balancers, and its distributions.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub(crate) struct Endpoints {
    pub(crate) listeners: Vec<Listener>,
    #[serde(default)]
    pub(crate) distributions: Vec<Distribution>,
}

/// A distribution, and the URL that reaches it from this machine.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Distribution {
    pub(crate) id: String,
    pub(crate) domain_name: String,
    pub(crate) comment: String,
    pub(crate) local_port: Option<u16>,
    pub(crate) url: Option<String>,
}

/// A listener, and the URL that reaches it from this machine.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listener {
    pub(crate) load_balancer: String,
    pub(crate) dns_name: String,
    pub(crate) listener_arn: String,
    pub(crate) protocol: String,
    pub(crate) port: u16,
    pub(crate) local_port: Option<u16>,
    pub(crate) url: Option<String>,
    /// How many clients could not agree on TLS with it.
    #[serde(default)]
    pub(crate) tls_negotiation_errors: u64,
}

/// What health check commands of unhealthy containers said last.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Probes {
    pub(crate) probes: Vec<Probe>,
}

/// What one of them said.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Probe {
    pub(crate) task: String,
    pub(crate) container: String,
    pub(crate) exit_code: Option<i32>,
    pub(crate) output: String,
}

/// The region's own certificate authority.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub(crate) struct Authority {
    /// Its certificate, in PEM.
    pub(crate) certificate: String,
}

/// What the region has of AWS's operations.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub(crate) struct Operations {
    pub(crate) services: Vec<ServiceOperations>,
}

/// What the region has of one service's operations.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceOperations {
    pub(crate) service: String,
    pub(crate) implemented: Vec<String>,
    pub(crate) not_implemented: Vec<String>,
}

/// The region at this port, if one answers there.
pub(crate) async fn status(port: u16) -> Option<Status> {
    get(port, "status").await.ok()
}

/// Asks the region at this port for one of its pages.
pub(crate) async fn get<T: DeserializeOwned>(port: u16, page: &str) -> Result<T, Failure> {
    let body = send(port, Method::GET, page).await?;
    serde_json::from_slice(&body).map_err(|source| {
        let what = format!("what answers on 127.0.0.1:{port} is no region of this version");
        Failure::because(Kind::Unreachable, what, source)
    })
}

/// Tells the region at this port to do something.
pub(crate) async fn post(port: u16, page: &str) -> Result<(), Failure> {
    send(port, Method::POST, page).await.map(drop)
}

async fn send(port: u16, method: Method, page: &str) -> Result<Bytes, Failure> {
    let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| {
        let what = format!("no region answers on 127.0.0.1:{port}");
        Failure::because(Kind::Unreachable, what, source).hint("`neargate region start` starts one")
    };
    let uri: Uri = format!("http://127.0.0.1:{port}/_neargate/{page}")
        .parse()
        .map_err(|source: http::uri::InvalidUri| unreachable(source.into()))?;
    let request = Request::builder().method(method).uri(uri).body(Full::<Bytes>::default());
    let request = request.map_err(|source| unreachable(source.into()))?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let exchange = async {
        let answer = client.request(request).await.map_err(|e| unreachable(e.into()))?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|e| unreachable(e.into()))?;
        let body = body.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        let why = String::from_utf8_lossy(&body).trim().to_owned();
        Err(Failure::new(Kind::Refused, format!("the region answered {status}: {why}")))
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(outcome) => outcome,
        Err(late) => Err(unreachable(late.into())),
    }
}
