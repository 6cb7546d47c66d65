//! `neargate plan`.

mod drift;

use crate::args::{Form, FormArgs, ManifestArgs};
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ship::environment::Environment;
use crate::ship::foundation;
use crate::ship::image::{self, Chosen};
use crate::ship::planned::Planned;
use crate::ship::site::{Making, Sites};
use crate::ui::say;
use plan::Wish;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Show what `deploy` would change in an environment on AWS, without changing anything
///
/// Task definitions field by field, services, what the tasks cost a month before and after, and how
/// long it will take. Images are not built for it: without --image a service that is built is planned
/// with the image that it runs now, and files that `static.build` makes as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// The environment
    #[arg(short, long)]
    env: String,
    /// The image of a service: an address with a digest, or a digest in the service's repository
    #[arg(long, value_name = "[SERVICE=]IMAGE")]
    image: Vec<String>,
    /// Keep the plan in a file, for `deploy --plan`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Tell instead what was changed by hand of what the environment stands on, field by field
    #[arg(long, conflicts_with_all = ["image", "out"])]
    drift: bool,
    /// Exit with 2 when there is something to change, and with 1 for every failure
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: PlanArgs) -> Result<(), Failure> {
    let detailed = args.exit_code;
    match told(args).await {
        Ok(Changes::Some) if detailed => Err(Failure::changes()),
        Ok(_) => Ok(()),
        Err(failure) if detailed => Err(failure.with_code(1)),
        Err(failure) => Err(failure),
    }
}

/// Whether there is anything to change.
enum Changes {
    Some,
    None,
}

async fn told(args: PlanArgs) -> Result<Changes, Failure> {
    let some = match args.drift {
        true => {
            let project = Project::read(&args.manifest.path)?;
            drift::tell(&project, &args.env, args.form.form()).await?
        }
        false => !planned(args).await?.is_nothing(),
    };
    Ok(if some { Changes::Some } else { Changes::None })
}

async fn planned(args: PlanArgs) -> Result<Planned, Failure> {
    let project = Project::read(&args.manifest.path)?;
    let environment = Environment::open(&project, &args.env).await?;
    let mut wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    plan::remarks(&wish.manifest).iter().for_each(|what| say::warn(what));
    let ground = foundation::look(&environment, &wish).await?;
    let survey = environment.survey(&wish, &ground).await?;
    let chosen = Chosen::read(&args.image, &wish)?;
    let (artifacts, open) = image::assume(&environment, &wish, &survey.observed, &chosen).await?;
    wish.artifacts = artifacts;
    if let ([first, ..], Some(_)) = (open.as_slice(), &args.out) {
        let what = format!("a plan that is kept names its images, and {first} is yet to be built");
        return Err(Failure::new(Kind::Usage, what).hint(format!("--image {first}=…")));
    }
    for name in open.iter().filter(|name| survey.observed.services.contains_key(*name)) {
        say::note(&format!(
            "service {name} is planned with the image that it runs; `deploy` builds it"
        ));
    }
    let making = if args.out.is_some() { Making::Done } else { Making::Due };
    let sites = Sites::prepare(&project, &environment, making).await?;
    let planned = Planned::of(&wish, &survey, &ground, &sites);
    if let Some(over) = planned.over_budget() {
        say::warn(over);
    }
    if let Some(file) = &args.out {
        let text = format!("{:#}\n", planned.value());
        std::fs::write(file, text).map_err(|why| {
            Failure::because(Kind::Machine, format!("can't write {}", file.display()), why)
        })?;
    }
    match args.form.form() {
        Form::Json => say::json(&planned.value()),
        Form::Text if planned.is_nothing() => say::data("there is nothing to change"),
        Form::Text => planned.lines().iter().for_each(|line| say::data(line)),
    }
    Ok(planned)
}
