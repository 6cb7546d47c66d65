//! What runs each service: an image for a container engine, or files and a command for processes.

mod docker;
mod process;

use crate::admin::Status;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::say;
use manifest::{Resolved, Service};
use plan::Artifact;
use std::collections::BTreeMap;
use std::path::Path;

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
        let made = if region.driver == "process" {
            warn_of_container_words(resolved, name);
            let data = Path::new(&region.data);
            process::make(project, name, &family, service, data).await?
        } else {
            docker::make(project, name, &family, service).await?
        };
        artifacts.insert(name.clone(), made);
    }
    Ok(artifacts)
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
