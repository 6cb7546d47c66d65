//! Tells webhooks of a deployment.
//!
//! The address of a webhook is a secret: nothing that is said here has it.

use crate::client::{CallError, Client};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::rt::TokioExecutor;
use manifest::SecretReference;
use model::Secret;
use plan::kept;
use std::time::Duration;

/// How long a webhook may take. It is asked once: a deployment does not wait for who listens.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a webhook was not told.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// Its address can't be read.
    #[error("its address can't be read")]
    Hidden(#[source] CallError),
    /// What is kept is no address.
    #[error("what is kept there is no address of the form https://...")]
    Address,
    /// The certificate authorities of this machine can't be read.
    #[error("the certificate authorities of this machine can't be read")]
    Authorities(#[source] std::io::Error),
    /// Nobody answers.
    #[error("nobody answers there")]
    Silent,
    /// No answer came in time.
    #[error("there was no answer within {} s", PATIENCE.as_secs())]
    Late,
    /// It refused.
    #[error("it answers {0}")]
    Refused(StatusCode),
}

/// Sends a text of JSON to a webhook whose address is kept somewhere.
///
/// # Errors
/// When it can't be told within five seconds.
pub async fn tell(
    client: &Client,
    reference: &SecretReference,
    text: String,
) -> Result<(), NotifyError> {
    let told = async {
        let address = address(client, reference).await.map_err(NotifyError::Hidden)?;
        send(address.ok_or(NotifyError::Address)?, text).await
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap_or(Err(NotifyError::Late))
}

/// The address that a reference leads to; none where there is no text, or no such key.
async fn address(
    client: &Client,
    reference: &SecretReference,
) -> Result<Option<Secret>, CallError> {
    let (source, key) = match reference {
        SecretReference::Parameter { name } => (kept_parameter(client, name).await?, None),
        SecretReference::Arn(arn) if arn.service == "ssm" => {
            (kept_parameter(client, &arn.to_string()).await?, None)
        }
        SecretReference::Arn(arn) => {
            // What follows the name is `:json-key:stage:version` (reference §2.4).
            let whole = arn.to_string();
            let mut parts = whole.splitn(8, ':');
            let name: Vec<&str> = parts.by_ref().take(7).collect();
            let rest: Vec<&str> = parts.next().unwrap_or_default().split(':').collect();
            let part =
                |at: usize| rest.get(at).filter(|it| !it.is_empty()).map(|it| (*it).to_owned());
            let secret = kept_secret(client, name.join(":"), (part(1), part(2))).await?;
            (secret, part(0))
        }
        SecretReference::Secret { name, part } => {
            let version = (part.stage.clone(), part.version.clone());
            (kept_secret(client, name.clone(), version).await?, part.json_key.clone())
        }
    };
    Ok(match key {
        Some(key) => source.and_then(|whole| kept::member(&whole, &key)),
        None => source,
    })
}

async fn kept_parameter(client: &Client, name: &str) -> Result<Option<Secret>, CallError> {
    use api::ssm::{GetParameter, GetParameterRequest};
    let request = GetParameterRequest { name: name.to_owned(), with_decryption: Some(true) };
    Ok(client.call::<GetParameter>(request).await?.parameter.and_then(|held| held.value))
}

async fn kept_secret(
    client: &Client,
    secret_id: String,
    (version_stage, version_id): (Option<String>, Option<String>),
) -> Result<Option<Secret>, CallError> {
    use api::secretsmanager::{GetSecretValue, GetSecretValueRequest};
    let request = GetSecretValueRequest { secret_id, version_id, version_stage };
    Ok(client.call::<GetSecretValue>(request).await?.secret_string)
}

async fn send(address: Secret, text: String) -> Result<(), NotifyError> {
    let address = address.reveal().trim();
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return Err(NotifyError::Address);
    }
    let request = Request::builder().method(Method::POST).uri(address);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::USER_AGENT, "neargate");
    let request = request.body(Full::new(Bytes::from(text)));
    let request = request.map_err(|_| NotifyError::Address)?;
    let connector = HttpsConnectorBuilder::new().with_native_roots();
    let connector = connector.map_err(NotifyError::Authorities)?.https_or_http().enable_http1();
    let http = HttpClient::builder(TokioExecutor::new()).build(connector.build());
    // What a client says of a failure may name the address.
    let answer = http.request(request).await.map_err(|_| NotifyError::Silent)?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(NotifyError::Refused(status)),
    }
}
