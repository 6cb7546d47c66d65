//! `neargate promote`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::say;
use api::ecs::{ContinueServiceDeployment, ContinueServiceDeploymentRequest};
use plan::Approval;
use serde_json::json;

/// Let a deployment that waits for approval go on
///
/// With `deploy: {approve: true}` a new version is brought up, and gets no requests before it is
/// promoted. One that is not promoted within a day goes back by itself.
#[derive(Debug, clap::Args)]
pub(crate) struct PromoteArgs {
    /// Only this service [default: all that wait]
    service: Option<String>,
    /// Bring the old version back instead
    #[arg(long)]
    rollback: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: PromoteArgs) -> Result<(), Failure> {
    let Reached { client, wish, .. } = args.reach.reach().await?;
    let cluster = wish.cluster();
    let names = super::logs::chosen(&wish, args.service.as_deref())?;
    let sights = apply::sights(&client, &cluster, &names).await?;
    let approvals =
        sights.into_iter().filter_map(|(name, sight)| Some((name, plan::approval(&sight)?)));
    let waiting: Vec<(String, Approval)> = approvals.collect();
    if waiting.is_empty() {
        let whose = args.service.map(|name| format!(" of service {name}")).unwrap_or_default();
        let what = format!("no deployment{whose} waits for approval");
        return Err(Failure::new(Kind::Deployment, what)
            .hint("`neargate status` shows how far the services are"));
    }
    let action = if args.rollback { "ROLLBACK" } else { "CONTINUE" };
    for (name, approval) in &waiting {
        let request = ContinueServiceDeploymentRequest {
            service_deployment_arn: approval.deployment.clone(),
            hook_id: approval.hook.clone(),
            action: Some(action.to_owned()),
        };
        client.call::<ContinueServiceDeployment>(request).await?;
        say::done(&match args.rollback {
            false => format!("{name} goes on: requests move to the new version"),
            true => format!("{name} goes back: the old version keeps all requests"),
        });
    }
    if args.form.form() == Form::Json {
        let services = waiting.iter().map(|(name, approval)| {
            json!({
                "name": name,
                "serviceDeploymentArn": approval.deployment,
                "hookId": approval.hook,
                "action": action,
            })
        });
        say::json(&json!({ "services": services.collect::<Vec<_>>() }));
    } else {
        say::note("`neargate status` shows how far it is");
    }
    Ok(())
}
