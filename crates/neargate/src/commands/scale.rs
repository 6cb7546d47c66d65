//! `neargate scale`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::ReachArgs;
use crate::settle::{SettleArgs, settle};
use crate::ui::say;
use api::ecs::{UpdateService, UpdateServiceRequest};
use serde_json::json;

/// Give a service another number of tasks, until the manifest or a scaling policy says otherwise
#[derive(Debug, clap::Args)]
pub(crate) struct ScaleArgs {
    /// The service
    service: String,
    /// How many tasks it should have
    count: u32,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    settle: SettleArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: ScaleArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let name = reached.service(Some(&args.service))?;
    let there = reached.deployed(&name).await?;
    let before = there.desired_count.unwrap_or_default();
    let desired = i32::try_from(args.count).map_err(|source| {
        Failure::because(Kind::Usage, "no service can have so many tasks", source)
    })?;
    warn_of_bounds(&reached.wish, &name, args.count);
    let request = UpdateServiceRequest {
        cluster: Some(reached.cluster()),
        service: name.clone(),
        desired_count: Some(desired),
        ..Default::default()
    };
    reached.client.call::<UpdateService>(request).await?;
    if !args.settle.detach {
        let definition = there.task_definition.as_deref().unwrap_or_default();
        settle(&reached, &there, (definition, args.count), args.settle).await?;
    }
    let state = if args.settle.detach { "is asked for" } else { "has" };
    match args.form.form() {
        Form::Json => {
            say::json(&json!({ "service": name, "before": before, "desiredCount": desired }));
        }
        Form::Text => say::done(&format!("{name} {state} {desired} tasks; it had {before}")),
    }
    Ok(())
}

/// A scaling policy or the next deployment may undo it.
fn warn_of_bounds(wish: &plan::Wish, name: &str, count: u32) {
    let Some(service) = wish.manifest.environment.services.get(name) else { return };
    let Some(scale) = &service.scale else {
        if service.desired_count() != count {
            say::hint(&format!("`count: {count}` in the manifest makes it stay so"));
        }
        return;
    };
    if count < scale.min || count > scale.max {
        say::warn(&format!(
            "`scale` of service {name} goes from {} to {}: a policy may undo this",
            scale.min, scale.max
        ));
    }
}
