//! A client of AWS's API: one for all services, because the codec is one for all.

use crate::endpoints::{Endpoints, Place};
use crate::exec::SIGNING_NAME;
use crate::keys::{Credentials, Keys};
use crate::retry::Passing;
use crate::tokens;
use api::{Call, Field as _, Mismatch, Operation, Protocol, Record as _, Shape, Value};
use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningParams,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::upgrade::Upgraded;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use wire::client::Failure;

/// How long a call may take in all, beside the time that its body takes. AWS answers within seconds;
/// a region that hangs should be said to hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// The slowest line on which a body is waited for, in bytes a millisecond: half a megabit a second.
const SLOWEST: u64 = 64;

/// A client of one account's services in one region.
#[derive(Debug, Clone)]
pub struct Client {
    endpoints: Arc<Endpoints>,
    region: String,
    keys: Keys,
    line: Line,
}

/// The way that requests take.
#[derive(Debug, Clone)]
enum Line {
    /// To this machine. Nothing on it fails by chance, so calls are made once.
    Near(HttpClient<HttpConnector, Full<Bytes>>),
    /// Through networks, with TLS unless an endpoint says otherwise. Calls that fail for the moment
    /// are made again.
    Far(HttpClient<HttpsConnector<HttpConnector>, Full<Bytes>>),
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
        /// The HTTP status.
        status: u16,
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
    /// There are no credentials to sign with.
    #[error("{operation}: there are no credentials for AWS")]
    NoCredentials {
        /// The operation.
        operation: &'static str,
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
    /// A client of an endpoint on this machine, signing for a region.
    #[must_use]
    pub fn new(endpoint: Uri, region: String, credentials: Credentials) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        let endpoints = Arc::new(Endpoints { all: Some(endpoint), ..Endpoints::default() });
        Self { endpoints, region, keys: Keys::Given(credentials), line: Line::Near(http) }
    }

    /// A client of services wherever they are.
    pub(crate) fn distant(
        endpoints: Endpoints,
        region: String,
        keys: Keys,
    ) -> std::io::Result<Self> {
        let connector = HttpsConnectorBuilder::new().with_native_roots()?;
        let connector = connector.https_or_http().enable_http1().build();
        let http = HttpClient::builder(TokioExecutor::new()).build(connector);
        Ok(Self { endpoints: Arc::new(endpoints), region, keys, line: Line::Far(http) })
    }

