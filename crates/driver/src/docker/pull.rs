//! Getting images into the engine, and saying why not in AWS's words.

use super::engine::{status, text};
use crate::{Image, PullError, Wanted};
use bollard::Docker as Engine;
use bollard::models::ImageInspect;
use bollard::query_parameters::CreateImageOptions;
use futures_util::TryStreamExt;
use model::{At, ImageRef};

/// The registry of names that name none.
const DOCKER_HUB: &str = "docker.io";

/// Makes sure that an image is in the engine. One that is there is not asked for again, whatever
/// its registry has under the name by now.
pub(super) async fn pull(engine: &Engine, wanted: &Wanted) -> Result<Image, PullError> {
    let name = &wanted.image;
    let reference: ImageRef =
        name.parse().map_err(|error| PullError::Other(format!("{name}: {error}")))?;
    let reference = match &wanted.digest {
        Some(digest) if holds(engine, name, digest).await? => {
            return Ok(Image { digest: Some(digest.clone()) });
        }
        Some(digest) => reference.pinned(digest),
        None => reference,
    };
    if let Some(image) = inspect(engine, &reference).await? {
        return Ok(image);
    }
    let tag = match &reference.at {
        At::Tag(tag) => tag,
        At::Digest(digest) => digest,
    };
    let options = CreateImageOptions {
        from_image: Some(reference.repository.clone()),
        tag: Some(tag.clone()),
        ..CreateImageOptions::default()
    };
    let steps = engine.create_image(Some(options), None, None);
    let pulled = steps.try_for_each(|_| async { Ok(()) }).await;
    pulled.map_err(|error| classify(name, &reference, text(&error)))?;
    let image = inspect(engine, &reference).await?;
    image.ok_or_else(|| PullError::Other(format!("{name} is not there after it was pulled")))
}

/// The names under which the engine may know a container's image, the surest first.
pub(super) fn candidates(image: &str, digest: Option<&str>) -> Vec<String> {
    let Some(digest) = digest else { return vec![image.to_owned()] };
    let pinned = image.parse::<ImageRef>().map(|image| image.pinned(digest).to_string());
    // The digest of an image that no registry has is its id, and then it is no part of a name.
    pinned.into_iter().chain([digest.to_owned()]).collect()
}

/// Whether the engine has the image of this digest, as a repository's or by its own id.
async fn holds(engine: &Engine, image: &str, digest: &str) -> Result<bool, PullError> {
    for name in candidates(image, Some(digest)) {
        match engine.inspect_image(&name).await {
            Ok(_) => return Ok(true),
            Err(error) if status(&error) == Some(404) => {}
            Err(error) => return Err(PullError::Other(text(&error))),
        }
    }
    Ok(false)
}

async fn inspect(engine: &Engine, reference: &ImageRef) -> Result<Option<Image>, PullError> {
    match engine.inspect_image(&reference.to_string()).await {
        Ok(image) => Ok(Some(Image { digest: digest(reference, image) })),
        Err(error) if status(&error) == Some(404) => Ok(None),
        Err(error) => Err(PullError::Other(text(&error))),
    }
}

/// The digest that the image's repository knows it by, else its id.
fn digest(reference: &ImageRef, image: ImageInspect) -> Option<String> {
    let digests = image.repo_digests.iter().flatten();
    let of_repository = digests
        .filter_map(|name| name.split_once('@'))
        .find(|(repository, _)| full_name(repository) == full_name(&reference.repository));
    of_repository.map(|(_, digest)| digest.to_owned()).or(image.id)
}

/// `node` is `docker.io/library/node`.
fn full_name(repository: &str) -> String {
    let (host, path) = match repository.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        _ => (DOCKER_HUB, repository),
    };
    let host = if host == "index.docker.io" { DOCKER_HUB } else { host };
    let is_official = host == DOCKER_HUB && !path.contains('/');
    format!("{host}/{}{path}", if is_official { "library/" } else { "" })
}

