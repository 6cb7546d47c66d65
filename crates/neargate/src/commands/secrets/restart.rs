//! `neargate secrets restart`.

use crate::failure::Failure;
use crate::reach::ReachArgs;
use crate::settle::{SettleArgs, settle};
use crate::ui::say;
use api::ecs::{UpdateService, UpdateServiceRequest};
use plan::kept::State;
use std::collections::BTreeSet;

/// Replace the tasks that were started before their values changed
///
/// By a new deployment of the same version: new tasks are healthy before old ones go.
#[derive(Debug, clap::Args)]
pub(super) struct RestartArgs {
    /// Only this service
    service: Option<String>,
    /// Also services whose values have not changed
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    settle: SettleArgs,
}

pub(super) async fn run(args: RestartArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let names = crate::commands::logs::chosen(&reached.wish, args.service.as_deref())?;
    let rows = super::rows(&reached, &names).await?;
    let is_old = |state: &State| matches!(state, State::Changed { .. });
    let old = rows.iter().filter(|row| is_old(&row.state)).map(|row| row.service.clone());
    let chosen: BTreeSet<String> = if args.all { names } else { old.collect() };
    if chosen.is_empty() {
        say::done("every task that runs has the values as they are");
        return Ok(());
    }
    for name in &chosen {
        let there = reached.deployed(name).await?;
        let request = UpdateServiceRequest {
            cluster: Some(reached.cluster()),
            service: name.clone(),
            force_new_deployment: Some(true),
            ..Default::default()
        };
        reached.client.call::<UpdateService>(request).await?;
        if args.settle.detach {
            say::done(&format!("{name}: new tasks are asked for"));
            continue;
        }
        let definition = there.task_definition.as_deref().unwrap_or_default();
        let least = u32::try_from(there.desired_count.unwrap_or_default()).unwrap_or_default();
        settle(&reached, &there, (definition, least), args.settle).await?;
        say::done(&format!("{name}: every task has the values as they are now"));
    }
    Ok(())
}
