//! `neargate build`.

use crate::args::{FileArgs, Form, FormArgs};
use crate::artifacts;
use crate::artifacts::base;
use crate::artifacts::dockerfile::{self, Dockerfile};
use crate::artifacts::weight::Weight;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::{say, table};
use manifest::{Build, Platform, Resolved, Service};
use plan::Recipe;
use serde_json::json;
use std::io;
use std::path::Path;

/// Build the services' images
///
/// With the services' own Dockerfiles, or with ones that are written from their source: small, of two
/// stages, without development dependencies, for a user without rights. `up` does the same by itself.
#[derive(Debug, clap::Args)]
pub(crate) struct BuildArgs {
    /// The services; all that are built from source unless some are named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    file: FileArgs,
    /// The environment whose settings hold
    #[arg(short, long, default_value = manifest::LOCAL)]
    env: String,
    /// Print the Dockerfiles that are written, and build nothing
    #[arg(long)]
    print: bool,
    /// Write those Dockerfiles into the source, and build nothing
    #[arg(long, conflicts_with = "print")]
    write: bool,
    /// Name base images by their digests in the Dockerfiles of the source, and build nothing
    ///
    /// A tag moves, a digest does not. Again after some weeks it takes the newer ones. With --write or
    /// --print also in the Dockerfiles that those give.
    #[arg(long)]
    pin: bool,
    /// The architecture, instead of the manifest's
    #[arg(long, value_enum, value_name = "PLATFORM")]
    platform: Option<PlatformArg>,
    #[command(flatten)]
    form: FormArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PlatformArg {
    #[value(name = "linux/amd64")]
    Amd64,
    #[value(name = "linux/arm64")]
    Arm64,
}

/// A service that is built from source.
type Built<'r> = (&'r str, &'r Service, &'r Build);

pub(crate) async fn run(args: BuildArgs) -> Result<(), Failure> {
    let project = Project::read(&args.file.file)?;
    let mut resolved = project.resolve(&args.env)?;
    for service in resolved.environment.services.values_mut() {
        match args.platform {
            Some(PlatformArg::Amd64) => service.platform = Platform::Amd64,
            Some(PlatformArg::Arm64) => service.platform = Platform::Arm64,
            None => {}
        }
    }
    let services = services(&resolved, &args.services)?;
    if args.print || args.write || args.pin {
        return files(&args, &project, &services).await;
    }
    let mut images = serde_json::Map::new();
    let mut excess = Vec::new();
    for (name, service, build) in services {
        let made = artifacts::image(&project, &resolved, name, service).await?;
        let weight = Weight::of(&made.image).await?;
        match args.form.form() {
            Form::Text => {
                table::lines(&weight.rows()).iter().for_each(|row| say::note(&format!("  {row}")));
                say::data(&made.image);
            }
            Form::Json => {
                let all =
                    json!({ "image": made.image, "digest": made.digest, "size": weight.json() });
                images.insert(name.to_owned(), all);
            }
        }
        excess.extend(weight.excess(build.budget).map(|why| format!("service {name}: {why}")));
    }
    if args.form.form() == Form::Json {
        say::json(&images);
    }
    match excess.as_slice() {
        [] => Ok(()),
        all => Err(Failure::new(Kind::Deployment, all.join("; "))
            .hint("the largest layers say what to leave out, or give `build.budget` more")),
    }
}

/// The named services, or all that are built.
fn services<'r>(resolved: &'r Resolved, named: &[String]) -> Result<Vec<Built<'r>>, Failure> {
    let all = &resolved.environment.services;
    let built = all.iter().filter(|(_, it)| it.static_site.is_none());
    let built: Vec<Built<'_>> =
        built.filter_map(|(name, it)| Some((name.as_str(), it, it.build.as_ref()?))).collect();
    for name in named {
        if !built.iter().any(|(known, ..)| known == name) {
            let names: Vec<&str> = built.iter().map(|(name, ..)| *name).collect();
            let what = format!("there is no service `{name}` that is built from source");
            return Err(
                Failure::new(Kind::Usage, what).hint(format!("there are: {}", names.join(", ")))
            );
        }
    }
    Ok(built
        .into_iter()
        .filter(|(name, ..)| named.is_empty() || named.iter().any(|it| it == name))
        .collect())
}

/// Shows or writes the Dockerfiles of services that have none; names base images by digest.
async fn files(args: &BuildArgs, project: &Project, services: &[Built<'_>]) -> Result<(), Failure> {
    let mut shown = serde_json::Map::new();
    for (name, service, build) in services {
        let mut recipe = match dockerfile::of(project, name, service, build)? {
            Dockerfile::Own(file) if args.pin && !args.print => {
                pin(name, &file).await?;
                continue;
            }
            Dockerfile::Own(file) => {
                say::note(&format!("service {name} has its own: {}", file.display()));
                continue;
            }
            Dockerfile::Written(_) if !args.print && !args.write => {
                say::note(&format!(
                    "service {name} has no Dockerfile: --write --pin puts one there"
                ));
                continue;
            }
            Dockerfile::Written(recipe) => recipe,
        };
        if args.pin {
            recipe.dockerfile = base::pinned(&recipe.dockerfile).await?;
        }
        recipe.remarks.iter().for_each(|remark| say::warn(&format!("service {name}: {remark}")));
        if args.write {
            write(project, name, build, &recipe)?;
        } else if args.form.form() == Form::Json {
            let all = json!({ "dockerfile": recipe.dockerfile, "dockerignore": recipe.ignore, "context": recipe.context });
            shown.insert((*name).to_owned(), all);
        } else {
            if services.len() > 1 {
                say::data(&format!("# --- {name}"));
            }
            recipe.dockerfile.lines().for_each(say::data);
        }
    }
    if args.form.form() == Form::Json {
        say::json(&shown);
    }
    Ok(())
}

/// Names base images by digest in a Dockerfile of the user's.
async fn pin(name: &str, file: &Path) -> Result<(), Failure> {
    let at = file.display();
    let before = std::fs::read_to_string(file)
        .map_err(|source| Failure::because(Kind::Machine, format!("can't read {at}"), source))?;
    let after = base::pinned(&before).await?;
    if after == before {
        say::done(&format!("service {name}: nothing to pin in {at}"));
        return Ok(());
    }
    std::fs::write(file, &after)
        .map_err(|source| Failure::because(Kind::Machine, format!("can't write {at}"), source))?;
    say::done(&format!("service {name}: pinned the base images in {at}"));
    Ok(())
}

/// Puts a Dockerfile beside the project's source, where it is found from now on.
fn write(project: &Project, name: &str, build: &Build, recipe: &Recipe) -> Result<(), Failure> {
    let file = project.folder.join(&recipe.folder).join("Dockerfile");
    dockerfile::write(&file, recipe).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(
            Kind::Usage,
            format!("{} or its .dockerignore is there already", file.display()),
        ),
        _ => Failure::because(Kind::Machine, format!("can't write {}", file.display()), source),
    })?;
    say::done(&format!("wrote {}", file.display()));
    let context = if recipe.context.is_empty() { "." } else { &recipe.context };
    if Path::new(&build.context) != Path::new(context) {
        let inside =
            Path::new(&recipe.folder).strip_prefix(&recipe.context).unwrap_or(Path::new(""));
        let inside = inside.join("Dockerfile");
        say::hint(&format!(
            "its build sees the folder of the lockfile: under `{name}` say `build: {{context: {context}, dockerfile: {}}}`",
            inside.display()
        ));
    }
    Ok(())
}
