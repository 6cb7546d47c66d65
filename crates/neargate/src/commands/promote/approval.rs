//! A deployment that waits for approval goes on, or back.

use super::PromoteArgs;
use crate::args::Form;
use crate::failure::{Failure, Kind};
use crate::reach::Reached;
use crate::ui::say;
use api::ecs::{ContinueServiceDeployment, ContinueServiceDeploymentRequest};
use plan::Approval;
use serde_json::json;

pub(super) async fn run(args: PromoteArgs) -> Result<(), Failure> {
    if args.rollout.watched() != Some(None) {
        let what = "--detach and --timeout are about a deployment, for --from and --to";
        return Err(Failure::new(Kind::Usage, what));
    }
    let Reached { client, wish, .. } = args.reach.reach().await?;
    let cluster = wish.cluster();
    let names = crate::commands::logs::chosen(&wish, args.service.as_deref())?;
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
    if args.rollout.form.form() == Form::Json {
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
