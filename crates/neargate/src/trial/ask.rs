//! Asks a container what the load balancer would ask it.

use super::machine;
use crate::failure::Failure;
use ::check::Answer;
use bytes::Bytes;
use driver::docker::trial::Trial;
use http::{Request, Uri};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use manifest::Health;
use std::time::Duration;

/// What the load balancer calls itself.
const AGENT: &str = "ELB-HealthChecker/2.0";

/// The answer to a health check; none where nobody accepts the connection.
pub(super) async fn health(
    trial: &Trial,
    port: u16,
    health: &Health,
) -> Result<Option<Answer>, Failure> {
    let Some(door) = trial.door(port).await.map_err(machine)? else { return Ok(None) };
    let Ok(uri) = format!("http://{door}{}", health.path).parse::<Uri>() else { return Ok(None) };
    let request = Request::get(uri).header("user-agent", AGENT).body(Empty::<Bytes>::new());
    let Ok(request) = request else { return Ok(None) };
    let client = Client::builder(TokioExecutor::new()).build_http();
    let asked = client.request(request);
    Ok(match tokio::time::timeout(Duration::from(health.timeout), asked).await {
        Ok(Ok(answer)) => Some(Answer::Status(answer.status().as_u16())),
        Ok(Err(error)) if error.is_connect() => None,
        Ok(Err(_)) => Some(Answer::Garbled),
        Err(_) => Some(Answer::Silence),
    })
}
