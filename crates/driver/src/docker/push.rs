//! Gives an image to a registry.

use super::engine::{Hints, find, text};
use crate::Error;
use bollard::auth::DockerCredentials;
use bollard::query_parameters::PushImageOptions;
use futures_util::TryStreamExt as _;
use model::Secret;

/// Who pushes.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// Pushes an image that bears its registry's name, `registry/path:tag`; answers the digest that the
/// registry knows it by.
///
/// # Errors
/// When there is no engine, it has no such image, or the registry does not take it.
pub async fn push(
    hints: &Hints,
    (repository, tag): (&str, &str),
    login: &Login,
    mut line: impl FnMut(&str),
) -> Result<String, Error> {
    let engine = find(hints).await?;
    let what = || format!("pushing {repository}:{tag}");
    let options = PushImageOptions { tag: Some(tag.to_owned()), ..Default::default() };
    let credentials = DockerCredentials {
        username: Some(login.user.clone()),
        password: Some(login.password.reveal().to_owned()),
        ..Default::default()
    };
    let mut told = engine.push_image(repository, Some(options), Some(credentials));
    while let Some(news) = told.try_next().await.map_err(|e| Error::refused(what(), text(&e)))? {
        if let Some(why) = news.error_detail.and_then(|detail| detail.message) {
            return Err(Error::refused(what(), why));
        }
        if let Some(status) = news.status {
            line(&status);
        }
    }
    let image = engine.inspect_image(&format!("{repository}:{tag}")).await;
    let image = image.map_err(|e| Error::refused(what(), text(&e)))?;
    let digests = image.repo_digests.unwrap_or_default();
    let own = digests.iter().filter_map(|name| name.split_once('@'));
    let mut own = own.filter(|(name, _)| *name == repository);
    let digest = own.next().map(|(_, digest)| digest.to_owned());
    digest.ok_or_else(|| Error::refused(what(), "the engine does not tell its digest".to_owned()))
}
