//! Copies images from one registry to another, by the words of the OCI distribution protocol.
//!
//! Nothing is unpacked and nothing kept here: what a registry gives goes on to the other as it
//! comes. The other one checks each part against its digest before it takes it.

mod registry;

pub use registry::Repository;

use crate::client::{CallError, Client};
use api::ecr::{
    DescribeImages, DescribeImagesRequest, GetAuthorizationToken, GetAuthorizationTokenRequest,
    ImageIdentifier,
};
use http::StatusCode;
use model::Secret;
use plan::layers::layers;

/// Why an image could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The address is none of a repository.
    #[error("`{0}` is no address of a repository")]
    Address(String),
    /// A registry does not say where to go on, or leads on and on.
    #[error("{0} leads nowhere")]
    Astray(String),
    /// A registry can't be reached.
    #[error("{url} can't be reached")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A registry refused.
    #[error("{url} answers {status}: {said}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The status.
        status: StatusCode,
        /// What it said, cut short.
        said: String,
    },
    /// A manifest can't be read.
    #[error("the manifest {0} can't be read")]
    Manifest(String),
    /// The certificate authorities of this machine can't be read.
    #[error("the certificate authorities of this machine can't be read")]
    Authorities(#[source] std::io::Error),
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// Blobs that travelled.
    pub blobs: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// The way into an account's registry.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The registry: what addresses of its images begin with.
    pub host: String,
    /// With what it is asked: a header's value.
    pub authorization: Secret,
}

/// The way into the registry of a client's account. ECR's token is a name and a password in the form of
/// that header.
///
/// # Errors
/// When the call fails.
pub async fn authorization(client: &Client) -> Result<Pass, CallError> {
    let request = GetAuthorizationTokenRequest::default();
    let given = client.call::<GetAuthorizationToken>(request).await?;
    let given = given.authorization_data.into_iter().flatten().next().unwrap_or_default();
    let address = given.proxy_endpoint.unwrap_or_default();
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let authorization = format!("Basic {}", given.authorization_token.unwrap_or_default());
    Ok(Pass { host: host.to_owned(), authorization: authorization.into() })
}

/// The platforms that an image is for; `None` where the repository has no such image.
///
/// # Errors
/// When the registry refuses or can't be reached.
pub async fn platforms(
    repository: &Repository,
    reference: &str,
) -> Result<Option<Vec<String>>, CopyError> {
    let manifest = match repository.manifest(reference).await {
        Err(CopyError::Refused { status: StatusCode::NOT_FOUND, .. }) => return Ok(None),
        found => found?,
    };
    if let Some(platforms) = plan::layers::platforms(&manifest.bytes) {
        return Ok(Some(platforms));
    }
    let unreadable = || CopyError::Manifest(reference.to_owned());
    let named = layers(&manifest.bytes).ok_or_else(unreadable)?;
    let configuration = named.blobs.first().ok_or_else(unreadable)?;
    let bytes = repository.small(&configuration.digest).await?;
    let platform = plan::layers::platform(&bytes).ok_or_else(unreadable)?;
    Ok(Some(vec![platform]))
}

/// A tag that an image has in a repository of ECR, if it has one.
///
/// # Errors
/// When the call fails.
pub async fn tag(
    client: &Client,
    repository: &str,
    digest: &str,
) -> Result<Option<String>, CallError> {
    let image = ImageIdentifier { image_digest: Some(digest.to_owned()), ..Default::default() };
    let request = DescribeImagesRequest {
        repository_name: repository.to_owned(),
        image_ids: Some(vec![image]),
        ..Default::default()
    };
    let found = client.call::<DescribeImages>(request).await?;
    let found = found.image_details.into_iter().flatten().next();
    Ok(found.and_then(|held| held.image_tags).into_iter().flatten().next())
}

/// Copies an image with all that it names, and gives it a tag: what has none, registries forget first.
///
/// # Errors
/// When one of the registries refuses or can't be reached. What was copied by then stays, and is not
/// copied again.
pub async fn copy(
    from: &Repository,
    to: &Repository,
    digest: &str,
    tag: &str,
) -> Result<Copied, CopyError> {
    let mut copied = Copied::default();
    // An index comes after the manifests that it names.
    let top = from.manifest(digest).await?;
    let named = layers(&top.bytes).ok_or_else(|| CopyError::Manifest(digest.to_owned()))?;
    for inner in &named.manifests {
        let manifest = from.manifest(inner).await?;
        let named = layers(&manifest.bytes).ok_or_else(|| CopyError::Manifest(inner.clone()))?;
        blobs((from, to), &named, &mut copied).await?;
        to.put(&manifest, inner).await?;
    }
    blobs((from, to), &named, &mut copied).await?;
    // By its digest first: so the registry checks that these are the bytes that were meant.
    to.put(&top, digest).await?;
    to.put(&top, tag).await?;
    Ok(copied)
}

async fn blobs(
    (from, to): (&Repository, &Repository),
    named: &plan::layers::Layers,
    copied: &mut Copied,
) -> Result<(), CopyError> {
    for blob in &named.blobs {
        if to.has(&blob.digest).await? {
            continue;
        }
        let Some(upload) = to.begin(from, &blob.digest).await? else { continue };
        let bytes = from.blob(&blob.digest).await?;
        to.finish(upload, bytes, blob).await?;
        copied.blobs += 1;
        copied.bytes += blob.size;
    }
    Ok(())
}
