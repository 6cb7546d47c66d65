//! Asks what was deployed, as any of its users would: without AWS's API.

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The address is none.
    #[error("{0} is no URL")]
    Address(String),
    /// The certificate authorities of this machine can't be read.
    #[error("the certificate authorities of this machine can't be read: {0}")]
    Authorities(std::io::Error),
    /// Nothing answers there.
    #[error("{0}")]
    Silent(String),
}

/// The status that a URL answers with; for a host of its own, if one is given.
///
/// # Errors
/// When nothing answers within ten seconds.
pub async fn status(url: &str, host: Option<&str>) -> Result<u16, AskError> {
    let mut request = Request::get(url);
    if let Some(host) = host {
        request = request.header(header::HOST, host);
    }
    let request = request.body(Full::<Bytes>::default());
    let request = request.map_err(|_| AskError::Address(url.to_owned()))?;
    let connector = HttpsConnectorBuilder::new().with_native_roots();
    let connector = connector.map_err(AskError::Authorities)?.https_or_http().enable_http1();
    let client = Client::builder(TokioExecutor::new()).build(connector.build());
    let silent = |why: &dyn std::error::Error| {
        let deeper = why.source().map(|source| format!(": {source}")).unwrap_or_default();
        AskError::Silent(format!("{why}{deeper}"))
    };
    let exchange = async {
        let answer = client.request(request).await.map_err(|why| silent(&why))?;
        let status = answer.status().as_u16();
        answer.into_body().collect().await.map_err(|why| silent(&why))?;
        Ok(status)
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(outcome) => outcome,
        Err(late) => Err(AskError::Silent(late.to_string())),
    }
}
