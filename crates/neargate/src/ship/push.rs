//! Builds images and gives them to the environment's registry.

use super::environment::Environment;
use super::image::named;
use crate::artifacts;
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use crate::ui::live::Progress;
use crate::ui::say;
use api::ecr::{
    DescribeImages, DescribeImagesRequest, DescribeRepositories, DescribeRepositoriesRequest,
    GetAuthorizationToken, GetAuthorizationTokenRequest, ImageIdentifier,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use driver::docker::{self, Login};
use manifest::Service;
use plan::{Artifact, Wish};

/// The address of a service's repository, which has to be there.
pub(super) async fn repository(
    environment: &Environment,
    wish: &Wish,
    name: &str,
) -> Result<String, Failure> {
    if let Some(named) = environment.stand.repositories.get(name) {
        return Ok(named.clone());
    }
    let path = wish.names().repository(name);
    let repository_names = Some(vec![path.clone()]);
    let request = DescribeRepositoriesRequest { repository_names, ..Default::default() };
    match environment.client.call::<DescribeRepositories>(request).await {
        Err(why) if why.code() == Some("RepositoryNotFoundException") => {
            let what = format!("there is no repository `{path}` for the images of service {name}");
            let own = match plan::needs_stack(&wish.manifest) {
                true => format!("deploy once: neargate deploy --env {}", wish.manifest.name),
                false => format!("make it: aws ecr create-repository --repository-name {path}"),
            };
            Err(Failure::new(Kind::Manifest, what)
                .hint(own)
                .hint("or name one that is there, in `foundation.existing.repositories`"))
        }
        found => {
            let found = found?.repositories.into_iter().flatten().next();
            Ok(found.and_then(|held| held.repository_uri).unwrap_or_default())
        }
    }
}

/// Builds a service's image and pushes it, unless the registry has it already. The tag names the
/// content, so the same source is not pushed twice.
pub(super) async fn build(
    project: &Project,
    environment: &Environment,
    (name, service): (&str, &Service),
    repository: &str,
) -> Result<Artifact, Failure> {
    let built = artifacts::image(project, &environment.resolved, name, service).await?;
    let id = built.digest.as_deref().unwrap_or_default().trim_start_matches("sha256:");
    let tag: String = id.chars().take(12).collect();
    if let Some(digest) = known(environment, repository, &tag).await? {
        say::done(&format!("{repository} has the image of {name} already"));
        return Ok(named(format!("{repository}@{digest}")));
    }
    let address = format!("{repository}:{tag}");
    let machine = |what: &str, why| Failure::because(Kind::Machine, what.to_owned(), why);
    let hints = local::docker_hints();
    docker::tag(&hints, &built.image, &address)
        .await
        .map_err(|why| machine("the built image can't be named", why))?;
    let login = login(environment).await?;
    let mut progress = Progress::begin(&format!("push {name} to {repository}"));
    let pushed = docker::push(&hints, (repository, &tag), &login, |line| {
        progress.line(line);
    });
    let pushed = pushed.await;
    progress.end(pushed.is_ok());
    let digest = pushed.map_err(|why| machine("the image can't be pushed", why))?;
    Ok(named(format!("{repository}@{digest}")))
}

/// The digest of the image with a tag, where the registry has one.
async fn known(
    environment: &Environment,
    repository: &str,
    tag: &str,
) -> Result<Option<String>, Failure> {
    let path = repository.split_once('/').map_or(repository, |(_, path)| path);
    let tagged = ImageIdentifier { image_tag: Some(tag.to_owned()), ..Default::default() };
    let request = DescribeImagesRequest {
        repository_name: path.to_owned(),
        image_ids: Some(vec![tagged]),
        ..Default::default()
    };
    match environment.client.call::<DescribeImages>(request).await {
        Err(why) if why.code() == Some("ImageNotFoundException") => Ok(None),
        found => {
            let found = found?.image_details.into_iter().flatten().next();
            Ok(found.and_then(|held| held.image_digest))
        }
    }
}

/// Who pushes: ECR's token is a name and a password.
async fn login(environment: &Environment) -> Result<Login, Failure> {
    let request = GetAuthorizationTokenRequest::default();
    let given = environment.client.call::<GetAuthorizationToken>(request).await?;
    let given = given.authorization_data.into_iter().flatten().next();
    let token = given.and_then(|data| data.authorization_token).unwrap_or_default();
    let decoded = STANDARD.decode(token.as_bytes()).ok();
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
    pair.map(|(user, password)| Login { user: user.to_owned(), password: password.into() })
        .ok_or_else(|| Failure::new(Kind::Refused, "ECR's token can't be read"))
}
