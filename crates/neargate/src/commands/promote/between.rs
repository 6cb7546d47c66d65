//! The images of one environment go on to another.

use super::PromoteArgs;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ship::environment::Environment;
use crate::ship::{self, Alarms, Asked, Consent, Losses, copy, foundation};
use crate::ui::say;
use plan::{Promotion, Wish};
use std::collections::BTreeMap;

pub(super) async fn run(args: &PromoteArgs, from: &str, to: &str) -> Result<(), Failure> {
    if from == to {
        return Err(Failure::new(Kind::Usage, "--from and --to name the same environment"));
    }
    let project = Project::read(&args.reach.file.file)?;
    let source = Environment::open_as(&project, from, args.from_profile.as_deref()).await?;
    let target = Environment::open(&project, to).await?;
    let wish = Wish { manifest: target.resolved.clone(), artifacts: BTreeMap::new() };
    let promotion = seen(&source, &wish).await?;
    mind(&promotion, from, args)?;
    // What is missing there is told before anything is copied.
    let ground = foundation::look(&target, &wish).await?;
    let survey = target.survey(&wish, &ground).await?;
    if let Some(service) = survey.unfounded.first() {
        let what = format!(
            "nothing was promoted: the stack of {to} is yet to bring what service {service} stands on"
        );
        return Err(Failure::new(Kind::Deployment, what)
            .hint(format!("make it first: neargate deploy --env {to}")));
    }
    let mut images = Vec::new();
    for (name, image) in &promotion.images {
        let there = copy::bring(&source, (&target, &wish), (name, image)).await?;
        images.push(format!("{name}={there}"));
    }
    let asked = Asked {
        environment: to,
        images: &images,
        plan: None,
        consent: if args.yes { Consent::Given } else { Consent::Asked },
        losses: Losses::Refused,
        alarms: if args.despite_alarms { Alarms::Unminded } else { Alarms::Minded },
        promoted: Some(&source),
        patience: args.rollout.watched(),
    };
    let urls = ship::run(&project, &asked).await?;
    ship::told(&project, &asked, args.rollout.form.form(), &urls);
    Ok(())
}

/// What can go on of what runs in an environment.
async fn seen(source: &Environment, wish: &Wish) -> Result<Promotion, Failure> {
    let there = Wish { manifest: source.resolved.clone(), artifacts: BTreeMap::new() };
    let names: Vec<String> = wish.services().map(|(name, _)| name.clone()).collect();
    let sights = apply::sights(&source.client, &there.cluster(), &names).await?;
    let records = apply::records::list(&source.client, &there.names().records()).await?;
    Ok(plan::promotion(&there.manifest.name, &names, &sights, records.first()))
}

/// Refuses what can't be promoted, and what should not be unless somebody says so.
fn mind(promotion: &Promotion, from: &str, args: &PromoteArgs) -> Result<(), Failure> {
    let Promotion { doubts, obstacles, .. } = promotion;
    let refused = |lines: &[String]| {
        let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
        Failure::new(Kind::Deployment, format!("nothing was promoted:{lines}"))
    };
    if !obstacles.is_empty() {
        return Err(refused(obstacles)
            .hint(format!("`neargate status --env {from}` shows what runs there")));
    }
    if !doubts.is_empty() && !args.unproven {
        return Err(refused(doubts)
            .hint(format!("deploy to it again: neargate deploy --env {from}"))
            .hint("when it is to go on all the same, say --unproven"));
    }
    doubts.iter().for_each(|doubt| say::warn(doubt));
    Ok(())
}
