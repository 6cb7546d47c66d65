//! What calls are signed with, and where it comes from.

use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use model::Secret;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// How long before their end credentials are no longer used: a call takes a moment to arrive.
const MARGIN: Duration = Duration::from_secs(60);

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

/// Where credentials come from.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// They were given.
    Given(Credentials),
    /// AWS's own provider finds them, and finds new ones when they end.
    Found(Arc<Found>),
}

/// Credentials as they were found last. Whoever finds them too old looks again; others wait for it.
#[derive(Debug)]
pub(crate) struct Found {
    provider: SharedCredentialsProvider,
    held: Mutex<Option<AwsCredentials>>,
}

// === impl Keys ===

impl Keys {
    pub(crate) fn found(provider: SharedCredentialsProvider) -> Self {
        Self::Found(Arc::new(Found { provider, held: Mutex::new(None) }))
    }

    /// The credentials to sign with now.
    pub(crate) async fn now(&self) -> Result<AwsCredentials, CredentialsError> {
        match self {
            Self::Given(Credentials { access_key, secret_key, token }) => {
                let token = token.as_ref().map(|token| token.reveal().to_owned());
                Ok(AwsCredentials::new(access_key, secret_key.reveal(), token, None, "neargate"))
            }
            Self::Found(found) => found.now().await,
        }
    }

    /// Forgets credentials that AWS called too old, so that new ones are looked for.
    pub(crate) async fn forget(&self) {
        if let Self::Found(found) = self {
            *found.held.lock().await = None;
        }
    }
}

impl Found {
    async fn now(&self) -> Result<AwsCredentials, CredentialsError> {
        let mut held = self.held.lock().await;
        let soon = SystemTime::now() + MARGIN;
        let good = |held: &&AwsCredentials| held.expiry().is_none_or(|end| end > soon);
        if let Some(held) = held.as_ref().filter(good) {
            return Ok(held.clone());
        }
        let fresh = self.provider.provide_credentials().await?;
        *held = Some(fresh.clone());
        Ok(fresh)
    }
}
