//! Files and a command, for processes.
//!
//! What runs is a copy: the region keeps it under its digest, so two versions run side by side and an
//! old one can come back, whatever happens to the working tree.

use super::{check_process, line, needs_engine};
use crate::failure::{Failure, Kind};
use crate::project::Project;
use driver::ignore::Ignore;
use driver::process::image::{ImageConfig, Source};
use manifest::{Process, Service};
use plan::Artifact;
use plan::wish::ArtifactKind;
use std::path::Path;

/// A service's files and command, built and kept by the region whose data is in `data`.
pub(super) async fn make(
    project: &Project,
    name: &str,
    family: &str,
    service: &Service,
    data: &Path,
) -> Result<Artifact, Failure> {
    let Some(process) = &service.process else {
        return Err(needs_engine(name, "does not say how it runs as a process")
            .hint("or say it: process: {command: node server.js}"));
    };
    check_process(name, service)?;
    let folder = project.folder.join(&process.directory);
    if let Some(build) = &process.build {
        line::run(name, build, &folder).await?;
    }
    let digest = import(name, process, &folder, data)?;
    let image = format!("neargate/{family}@{digest}");
    Ok(Artifact { image, digest: Some(digest), kind: ArtifactKind::Process })
}

fn import(name: &str, process: &Process, folder: &Path, data: &Path) -> Result<String, Failure> {
    let sources = process.files.iter().map(|file| Source {
        from: folder.join(file),
        to: if file == "." { String::new() } else { file.clone() },
        ignore: Ignore::parse(""),
    });
    let config = ImageConfig { command: process.command.words().to_vec(), ..Default::default() };
    let store = driver::process::images(&data.join("tasks"));
    store.import(&config, &sources.collect::<Vec<_>>()).map_err(|e| {
        Failure::because(Kind::Machine, format!("the files of service {name} can't be taken"), e)
            .hint("`process.files` names what the running process needs")
    })
}
