//! `neargate status`.

use crate::args::{Form, FormArgs};
use crate::failure::Failure;
use crate::place::Place;
use crate::reach::{ReachArgs, Reached};
use crate::trouble::Trouble;
use crate::ui::{finding, say, view};
use console::Style;
use plan::progress::Intent;
use plan::{Finding, Progress, Sight, Verdict};
use serde_json::{Value, json};

/// Show services, tasks, targets, what is waited for and what is wrong
#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: StatusArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let Reached { client, wish, place, .. } = &reached;
    let cluster = wish.cluster();
    let mut trouble = Trouble::new(place);
    let names = wish.services().map(|(name, _)| name);
    let mut sights = apply::sights(client, &cluster, names).await?;
    trouble.look(client, &sights).await;
    let mut shown = Vec::new();
    for (name, service) in wish.services() {
        let sight = sights.remove(name);
        shown.push((name, sight.map(|sight| judged(sight, service.desired_count(), place))));
    }
    let urls = reached.urls().await?;
    if args.form.form() == Form::Json {
        let services =
            shown.iter().map(|(name, held)| as_json(name, held.as_ref(), trouble.of(name)));
        say::json(&json!({
            "app": wish.manifest.app,
            "environment": wish.manifest.name,
            "speed": reached.region.as_ref().map_or(1.0, |region| region.speed),
            "services": services.collect::<Vec<_>>(),
            "urls": urls,
        }));
        return Ok(());
    }
    for (name, held) in &shown {
        let lines = match held {
            Some((sight, progress)) => {
                view::service(name, sight, progress, Style::new().for_stdout())
            }
            None => vec![format!("- {name}: not deployed")],
        };
        lines.iter().for_each(|line| say::data(line));
        for found in trouble.of(name) {
            let lines = finding::lines(name, found, Style::new().for_stdout());
            lines.iter().for_each(|line| say::data(line));
        }
    }
    urls.iter().for_each(|url| say::data(url));
    Ok(())
}

/// A service held against what it says itself: whichever definition it has is taken for the one that
/// was meant.
fn judged(sight: Sight, least: u32, place: &Place) -> (Sight, Progress) {
    let definition = sight.service.task_definition.clone().unwrap_or_default();
    let environment = place.environment();
    let intent = Intent { definition: &definition, digest: None, least, environment };
    let progress = plan::progress(&sight, intent);
    (sight, progress)
}

fn as_json(name: &str, held: Option<&(Sight, Progress)>, found: &[Finding]) -> Value {
    let Some((sight, progress)) = held else { return json!({ "name": name, "status": "ABSENT" }) };
    let service = &sight.service;
    let (verdict, why) = match &progress.verdict {
        Verdict::Done => ("done", None),
        Verdict::Waiting => ("waiting", None),
        Verdict::Failed(flaw) => ("failed", Some(&flaw.words)),
    };
    let tasks = sight.tasks.iter().map(|task| {
        json!({
            "taskArn": task.task_arn,
            "taskDefinitionArn": task.task_definition_arn,
            "lastStatus": task.last_status,
            "desiredStatus": task.desired_status,
            "healthStatus": task.health_status,
            "stopCode": task.stop_code,
            "stoppedReason": task.stopped_reason,
            "address": view::address(task),
        })
    });
    let targets = sight.targets.iter().map(|held| {
        let target = held.target.clone().unwrap_or_default();
        let health = held.target_health.clone().unwrap_or_default();
        json!({
            "id": target.id,
            "port": target.port,
            "state": health.state,
            "reason": health.reason,
            "description": health.description,
        })
    });
    json!({
        "name": name,
        "status": service.status,
        "verdict": verdict,
        "why": why,
        "waiting": progress.waiting,
        "approval": plan::approval(sight).map(|held| json!({
            "serviceDeploymentArn": held.deployment,
            "hookId": held.hook,
            "until": held.until.map(|until| until.to_string()),
        })),
        "taskDefinition": service.task_definition,
        "desiredCount": service.desired_count,
        "runningCount": service.running_count,
        "pendingCount": service.pending_count,
        "tasks": tasks.collect::<Vec<_>>(),
        "targets": targets.collect::<Vec<_>>(),
        "findings": found.iter().map(finding::as_json).collect::<Vec<_>>(),
    })
}
