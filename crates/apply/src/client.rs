//! A client of AWS's API: one for all services, because the codec is one for all.

use api::{Call, Field as _, Mismatch, Operation, Protocol, Value};
use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use model::Secret;
use std::time::{Duration, SystemTime};
use wire::client::Failure;

/// How long a call may take in all. AWS answers within seconds; a region that hangs should be said
/// to hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// What requests are signed with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: Secret,
    /// The session token, for temporary credentials.
    pub token: Option<Secret>,
}

/// A client of one endpoint.
#[derive(Debug, Clone)]
pub struct Client {
    endpoint: Uri,
    region: String,
    credentials: Credentials,
    http: HttpClient<HttpConnector, Full<Bytes>>,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The endpoint refused or failed.
    #[error("{operation}: {code}: {message}")]
    Refused {
        /// The operation.
        operation: &'static str,
        /// AWS's code.
        code: String,
        /// AWS's message.
        message: String,
    },
    /// The endpoint's answer can't be read.
    #[error("{operation}: the answer can't be read")]
    Unreadable {
        /// The operation.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The endpoint can't be reached.
    #[error("{operation}: {endpoint} can't be reached")]
    Unreachable {
        /// The operation.
        operation: &'static str,
        /// The endpoint.
        endpoint: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The request can't be made: the endpoint or the credentials are no good.
    #[error("{operation}: the request can't be signed")]
    Unsignable {
        /// The operation.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Client {
    /// A client of an endpoint, signing for a region.
    #[must_use]
    pub fn new(endpoint: Uri, region: String, credentials: Credentials) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        Self { endpoint, region, credentials, http }
    }

    /// The region that requests are signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Makes a call.
    ///
    /// # Errors
    /// When the endpoint refuses, fails, or can't be reached.
    pub async fn call<C: Call>(&self, input: C::Input) -> Result<C::Output, CallError> {
        let output = self.send(C::OPERATION, &input.into_value()).await?;
        C::Output::from_value(output).map_err(|source: Mismatch| CallError::Unreadable {
            operation: C::OPERATION.name,
            source: source.into(),
        })
    }

    /// Makes a call whose input and output are values along the operation's shapes.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn send(
        &self,
        operation: &'static Operation,
        input: &Value,
    ) -> Result<Value, CallError> {
        let protocol = operation.service.model().protocol();
        let request = self.request(protocol, operation, input)?;
        let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| {
            let (operation, endpoint) = (operation.name, self.endpoint.to_string());
            CallError::Unreachable { operation, endpoint, source }
        };
        let exchange = async {
            let answer = self.http.request(request).await.map_err(|e| unreachable(e.into()))?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(|e| unreachable(e.into()))?.to_bytes();
            wire::client::decode(protocol, operation, parts.status, &parts.headers, &body)
                .map_err(|failure| failed(operation, failure))
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(outcome) => outcome,
            Err(late) => Err(unreachable(late.into())),
        }
    }

    /// The signed request of a call.
    fn request(
        &self,
        protocol: Protocol,
        operation: &'static Operation,
        input: &Value,
    ) -> Result<Request<Full<Bytes>>, CallError> {
        let unsignable = |source: Box<dyn std::error::Error + Send + Sync>| CallError::Unsignable {
            operation: operation.name,
            source,
        };
        let encoded = wire::client::encode(protocol, operation, input);
        let uri = format!("{}{}", self.endpoint.to_string().trim_end_matches('/'), encoded.path);
        let mut request: Request<Vec<u8>> = encoded.into();
        *request.uri_mut() =
            uri.parse().map_err(|e: http::uri::InvalidUri| unsignable(e.into()))?;
        let signing_name = operation.service.model().signing_name;
        self.sign(&mut request, signing_name).map_err(unsignable)?;
        Ok(request.map(|body| Full::new(Bytes::from(body))))
    }

    fn sign(
        &self,
        request: &mut Request<Vec<u8>>,
        service: &'static str,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let Credentials { access_key, secret_key, token } = &self.credentials;
        let token = token.as_ref().map(|token| token.reveal().to_owned());
        let identity =
            AwsCredentials::new(access_key, secret_key.reveal(), token, None, "neargate").into();
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let uri = request.uri().to_string();
        let headers = request.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let body = SignableBody::Bytes(request.body());
        let signable = SignableRequest::new(request.method().as_str(), uri, headers, body)?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

fn failed(operation: &'static Operation, failure: Failure) -> CallError {
    let operation = operation.name;
    match failure {
        Failure::Refused(refused) => {
            let (code, message) = (refused.code, refused.message);
            CallError::Refused { operation, code, message }
        }
        Failure::Unreadable(why) => CallError::Unreadable { operation, source: why.into() },
    }
}

impl CallError {
    /// AWS's code, when the endpoint refused.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// What is not there is no error for who only looks.
pub(crate) trait Absent<T> {
    /// `None` when the endpoint says one of these codes.
    fn absent(self, codes: &[&str]) -> Result<Option<T>, CallError>;
}

impl<T> Absent<T> for Result<T, CallError> {
    fn absent(self, codes: &[&str]) -> Result<Option<T>, CallError> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(why) if why.code().is_some_and(|code| codes.contains(&code)) => Ok(None),
            Err(why) => Err(why),
        }
    }
}