/// Which of AWS's messages an engine's message is.
fn classify(image: &str, reference: &ImageRef, why: String) -> PullError {
    let says = |words: &[&str]| says(&why, words);
    let repository = full_name(&reference.repository);
    if says(&["manifest unknown", "not found: manifest", "manifest for "]) {
        let full = ImageRef { repository, at: reference.at.clone() };
        PullError::NoSuchImage(full.to_string())
    } else if says(&["pull access denied", "repository does not exist", "name unknown"]) {
        PullError::NoRepository(why)
    } else if is_unreachable(&why) {
        let registry = repository.split('/').next().unwrap_or_default().to_owned();
        PullError::Unreachable { image: image.to_owned(), registry, why }
    } else {
        PullError::Other(why)
    }
}

/// Whether an engine's message is of a registry that can't be reached.
pub(super) fn is_unreachable(why: &str) -> bool {
    says(why, &UNREACHABLE)
}

fn says(why: &str, words: &[&str]) -> bool {
    let lower = why.to_lowercase();
    words.iter().any(|word| lower.contains(word))
}

/// What engines say of a network that does not lead to the registry.
const UNREACHABLE: [&str; 8] = [
    "dial tcp",
    "no such host",
    "connection refused",
    "i/o timeout",
    "timeout exceeded",
    "request canceled",
    "network is unreachable",
    "tls handshake",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_as_docker_completes_them() {
        for (name, expected) in [
            ("node", "docker.io/library/node"),
            ("docker.io/node", "docker.io/library/node"),
            ("index.docker.io/library/node", "docker.io/library/node"),
            ("me/shop", "docker.io/me/shop"),
            ("localhost/shop", "localhost/shop"),
            ("localhost:5000/a/b", "localhost:5000/a/b"),
            ("1.dkr.ecr.eu-west-1.amazonaws.com/shop", "1.dkr.ecr.eu-west-1.amazonaws.com/shop"),
        ] {
            assert_eq!(full_name(name), expected);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_repository_or_else_the_id() {
        let image = |digests: &[&str]| ImageInspect {
            id: Some("sha256:id".into()),
            repo_digests: Some(digests.iter().map(|&digest| digest.to_owned()).collect()),
            ..ImageInspect::default()
        };
        let reference: ImageRef = "docker.io/library/node:22".parse().unwrap();
        let check = |digests: &[&str], expected: &str| {
            assert_eq!(digest(&reference, image(digests)).as_deref(), Some(expected));
        };
        check(&["other@sha256:b", "node@sha256:a"], "sha256:a");
        check(&["other@sha256:b"], "sha256:id");
        check(&[], "sha256:id");
    }

    #[test]
    fn a_container_runs_the_digest_that_was_pulled() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let pinned = format!("node@{digest}");
        assert_eq!(candidates("node:22", Some(&digest)), [pinned, digest.clone()]);
        assert_eq!(candidates("node:22", None), ["node:22"]);
        assert_eq!(candidates("no image", Some(&digest)), [digest]);
    }

    fn check(why: &str, expected: &str) {
        let reference: ImageRef = "shop:1".parse().unwrap();
        let shown = classify("shop:1", &reference, why.to_owned()).to_string();
        assert_eq!(shown, expected);
    }

    #[test]
    fn refusals_are_told_in_awss_words() {
        let denied = "pull access denied for shop, repository does not exist or may require \
                      'docker login': denied: requested access to the resource is denied";
        check(
            denied,
            &format!(
                "CannotPullContainerError: The task can’t pull the image. Check whether the image \
                 exists. Error response from daemon: {denied}"
            ),
        );
        check(
            "manifest for shop:1 not found: manifest unknown: manifest unknown",
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to \
             resolve ref docker.io/library/shop:1: docker.io/library/shop:1: not found",
        );
        let lookup = "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup \
                      registry-1.docker.io: no such host";
        check(
            lookup,
            &format!(
                "CannotPullContainerError: The task cannot pull shop:1 from the registry \
                 docker.io. There is a connection issue between the task and the registry. Check \
                 your task network configuration. : {lookup}"
            ),
        );
        let limit = "toomanyrequests: You have reached your pull rate limit.";
        check(limit, &format!("CannotPullContainerError: {limit}"));
    }
}
