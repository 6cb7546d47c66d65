//! Images, for a container engine.

use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use crate::ui::live::Progress;
use driver::docker;
use driver::docker::build::{self, Build};
use manifest::{Build as Wanted, Platform, Service};
use plan::Artifact;
use plan::wish::ArtifactKind;
use std::path::PathBuf;

/// The image of a service: the one that it names, or one built from its source.
pub(super) async fn make(
    project: &Project,
    name: &str,
    family: &str,
    service: &Service,
) -> Result<Artifact, Failure> {
    let kind = ArtifactKind::Container;
    if let Some(image) = &service.image {
        return Ok(Artifact { image: image.to_string(), digest: None, kind });
    }
    let Some(build) = &service.build else {
        let what = format!("service {name} has neither `build` nor `image`");
        return Err(Failure::new(Kind::Usage, what)
            .hint("a container engine needs one of them; `process` is for regions without one"));
    };
    let digest = build_image(project, name, family, service, build).await?;
    // The tag names the content, so a task definition says what runs and another build is another
    // definition.
    let tag = digest.trim_start_matches("sha256:").chars().take(12).collect::<String>();
    let image = format!("neargate/{family}:{tag}");
    docker::tag(&local::docker_hints(), &digest, &image)
        .await
        .map_err(|e| Failure::because(Kind::Machine, "the built image can't be named", e))?;
    Ok(Artifact { image, digest: Some(digest), kind })
}

/// A build's Dockerfile, from its context.
pub(super) fn dockerfile(build: &Wanted) -> &str {
    build.dockerfile.as_deref().unwrap_or("Dockerfile")
}

async fn build_image(
    project: &Project,
    name: &str,
    family: &str,
    service: &Service,
    build: &Wanted,
) -> Result<String, Failure> {
    let context = project.folder.join(&build.context);
    let dockerfile = dockerfile(build);
    if !context.join(dockerfile).is_file() {
        let what =
            format!("service {name} has no Dockerfile at {}", context.join(dockerfile).display());
        return Err(Failure::new(Kind::Usage, what)
            .hint("write one, name it in `build.dockerfile`, or name a finished `image`"));
    }
    if !build.secrets.is_empty() {
        let what = format!("service {name} asks for build secrets, which are not supported yet");
        return Err(Failure::new(Kind::Usage, what).hint("take `build.secrets` out"));
    }
    let platform = match service.platform {
        Platform::Amd64 => "linux/amd64",
        Platform::Arm64 => "linux/arm64",
    };
    let request = Build {
        context,
        dockerfile: PathBuf::from(dockerfile),
        tag: format!("neargate/{family}:build"),
        arguments: build.args.clone(),
        target: build.target.clone(),
        platform: Some(platform.to_owned()),
    };
    let mut progress = Progress::begin(&format!("build {name}"));
    let built = build::build(&local::docker_hints(), &request, |line| progress.line(line)).await;
    progress.end(built.is_ok());
    built.map_err(|e| {
        let offline = e.is_unreachable() && service.process.is_some();
        let failure =
            Failure::because(Kind::Deployment, format!("service {name} can't be built"), e);
        if !offline {
            return failure;
        }
        failure.hint(
            "without a registry it can run as a process: `neargate region stop`, then \
             `neargate region start --detach --driver process`",
        )
    })
}
