//! `neargate rollback`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::settle::{SettleArgs, settle};
use crate::ui::say;
use api::ecs::{
    DescribeTaskDefinition, DescribeTaskDefinitionRequest, UpdateService, UpdateServiceRequest,
};
use plan::earlier::{self, NoEarlier};
use serde_json::json;

/// Go back to the version that a service ran before
///
/// That is the task definition of the newest successful deployment of another version. The old tasks
/// stay until the new ones are healthy, as in every deployment. Databases do not go back with it.
#[derive(Debug, clap::Args)]
pub(crate) struct RollbackArgs {
    /// The service [default: the only one]
    service: Option<String>,
    /// This revision of its task definition instead: 3, or family:3
    #[arg(long, value_name = "REVISION")]
    to: Option<String>,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    settle: SettleArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: RollbackArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let name = reached.service(args.service.as_deref())?;
    let there = reached.deployed(&name).await?;
    let current = there.task_definition.clone().unwrap_or_default();
    let target = target(&reached, &name, &current, args.to.as_deref()).await?;
    let request = UpdateServiceRequest {
        cluster: Some(reached.cluster()),
        service: name.clone(),
        task_definition: Some(target.clone()),
        ..Default::default()
    };
    reached.client.call::<UpdateService>(request).await?;
    let (from, to) = (short(&current), short(&target));
    say::done(&format!("{name} goes back from {from} to {to}"));
    if !args.settle.detach {
        let least = u32::try_from(there.desired_count.unwrap_or_default()).unwrap_or_default();
        settle(&reached, &there, (&target, least), args.settle).await?;
        say::done(&format!("{name} runs {to} again"));
        say::hint("the next deployment brings what the source says then");
    }
    if args.form.form() == Form::Json {
        say::json(&json!({ "service": name, "from": current, "to": target }));
    }
    Ok(())
}

/// The ARN of the task definition that is gone back to.
async fn target(
    reached: &Reached,
    service: &str,
    current: &str,
    to: Option<&str>,
) -> Result<String, Failure> {
    let Some(to) = to else {
        let past = apply::past::past(&reached.client, &reached.cluster(), service).await?;
        let found = earlier::earlier(current, &past).map_err(|none| nothing(service, none))?;
        return Ok(found.definition.clone());
    };
    let name = earlier::named(current, to).map_err(|none| nothing(service, none))?;
    let request = DescribeTaskDefinitionRequest { task_definition: name.clone(), include: None };
    let found = reached.client.call::<DescribeTaskDefinition>(request).await?.task_definition;
    let found = found.filter(|it| it.status.as_deref() == Some("ACTIVE"));
    found.and_then(|it| it.task_definition_arn).ok_or_else(|| {
        Failure::new(Kind::Deployment, format!("the task definition {name} is no longer active"))
            .hint("ECS starts services from active ones only")
    })
}

fn nothing(service: &str, none: NoEarlier) -> Failure {
    let NoEarlier { why, hint } = none;
    Failure::new(Kind::Deployment, format!("service {service}: {why}")).hint(hint)
}

/// `family:revision`.
fn short(definition: &str) -> &str {
    definition.rsplit('/').next().unwrap_or(definition)
}
