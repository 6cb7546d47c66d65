//! Images that can't be had (reference §1.5).

use super::cause::Cause;
use super::scene::{Diagnosis, Scene};

/// What AWS puts before every reason.
const KIND: &str = "CannotPullContainer";

/// What engines and registries say, and what it means, in the order in which it is looked for: texts
/// of refusals also say what an image that does not exist would.
const WORDS: [(Cause, &[&str]); 4] = [
    (Cause::PullLimit, &["toomanyrequests", "pull rate limit", "429 too many requests"]),
    (
        Cause::ImageDenied,
        &[
            "not authorized to perform",
            "check that the role",
            "no basic auth",
            "401 unauthorized",
            "403 forbidden",
        ],
    ),
    (
        Cause::ImageMissing,
        &[
            "not found",
            "manifest unknown",
            "check whether the image exists",
            "repository does not exist",
            "pull access denied",
            "invalid reference format",
        ],
    ),
    (
        Cause::RegistryUnreachable,
        &[
            "connection issue",
            "i/o timeout",
            "dial tcp",
            "network configuration",
            "timeout exceeded",
            "no such host",
        ],
    ),
];

/// Why the image can't be had.
pub(super) fn unavailable(scene: &Scene<'_>) -> Option<Diagnosis> {
    let reason = scene.reasons().find(|reason| reason.starts_with(KIND))?;
    let lower = reason.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let named = scene.defined().and_then(|held| held.image.as_deref());
    let image =
        named.or(scene.culprit.and_then(|held| held.image.as_deref())).unwrap_or("the image");
    if lower.contains("process driver can't unpack images") {
        return Some(no_engine(scene, image));
    }
    let found = WORDS.iter().find(|(_, words)| says(words)).map(|(cause, _)| *cause);
    Some(explain(scene, found.unwrap_or(Cause::ImageUnusable), image))
}

fn explain(scene: &Scene<'_>, cause: Cause, image: &str) -> Diagnosis {
    let found = |title: String| Diagnosis::new(cause, title);
    match cause {
        Cause::PullLimit => found(format!("the registry refuses more pulls of {image} for now"))
            .todo("log in to the registry, or keep a copy of the image in one of your own"),
        Cause::ImageDenied => found(format!("the task may not pull {image}"))
            .todo("let the execution role pull it: ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer")
            .todo("or name the registry's login: `repositoryCredentials` of the task definition"),
        Cause::ImageMissing => found(format!("there is no image {image}"))
            .todo(format!("check its name and tag: `{}`", scene.key("image")))
            .todo("an image of a private registry looks the same to who is not logged in"),
        Cause::RegistryUnreachable => found(format!("the registry of {image} can't be reached"))
            .todo("give the task a way out: a public address, a NAT gateway, or VPC endpoints for ECR and S3"),
        _ => found(format!("the image {image} can't be had")),
    }
}

/// The local region without a container engine.
fn no_engine(scene: &Scene<'_>, image: &str) -> Diagnosis {
    Diagnosis::new(Cause::ImageUnusable, format!("{image} needs a container engine"))
        .todo("start the region with one: neargate region start --driver docker")
        .todo(format!("or say how it runs as a process: `{}`", scene.key("process.command")))
}
