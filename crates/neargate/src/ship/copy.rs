//! Brings an image from one environment's registry to another's.

use super::environment::Environment;
use super::push;
use crate::failure::{Failure, Kind};
use crate::ui::say;
use apply::images::{self, CopyError, Repository};
use plan::Wish;

/// How many characters of a digest make a tag, where the image has none to keep.
const TAG: usize = 12;

/// Makes an image that runs in one environment available to a service of another; answers its address
/// there. It stays where it is when both use the same repository, or when it is nobody's of the two: a
/// public image.
pub(crate) async fn bring(
    source: &Environment,
    (target, wish): (&Environment, &Wish),
    (name, image): (&str, &str),
) -> Result<String, Failure> {
    let (repository, digest) = image.split_once('@').unwrap_or((image, ""));
    let own = wish.manifest.environment.services.get(name).is_some_and(|it| it.image.is_none());
    if !own {
        return Ok(image.to_owned());
    }
    let there = push::repository(target, wish, name).await?;
    if there == repository {
        return Ok(image.to_owned());
    }
    let failed = |why: CopyError| {
        let what = format!("the image of service {name} can't be copied to {there}");
        let kind = match why {
            CopyError::Unreachable { .. } => Kind::Unreachable,
            CopyError::Authorities(_) => Kind::Machine,
            _ => Kind::Refused,
        };
        Failure::because(kind, what, why)
    };
    let from = images::authorization(&source.client).await?;
    let from = Repository::new(repository, from.authorization).map_err(failed)?;
    let to = images::authorization(&target.client).await?;
    let to = Repository::new(&there, to.authorization).map_err(failed)?;
    let tag = images::tag(&source.client, from.path(), digest).await?;
    let tag =
        tag.unwrap_or_else(|| digest.trim_start_matches("sha256:").chars().take(TAG).collect());
    let copied = images::copy(&from, &to, digest, &tag).await.map_err(failed)?;
    say::done(&match copied.blobs {
        0 => format!("{there} has all of the image of {name}"),
        blobs => format!(
            "copied the image of {name} to {there}: {blobs} {}, {} KB",
            if blobs == 1 { "blob" } else { "blobs" },
            copied.bytes.div_ceil(1000)
        ),
    });
    Ok(format!("{there}@{digest}"))
}
