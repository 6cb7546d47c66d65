//! The images that a Dockerfile starts from.

use super::dockerfile::{self, Dockerfile};
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use driver::docker;
use manifest::{Build, Service};
use std::collections::{BTreeMap, BTreeSet};

/// The base images of a service's build; none where its Dockerfile can't be read or written, which the
/// build says better.
pub(super) fn of(
    project: &Project,
    name: &str,
    service: &Service,
    build: &Build,
) -> BTreeSet<String> {
    let text = match dockerfile::of(project, name, service, build) {
        Ok(Dockerfile::Own(file)) => std::fs::read_to_string(file).unwrap_or_default(),
        Ok(Dockerfile::Written(recipe)) => recipe.dockerfile,
        Err(_) => String::new(),
    };
    plan::bases(&text)
}

/// A Dockerfile with its base images by digest, as their registries tell them now.
pub(crate) async fn pinned(dockerfile: &str) -> Result<String, Failure> {
    let bases = plan::bases(dockerfile);
    let hints = local::docker_hints();
    let mut digests = BTreeMap::new();
    for name in bases.iter().filter_map(|image| plan::unpinned(image)) {
        let digest = docker::digest(&hints, name).await.map_err(|source| {
            let what = format!("the digest of the base image {name} can't be had");
            Failure::because(Kind::Machine, what, source).hint(
                "its registry has to be reached, or the engine has to have pulled it from there",
            )
        })?;
        digests.insert(name.to_owned(), digest);
    }
    Ok(plan::pin(dockerfile, &digests))
}
