//! Images, for a container engine.

use super::dockerfile::{self, Dockerfile, Paper};
use super::secrets;
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use crate::ui::live::Progress;
use crate::ui::say;
use driver::docker;
use driver::docker::build::{self, Build};
use manifest::{Build as Wanted, Platform, Service};
use plan::wish::ArtifactKind;
use plan::{Artifact, Recipe};
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

async fn build_image(
    project: &Project,
    name: &str,
    family: &str,
    service: &Service,
    build: &Wanted,
) -> Result<String, Failure> {
    let secrets = secrets::of(name, build)?;
    let platform = match service.platform {
        Platform::Amd64 => "linux/amd64",
        Platform::Arm64 => "linux/arm64",
    };
    let mut context = project.folder.join(&build.context);
    let (dockerfile, _paper) = match dockerfile::of(project, name, service, build)? {
        Dockerfile::Own(_) => (PathBuf::from(dockerfile::path(build)), None),
        Dockerfile::Written(recipe) => {
            context = project.folder.join(&recipe.context);
            tell(name, &recipe);
            let paper = Paper::lay(&recipe, family)?;
            (paper.dockerfile(), Some(paper))
        }
    };
    let request = Build {
        context,
        dockerfile,
        tag: format!("neargate/{family}:build"),
        arguments: build.args.clone(),
        target: build.target.clone(),
        platform: Some(platform.to_owned()),
        secrets,
    };
    if request.needs_buildkit() {
        say::note(&format!("service {name} is built by BuildKit, which can mount secrets"));
    }
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

/// Says that a Dockerfile was written, and what of it is worth a look.
fn tell(name: &str, recipe: &Recipe) {
    say::note(&format!(
        "service {name} has no Dockerfile: one was written from its source (`neargate build --print` shows it)"
    ));
    recipe.remarks.iter().for_each(|remark| say::warn(&format!("service {name}: {remark}")));
}
