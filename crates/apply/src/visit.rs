//! Asks an application what its users ask: without AWS's API.

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use plan::verify::{Answer, Load};
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// The address or a header is none.
    #[error("{0} can't be asked for")]
    Address(String),
    /// The certificate authorities of this machine can't be read.
    #[error("the certificate authorities of this machine can't be read: {0}")]
    Authorities(std::io::Error),
    /// Nothing answers there.
    #[error("{0}")]
    Silent(String),
}

/// A question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole address.
    pub url: &'a str,
    /// Headers.
    pub headers: &'a [(&'a str, &'a str)],
}

/// Somebody who asks; connections are kept.
#[derive(Debug, Clone)]
pub struct Visitor {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

// === impl Visitor ===

impl Visitor {
    /// A visitor who trusts the authorities of this machine.
    ///
    /// # Errors
    /// When those can't be read.
    pub fn new() -> Result<Self, VisitError> {
        let connector = HttpsConnectorBuilder::new().with_native_roots();
        let connector = connector.map_err(VisitError::Authorities)?.https_or_http().enable_http1();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector.build()) })
    }

    /// Asks once.
    ///
    /// # Errors
    /// When nothing answers within ten seconds.
    pub async fn ask(&self, question: Question<'_>) -> Result<Answer, VisitError> {
        let Question { method, url, headers } = question;
        let mut request = Request::builder().method(method).uri(url);
        request = request.header(header::USER_AGENT, "neargate");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::<Bytes>::default());
        let request = request.map_err(|_| VisitError::Address(url.to_owned()))?;
        let exchange = async {
            let answer = self.client.request(request).await.map_err(|why| silent(&why))?;
            let (head, body) = answer.into_parts();
            body.collect().await.map_err(|why| silent(&why))?;
            let headers = head.headers.iter().map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            });
            Ok(Answer { status: head.status.as_u16(), headers: headers.collect() })
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(outcome) => outcome,
            Err(late) => Err(VisitError::Silent(late.to_string())),
        }
    }

    /// Asks for an address again and again, so many at a time, for so long.
    pub async fn load(&self, url: &str, users: u32, within: Duration) -> Load {
        let begun = Instant::now();
        let one = || async {
            let mut seen = Load::default();
            while begun.elapsed() < within {
                let asked = Instant::now();
                let question = Question { method: &Method::GET, url, headers: &[] };
                match self.ask(question).await {
                    Ok(answer) if answer.status < 500 => {
                        seen.times
                            .push(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX));
                    }
                    _ => seen.failed += 1,
                }
            }
            seen
        };
        let all = futures_util::future::join_all((0..users).map(|_| one())).await;
        let mut whole = Load { users, ..Load::default() };
        for seen in all {
            whole.times.extend(seen.times);
            whole.failed += seen.failed;
        }
        whole
    }
}

fn silent(why: &dyn std::error::Error) -> VisitError {
    let deeper = why.source().map(|source| format!(": {source}")).unwrap_or_default();
    VisitError::Silent(format!("{why}{deeper}"))
}
