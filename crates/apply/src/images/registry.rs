//! A repository of a registry, as its clients speak to it.

use super::CopyError;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use model::Secret;
use plan::layers::Blob;

/// The forms of manifests that are copied.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// How often a blob's address leads on to another one.
const REDIRECTS: usize = 5;

/// The most bytes of a configuration: those of real images have some thousand.
const SMALL: usize = 4 << 20;

/// How much of what a registry says of a refusal is shown, in characters.
const SAID: usize = 300;

type Body = BoxBody<Bytes, hyper::Error>;

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// `https://registry`.
    base: String,
    path: String,
    authorization: Secret,
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

/// A manifest as it is kept.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) bytes: Bytes,
    form: HeaderValue,
}

/// An upload that was begun.
#[derive(Debug)]
pub(super) struct Upload(String);

// === impl Repository ===

impl Repository {
    /// A repository by its address, `registry/path`, asked with a header's value. A registry on this
    /// machine is spoken to without TLS, as Docker does.
    ///
    /// # Errors
    /// When the address is none, or the certificate authorities of this machine can't be read.
    pub fn new(address: &str, authorization: Secret) -> Result<Self, CopyError> {
        let parts = address.split_once('/').filter(|(host, path)| {
            !path.is_empty() && (host.contains(['.', ':']) || *host == "localhost")
        });
        let (host, path) = parts.ok_or_else(|| CopyError::Address(address.to_owned()))?;
        let name = host.split(':').next().unwrap_or_default();
        let near = matches!(name, "localhost" | "127.0.0.1");
        let scheme = if near { "http" } else { "https" };
        let connector = HttpsConnectorBuilder::new().with_native_roots();
        let connector = connector.map_err(CopyError::Authorities)?.https_or_http().enable_http1();
        let client = Client::builder(TokioExecutor::new()).build(connector.build());
        let (base, path) = (format!("{scheme}://{host}"), path.to_owned());
        Ok(Self { base, path, authorization, client })
    }

    /// Its path in the registry.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads a manifest.
    pub(super) async fn manifest(&self, reference: &str) -> Result<Manifest, CopyError> {
        let url = self.url(&format!("manifests/{reference}"));
        let request = self.request(&Method::GET, &url)?;
        let request = with(request, header::ACCEPT, HeaderValue::from_static(MANIFESTS));
        let answer = good(&url, self.send(&url, request).await?).await?;
        let form = answer.headers().get(header::CONTENT_TYPE).cloned();
        let form = form.ok_or_else(|| CopyError::Manifest(reference.to_owned()))?;
        let bytes = answer.into_body().collect().await.map_err(|why| unreachable(&url, why))?;
        Ok(Manifest { bytes: bytes.to_bytes(), form })
    }

    /// Keeps a manifest under a digest or a tag.
    pub(super) async fn put(&self, manifest: &Manifest, name: &str) -> Result<(), CopyError> {
        let url = self.url(&format!("manifests/{name}"));
        let request = self.request(&Method::PUT, &url)?.map(|_| full(manifest.bytes.clone()));
        let request = with(request, header::CONTENT_TYPE, manifest.form.clone());
        good(&url, self.send(&url, request).await?).await?;
        Ok(())
    }

