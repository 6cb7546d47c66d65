//! What runs each service: an image for a container engine, or files and a command for processes.

mod docker;
mod process;

use crate::admin::Status;
use crate::failure::{Failure, Kind};
use crate::project::Project;
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
            let data = Path::new(&region.data);
            process::make(project, name, &family, service, data).await?
        } else {
            docker::make(project, name, &family, service).await?
        };
        artifacts.insert(name.clone(), made);
    }
    Ok(artifacts)
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
