//! Finds credentials, region and endpoints as AWS's own tools find them, by AWS's own library.
//!
//! Nothing is asked of AWS here but what the credentials need: a session of a role, a login's token.

use crate::client::Client;
use crate::endpoints::Endpoints;
use crate::keys::Keys;
use api::Service;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::ServiceConfigKey;
use http::Uri;
use std::collections::BTreeMap;

/// Whose credentials, and where.
#[derive(Debug, Clone, Copy, Default)]
pub struct Access<'a> {
    /// The profile; without one `AWS_PROFILE` or `default`.
    pub profile: Option<&'a str>,
    /// The region; without one that of the configuration.
    pub region: Option<&'a str>,
    /// A role that the credentials take on, by its ARN.
    pub role: Option<&'a str>,
    /// What the role's session is called; AWS's trail shows it.
    pub session: &'a str,
}

/// Why there is no way to AWS.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No region is named.
    #[error("no region is named")]
    NoRegion,
    /// An endpoint is no URL.
    #[error("the endpoint `{endpoint}` of {of} is no URL")]
    Endpoint {
        /// The text.
        endpoint: String,
        /// Whose it is.
        of: &'static str,
        /// Why it is none.
        #[source]
        source: http::uri::InvalidUri,
    },
    /// The configuration asks for endpoints that are not known here.
    #[error("`{0}` is set, which is not supported")]
    Variant(&'static str),
    /// The authorities of this machine can't be read.
    #[error("the certificate authorities of this machine can't be read")]
    Authorities(#[source] std::io::Error),
}

/// A client of AWS, or of what the configuration names in its place.
///
/// # Errors
/// When the configuration does not say where. That there are no credentials the first call says.
pub async fn connect(access: Access<'_>) -> Result<Client, ConnectError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(profile) = access.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = access.region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    let config = loader.load().await;
    let Some(region) = config.region().map(ToString::to_string) else {
        return Err(ConnectError::NoRegion);
    };
    if config.use_fips() == Some(true) {
        return Err(ConnectError::Variant("AWS_USE_FIPS_ENDPOINT"));
    }
    if config.use_dual_stack() == Some(true) {
        return Err(ConnectError::Variant("AWS_USE_DUALSTACK_ENDPOINT"));
    }
    let endpoints = endpoints(&config)?;
    let keys = Keys::found(provider(&config, access).await);
    Client::distant(endpoints, region, keys).map_err(ConnectError::Authorities)
}

/// Who gives credentials: the configuration, or the role that those take on.
async fn provider(config: &SdkConfig, access: Access<'_>) -> SharedCredentialsProvider {
    let own = config.credentials_provider();
    match access.role {
        Some(role) => {
            let role = AssumeRoleProvider::builder(role).session_name(access.session);
            SharedCredentialsProvider::new(role.configure(config).build().await)
        }
        None => own.unwrap_or_else(|| SharedCredentialsProvider::new(Nobody)),
    }
}

fn endpoints(config: &SdkConfig) -> Result<Endpoints, ConnectError> {
    let parse = |endpoint: &str, of: &'static str| {
        let uri: Result<Uri, _> = endpoint.parse();
        let endpoint = endpoint.to_owned();
        uri.map_err(|source| ConnectError::Endpoint { endpoint, of, source })
    };
    let all = config.endpoint_url().map(|url| parse(url, "all services")).transpose()?;
    let mut own = BTreeMap::new();
    for service in Service::ALL {
        let id = service.model().id;
        let key = ServiceConfigKey::builder().service_id(id);
        let key = key.env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
        let named = key.ok().zip(config.service_config());
        if let Some(url) = named.and_then(|(key, held)| held.load_config(key)) {
            own.insert(service, parse(&url, id)?);
        }
    }
    Ok(Endpoints { all, own })
}

/// Gives no credentials: the configuration has no provider at all.
#[derive(Debug)]
struct Nobody;

impl aws_credential_types::provider::ProvideCredentials for Nobody {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::{error::CredentialsError, future};
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded_no_source()))
    }
}
