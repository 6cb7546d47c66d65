//! `neargate up`.

use crate::admin::{self, Endpoints, Status};
use crate::args::{DataArgs, Form, ManifestArgs, RolloutArgs};
use crate::failure::{Failure, Kind};
use crate::place::Place;
use crate::project::Project;
use crate::ui::say;
use crate::{artifacts, backing, local, preflight, rollout, values};
use plan::Wish;
use std::collections::BTreeMap;

/// Run the manifest on the local region, which is started if need be
///
/// Builds what the services run from, starts what stands behind them (`backing`), deploys with rolling
/// updates, and watches until every service is healthy. Secrets that the region lacks come from `.env`
/// and `.env.local`. Run it again after a change: only what changed is rolled out.
#[derive(Debug, clap::Args)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    rollout: RolloutArgs,
}

pub(crate) async fn run(args: UpArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    let data = local::data(&args.data)?;
    deploy(&project, &data, &args.rollout).await
}

/// Deploys a project to the local region; `deploy --env local` is the same.
pub(crate) async fn deploy(
    project: &Project,
    data: &std::path::Path,
    args: &RolloutArgs,
) -> Result<(), Failure> {
    let resolved = project.resolve(manifest::LOCAL)?;
    project.warn_of_missing_effects(&resolved);
    preflight::tell(project, &resolved);
    let resolved = resolved.with_backing();
    let region = match local::running(data).await {
        Some(region) => region,
        None => local::begin(data, artifacts::suitable_driver(project, &resolved).await).await?,
    };
    if resolved.environment.region.as_ref().is_some_and(|named| *named != region.region) {
        say::warn(&format!(
            "the local region is called {}; `region` changes nothing",
            region.region
        ));
    }
    let client = local::client(&region)?;
    let mut wish = Wish { manifest: resolved, artifacts: BTreeMap::new() };
    values::fill(project, &client, &wish).await?;
    wish.artifacts = artifacts::make(project, &wish.manifest, &region).await?;
    let patience = args.patience();
    let place = Place::local(&region);
    backing::up(&client, &place, &wish, patience).await?;
    let observed = rollout::follow(&client, &place, &wish).await?;
    if !args.detach {
        let watch = rollout::Watch::new(&client, &place, &wish, &observed);
        watch.until_verdict(patience).await?;
    }
    let urls = urls(&region, &wish).await?;
    if args.form.form() == Form::Json {
        say::json(
            &serde_json::json!({ "app": wish.manifest.app, "urls": urls, "endpoint": region.endpoint }),
        );
        return Ok(());
    }
    let state = if args.detach { "is asked for" } else { "is up" };
    say::done(&format!("{} {state}", wish.manifest.app));
    urls.iter().for_each(|url| say::data(url));
    Ok(())
}

/// Where the application's load balancer is reached from here.
async fn urls(region: &Status, wish: &Wish) -> Result<Vec<String>, Failure> {
    let endpoints: Endpoints = admin::get(region.port, "endpoints").await?;
    let own = endpoints.listeners.into_iter();
    let own = own.filter(|listener| listener.load_balancer == wish.names().balancer());
    let urls: Vec<String> = own.filter_map(|listener| listener.url).collect();
    if wish.needs_balancer() && urls.is_empty() {
        let what = "the load balancer listens nowhere: its ports are taken";
        return Err(
            Failure::new(Kind::Machine, what).hint("`neargate region endpoints` shows them")
        );
    }
    Ok(urls)
}