    /// Whether it has a blob.
    pub(super) async fn has(&self, digest: &str) -> Result<bool, CopyError> {
        let url = self.url(&format!("blobs/{digest}"));
        let answer = self.send(&url, self.request(&Method::HEAD, &url)?).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(false),
            // Registries that keep blobs elsewhere say where: so they have it.
            status if status.is_redirection() => Ok(true),
            _ => good(&url, answer).await.map(|_| true),
        }
    }

    /// Begins to give it a blob; nothing is to be given where it takes the blob over from a repository
    /// of the same registry.
    pub(super) async fn begin(
        &self,
        from: &Self,
        digest: &str,
    ) -> Result<Option<Upload>, CopyError> {
        let mount = match self.base == from.base {
            true => format!("?mount={digest}&from={}", from.path),
            false => String::new(),
        };
        let url = self.url(&format!("blobs/uploads/{mount}"));
        let request = self.request(&Method::POST, &url)?;
        let request = with(request, header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        let answer = good(&url, self.send(&url, request).await?).await?;
        if answer.status() == StatusCode::CREATED {
            return Ok(None);
        }
        Ok(Some(Upload(self.next(&url, answer.headers())?)))
    }

    /// Reads a blob, wherever the registry keeps it.
    pub(super) async fn blob(&self, digest: &str) -> Result<Incoming, CopyError> {
        let mut url = self.url(&format!("blobs/{digest}"));
        let mut request = self.request(&Method::GET, &url)?;
        for _ in 0..REDIRECTS {
            let answer = self.send(&url, request).await?;
            if !answer.status().is_redirection() {
                return Ok(good(&url, answer).await?.into_body());
            }
            url = self.next(&url, answer.headers())?;
            // The address is a secret of its own; the registry's is nobody else's business.
            request = bare(&Method::GET, &url)?;
        }
        Err(CopyError::Astray(shown(&url).to_owned()))
    }

    /// All of a small blob.
    pub(super) async fn small(&self, digest: &str) -> Result<Bytes, CopyError> {
        let bytes = Limited::new(self.blob(digest).await?, SMALL).collect().await;
        Ok(bytes.map_err(|_| CopyError::Manifest(digest.to_owned()))?.to_bytes())
    }

    /// Gives it a blob's bytes.
    pub(super) async fn finish(
        &self,
        Upload(url): Upload,
        bytes: Incoming,
        blob: &Blob,
    ) -> Result<(), CopyError> {
        let request = self.request(&Method::PATCH, &url)?.map(|_| bytes.boxed());
        let form = HeaderValue::from_static("application/octet-stream");
        let request = with(request, header::CONTENT_TYPE, form);
        let request = with(request, header::CONTENT_LENGTH, HeaderValue::from(blob.size));
        let answer = good(&url, self.send(&url, request).await?).await?;
        let next = self.next(&url, answer.headers())?;
        let joint = if next.contains('?') { '&' } else { '?' };
        let url = format!("{next}{joint}digest={}", blob.digest);
        let request = self.request(&Method::PUT, &url)?;
        let request = with(request, header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        good(&url, self.send(&url, request).await?).await?;
        Ok(())
    }

    fn url(&self, what: &str) -> String {
        format!("{}/v2/{}/{what}", self.base, self.path)
    }

    /// Where an answer leads: addresses may be those of the same registry.
    fn next(&self, url: &str, headers: &HeaderMap) -> Result<String, CopyError> {
        let location = headers.get(header::LOCATION).and_then(|held| held.to_str().ok());
        let location = location.ok_or_else(|| CopyError::Astray(shown(url).to_owned()))?;
        let own = location.starts_with('/');
        Ok(if own { format!("{}{location}", self.base) } else { location.to_owned() })
    }

    /// A request that shows who asks.
    fn request(&self, method: &Method, url: &str) -> Result<Request<Body>, CopyError> {
        let own = url.starts_with(&format!("{}/", self.base));
        let request = bare(method, url)?;
        let value = HeaderValue::from_str(self.authorization.reveal());
        let Ok(mut value) = value else { return Ok(request) };
        value.set_sensitive(true);
        Ok(if own { with(request, header::AUTHORIZATION, value) } else { request })
    }

    async fn send(
        &self,
        url: &str,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, CopyError> {
        self.client.request(request).await.map_err(|why| unreachable(url, why))
    }
}

fn bare(method: &Method, url: &str) -> Result<Request<Body>, CopyError> {
    let request = Request::builder().method(method).uri(url);
    let request = request.header(header::USER_AGENT, "neargate").body(full(Bytes::new()));
    request.map_err(|_| CopyError::Astray(shown(url).to_owned()))
}

fn with(mut request: Request<Body>, name: header::HeaderName, value: HeaderValue) -> Request<Body> {
    request.headers_mut().insert(name, value);
    request
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

/// An answer that is no refusal.
async fn good(url: &str, answer: Response<Incoming>) -> Result<Response<Incoming>, CopyError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let said = answer.into_body().collect().await.map(|it| it.to_bytes()).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).chars().take(SAID).collect();
    Err(CopyError::Refused { url: shown(url).to_owned(), status, said })
}

fn unreachable(url: &str, why: impl std::error::Error + Send + Sync + 'static) -> CopyError {
    CopyError::Unreachable { url: shown(url).to_owned(), source: why.into() }
}

/// An address without its query, which may be signed.
fn shown(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}
