//! What runs each service: an image for a container engine, or files and a command for processes.

mod backing;
pub(crate) mod base;
mod docker;
pub(crate) mod dockerfile;
pub(crate) mod line;
mod process;
pub(crate) mod secrets;
pub(crate) mod weight;

use crate::admin::Status;
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use crate::ui::say;
use manifest::{Resolved, Service};
use plan::Artifact;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use weight::Weight;

/// Makes what runs each service on a region.
pub(crate) async fn make(
    project: &Project,
    resolved: &Resolved,
    region: &Status,
) -> Result<BTreeMap<String, Artifact>, Failure> {
    let mut artifacts = BTreeMap::new();
    for (name, service) in &resolved.environment.services {
        if service.static_site.is_some() {
            continue;
        }
        let family = manifest::resource_name(&resolved.app, &resolved.name, name);
        let data = Path::new(&region.data);
        let processes = region.driver == "process";
        let made = if let Some((name, held)) = resolved.backing_of(name) {
            match processes {
                true => backing::process(project, (name, &family), held, data)?,
                false => backing::container(name, held)?,
            }
        } else if processes {
            warn_of_container_words(resolved, name);
            process::make(project, name, &family, service, data).await?
        } else {
            let made = docker::make(project, name, &family, service).await?;
            warn_of_weight(name, service, &made).await?;
            made
        };
        artifacts.insert(name.clone(), made);
    }
    Ok(artifacts)
}

/// Builds the image of one service, and answers its name and digest.
pub(crate) async fn image(
    project: &Project,
    resolved: &Resolved,
    name: &str,
    service: &Service,
) -> Result<Artifact, Failure> {
    let family = manifest::resource_name(&resolved.app, &resolved.name, name);
    docker::make(project, name, &family, service).await
}

/// Which driver suits a project where none was asked for: `auto`, unless its images can't be built
/// here and all of it runs as processes too. A laptop without a network then still has a region.
pub(crate) async fn suitable_driver(project: &Project, resolved: &Resolved) -> &'static str {
    let services =
        || resolved.environment.services.iter().filter(|(_, it)| it.static_site.is_none());
    if services().any(|(_, service)| service.process.is_none() || !service.sidecars.is_empty()) {
        return "auto";
    }
    let builds = services().filter_map(|(name, it)| Some((name, it, it.build.as_ref()?)));
    let bases = builds.flat_map(|(name, it, build)| base::of(project, name, it, build));
    let behind = resolved.environment.backing.values().filter_map(|it| it.image.as_ref());
    let needed: BTreeSet<String> = bases.chain(behind.map(ToString::to_string)).collect();
    for image in needed {
        if let Some(why) = driver::docker::out_of_reach(&local::docker_hints(), &image).await {
            say::note(&format!("the image {image} can't be had ({why}): running processes"));
            return "process";
        }
    }
    "auto"
}

/// Says when an image is larger than its budget. `neargate build` refuses it; here it only takes longer.
async fn warn_of_weight(name: &str, service: &Service, made: &Artifact) -> Result<(), Failure> {
    let budget = service.build.as_ref().and_then(|build| build.budget);
    if budget.is_some()
        && let Some(excess) = Weight::of(&made.image).await?.excess(budget)
    {
        say::warn(&format!("service {name}: {excess}"));
    }
    Ok(())
}

/// What a manifest says of containers, and a process can't have.
const CONTAINER_WORDS: [&str; 5] = ["command", "entrypoint", "working_dir", "user", "read_only"];

/// Says which given fields do not apply to a process.
fn warn_of_container_words(resolved: &Resolved, service: &str) {
    let given = CONTAINER_WORDS
        .iter()
        .filter(|word| resolved.positions.get(&format!("services.{service}.{word}")).is_some());
    for word in given {
        say::warn(&format!(
            "service {service}: `{word}` does not apply where the region runs processes"
        ));
    }
}

/// A service whose sidecars or own image need a container engine.
fn needs_engine(name: &str, what: &str) -> Failure {
    let what = format!("service {name} {what}, and the region runs processes");
    Failure::new(Kind::Usage, what)
        .hint("start the region with a container engine: neargate region start --driver docker")
}

/// Refuses what processes can't be.
fn check_process(name: &str, service: &Service) -> Result<(), Failure> {
    if !service.sidecars.is_empty() {
        return Err(needs_engine(name, "has sidecars"));
    }
    Ok(())
}