    /// The region that requests are signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The port of this machine at which all services are asked for, where that is so.
    #[must_use]
    pub fn near(&self) -> Option<u16> {
        let all = self.endpoints.all.as_ref()?;
        let near = matches!(all.host(), Some("127.0.0.1" | "localhost"));
        all.port_u16().filter(|_| near)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// When the endpoint refuses, fails, or can't be reached.
    pub async fn call<C: Call>(&self, input: C::Input) -> Result<C::Output, CallError> {
        let output = self.send(C::OPERATION, &input.into_value()).await?;
        let output = api::corrected(output, Shape::Structure(C::Output::SHAPE));
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
        let Line::Far(_) = self.line else { return self.once(operation, input).await };
        let input = tokens::filled(operation, input, token);
        let mut attempt = 1;
        loop {
            let error = match self.once(operation, &input).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let passing = Passing::of(&error);
            let Some(pause) = passing.and_then(|it| it.pause(attempt, chance())) else {
                return Err(error);
            };
            if passing == Some(Passing::Expired) {
                self.keys.forget().await;
            }
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    /// Makes a call once.
    async fn once(&self, operation: &'static Operation, input: &Value) -> Result<Value, CallError> {
        let keys = self.keys.now().await;
        let keys = keys.map_err(|source| CallError::NoCredentials {
            operation: operation.name,
            source: source.into(),
        })?;
        let protocol = operation.service.model().protocol();
        let place = self.endpoints.of(operation.service, &self.region);
        let request = request((operation, protocol), input, &place, &keys)?;
        let size = hyper::body::Body::size_hint(request.body()).lower();
        let patience = PATIENCE + Duration::from_millis(size / SLOWEST);
        let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| {
            let (operation, endpoint) = (operation.name, place.url.clone());
            CallError::Unreachable { operation, endpoint, source }
        };
        let exchange = async {
            let sent = match &self.line {
                Line::Near(http) => http.request(request),
                Line::Far(http) => http.request(request),
            };
            let answer = sent.await.map_err(|e| unreachable(e.into()))?;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(|e| unreachable(e.into()))?.to_bytes();
            wire::client::decode(protocol, operation, parts.status, &parts.headers, &body)
                .map_err(|failure| failed(operation, failure))
        };
        match tokio::time::timeout(patience, exchange).await {
            Ok(outcome) => outcome,
            Err(late) => Err(unreachable(late.into())),
        }
    }
}

impl Client {
    /// A WebSocket at a URL that AWS gave, `wss://…` or `ws://…`, signed for the service of sessions.
    pub(crate) async fn web_socket(
        &self,
        url: &str,
    ) -> Result<Upgraded, Box<dyn std::error::Error + Send + Sync>> {
        let keys = self.keys.now().await?;
        let url = match url.split_once("://") {
            Some(("wss", rest)) => format!("https://{rest}"),
            Some(("ws", rest)) => format!("http://{rest}"),
            _ => return Err("it is no address of a WebSocket".into()),
        };
        let mut request = Request::get(&url).body(Vec::new())?;
        add_signature(&mut request, SIGNING_NAME, &self.region, &keys)?;
        let headers = request.headers_mut();
        let mut set = |name, value| headers.insert(name, value);
        set(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        set(header::UPGRADE, HeaderValue::from_static("websocket"));
        set(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        // Another one for each connection, so that no cache takes it for one it knows (RFC 6455, 4.1).
        let mut key = [0; 16];
        getrandom::fill(&mut key)?;
        set(header::SEC_WEBSOCKET_KEY, HeaderValue::from_str(&STANDARD.encode(key))?);
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let sent = match &self.line {
            Line::Near(http) => http.request(request),
            Line::Far(http) => http.request(request),
        };
        let answer = tokio::time::timeout(PATIENCE, sent).await??;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(format!("it is answered with {}", answer.status()).into());
        }
        Ok(hyper::upgrade::on(answer).await?)
    }
}

/// The signed request of a call.
fn request(
    (operation, protocol): (&'static Operation, Protocol),
    input: &Value,
    place: &Place,
    keys: &AwsCredentials,
) -> Result<Request<Full<Bytes>>, CallError> {
    let unsignable = |source: Box<dyn std::error::Error + Send + Sync>| CallError::Unsignable {
        operation: operation.name,
        source,
    };
    let encoded = wire::client::encode(protocol, operation, input);
    let uri = format!("{}{}", place.url, encoded.path);
    let mut request: Request<Vec<u8>> = encoded.into();
    *request.uri_mut() = uri.parse().map_err(|e: http::uri::InvalidUri| unsignable(e.into()))?;
    let signing_name = operation.service.model().signing_name;
    add_signature(&mut request, signing_name, &place.region, keys).map_err(unsignable)?;
    Ok(request.map(|body| Full::new(Bytes::from(body))))
}

fn add_signature(
    request: &mut Request<Vec<u8>>,
    service: &'static str,
    region: &str,
    keys: &AwsCredentials,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let identity = keys.clone().into();
    let params: SigningParams<'_> = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(SystemTime::now())
        .settings(settings(service))
        .build()?
        .into();
    let uri = request.uri().to_string();
    let headers = request.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let body = SignableBody::Bytes(request.body());
    let signable = SignableRequest::new(request.method().as_str(), uri, headers, body)?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}

/// How a service wants its requests signed: S3 takes paths as they are, and wants the body's digest
/// in a header.
fn settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == api::Service::S3.model().signing_name {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

/// A number from 0 to 1 that nobody else has. A machine without random bytes gives the middle.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |bits| f64::from(bits) / f64::from(u32::MAX))
}

/// A token that no other call has. ECS takes 36 characters.
fn token() -> String {
    let half = || getrandom::u64().unwrap_or_default();
    format!("{:016x}{:016x}", half(), half())
}

fn failed(operation: &'static Operation, failure: Failure) -> CallError {
    let operation = operation.name;
    match failure {
        Failure::Refused(refused) => {
            let (code, message, status) = (refused.code, refused.message, refused.status);
            CallError::Refused { operation, code, message, status }
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
