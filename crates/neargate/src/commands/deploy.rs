//! `neargate deploy`.

use super::up;
use crate::args::{DataArgs, ManifestArgs, RolloutArgs};
use crate::failure::{Failure, Kind};
use crate::git::Commit;
use crate::local;
use crate::project::Project;
use crate::ship::{self, Alarms, Asked, Consent, Losses};
use crate::ui::say;
use std::path::PathBuf;

/// Deploy the manifest to an environment
///
/// Builds and pushes images, shows the plan and asks, locks the environment, brings its stack to what
/// the manifest asks for, runs `before`, rolls out, watches, asks the services for their health
/// through the load balancer, and keeps a record. Success
/// means that the intended version runs, in full and healthy: a deployment that was rolled back,
/// superseded or scaled to nothing is a failure. Credentials and region are found as AWS's own tools
/// find them. What `foundation.existing` names is used and never changed.
#[derive(Debug, clap::Args)]
pub(crate) struct DeployArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    data: DataArgs,
    /// The environment; `local` is the local region
    #[arg(short, long)]
    env: String,
    /// The image of a service, instead of building it: an address with a digest, or a digest in the
    /// service's repository
    #[arg(long, value_name = "[SERVICE=]IMAGE")]
    image: Vec<String>,
    /// Do what this plan says, and nothing when things have changed since it was made
    #[arg(long, value_name = "FILE", conflicts_with = "image")]
    plan: Option<PathBuf>,
    /// Tag the commit as neargate/ENV/NUMBER once it runs; refused when something is not committed
    #[arg(long, conflicts_with_all = ["image", "plan", "detach"])]
    tag: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Replace or remove also what holds data, and the load balancer
    #[arg(long)]
    allow_replacement: bool,
    /// Begin although an alarm fires that is to watch the deployment
    #[arg(long)]
    despite_alarms: bool,
    #[command(flatten)]
    rollout: RolloutArgs,
}

pub(crate) async fn run(args: DeployArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    if args.env == manifest::LOCAL {
        if !args.image.is_empty() || args.plan.is_some() || args.tag {
            let what = "--image, --plan and --tag are for environments on AWS";
            return Err(Failure::new(Kind::Usage, what));
        }
        let data = local::data(&args.data)?;
        return up::deploy(&project, &data, &args.rollout).await;
    }
    let commit = if args.tag { Some(Commit::of(&project.folder).await?) } else { None };
    // Who keeps a plan has looked at it.
    let given = args.yes || args.plan.is_some();
    let asked = Asked {
        environment: &args.env,
        images: &args.image,
        plan: args.plan.as_deref(),
        consent: if given { Consent::Given } else { Consent::Asked },
        losses: if args.allow_replacement { Losses::Allowed } else { Losses::Refused },
        alarms: if args.despite_alarms { Alarms::Unminded } else { Alarms::Minded },
        promoted: None,
        patience: args.rollout.watched(),
    };
    let urls = ship::run(&project, &asked).await?;
    if let Some(commit) = commit {
        mark(&commit, &args.env).await;
    }
    ship::told(&project, &asked, args.rollout.form.form(), &urls);
    Ok(())
}

/// Tags what was deployed. That it can't be is no failure of what runs.
async fn mark(commit: &Commit, environment: &str) {
    match commit.tag(environment).await {
        Ok(tag) => say::done(&format!("tagged as {tag}; `git push origin {tag}` shares it")),
        Err(why) => say::warn(&format!("the commit was not tagged: {why}")),
    }
}
