//! Deploying to an environment on AWS, or to a local region that stands for it.
//!
//! Look, plan, ask, lock, do, watch, try, note. Every step may be the last of a program that is killed:
//! whoever runs it again finds what was done, does the rest, and takes over the lock.

pub(crate) mod copy;
pub(crate) mod environment;
pub(crate) mod image;
mod journal;
pub(crate) mod lock;
pub(crate) mod planned;
mod push;
mod smoke;

use crate::args::Form;
use crate::failure::{Failure, Kind};
use crate::place::{Place, Shipping};
use crate::project::Project;
use crate::rollout::{self, Watch};
use crate::ui::say;
use apply::Round;
use environment::Environment;
use image::Chosen;
use journal::Journal;
use plan::observed::Observed;
use plan::{Flaw, Plan, Wish};
use planned::Planned;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

/// What is asked of a deployment.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// The environment.
    pub(crate) environment: &'a str,
    /// The images that are deployed.
    pub(crate) images: &'a [String],
    /// The plan that is carried out, and no other.
    pub(crate) plan: Option<&'a Path>,
    /// Whether nobody is asked.
    pub(crate) consent: Consent,
    /// Whether alarms that fire already are minded.
    pub(crate) alarms: Alarms,
    /// How long is watched; `None` when nobody watches.
    pub(crate) patience: Option<Option<u64>>,
}

/// Who agrees to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// It was given beforehand.
    Given,
    /// Somebody at the terminal is asked.
    Asked,
}

/// What alarms mean that fire before anything was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alarms {
    /// Nothing is begun.
    Minded,
    /// This deployment is the cure.
    Unminded,
}

/// Deploys; answers where the application is reached.
pub(crate) async fn run(project: &Project, asked: &Asked<'_>) -> Result<Vec<String>, Failure> {
    let environment = Environment::open(project, asked.environment).await?;
    let mut wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    plan::ship::remarks(&wish).iter().for_each(|what| say::warn(what));
    crate::preflight::refuse(project, &wish.manifest, environment.untrue_rules())?;
    // What is missing is told before anything is built.
    environment.look_without_problems(&wish).await?;
    let planned = asked.plan.map(Planned::read).transpose()?;
    wish.artifacts = match &planned {
        Some(planned) => planned.artifacts(&wish)?,
        None => {
            let chosen = Chosen::read(asked.images, &wish)?;
            image::make(project, &environment, &wish, &chosen).await?
        }
    };
    let observed = environment.look_without_problems(&wish).await?;
    if let Some(planned) = &planned {
        planned.check(&wish, &observed)?;
    }
    let shipping = mind_alarms(&wish, &observed, asked.alarms)?;
    let now = planned::Planned::of(&wish, &observed);
    if now.is_nothing() {
        say::note("there is nothing to change");
    } else if planned.is_none() {
        now.tell();
        agree(asked.consent, &environment.resolved.name)?;
    }
    let place = Place::shipping(environment.region.as_ref(), shipping);
    let lock = lock::take(&environment, &wish).await?;
    let outcome = locked(&environment, &wish, (&place, &observed), asked, &lock).await;
    if let Err(why) = lock.release().await {
        say::warn(&format!("the lock can't be given back: {why}; it ends by itself"));
    }
    outcome
}

/// Says what was deployed, and where it is reached.
pub(crate) fn told(project: &Project, asked: &Asked<'_>, form: Form, urls: &[String]) {
    let Asked { environment, patience, .. } = asked;
    if form == Form::Json {
        say::json(&serde_json::json!({ "environment": environment, "urls": urls }));
        return;
    }
    let state = if patience.is_some() { "runs in" } else { "is asked for in" };
    say::done(&format!("{} {state} {environment}", project.app()));
    urls.iter().for_each(|url| say::data(url));
}

/// What is done while nobody else deploys.
async fn locked(
    environment: &Environment,
    wish: &Wish,
    (place, observed): (&Place, &Observed),
    asked: &Asked<'_>,
    lock: &apply::lock::Lock,
) -> Result<Vec<String>, Failure> {
    let mut journal = Journal::begin(environment, wish).await?;
    let rolled = roll(environment, wish, (place, observed), asked, &mut journal).await;
    let tried = match rolled {
        Ok(()) if asked.patience.is_some() => smoke::try_all(environment, wish).await,
        rolled => rolled.map(|()| Vec::new()),
    };
    let tried = match tried {
        Ok(_) if lock.is_lost() => Err(Failure::new(
            Kind::Deployment,
            "somebody took the lock away meanwhile: what runs may be another deployment's",
        )),
        tried => tried,
    };
    journal.end(environment, tried.as_ref().err()).await;
    tried
}

/// Follows the plan and watches what comes of it.
async fn roll(
    environment: &Environment,
    wish: &Wish,
    (place, before): (&Place, &Observed),
    asked: &Asked<'_>,
    journal: &mut Journal,
) -> Result<(), Failure> {
    let mut waiting = String::new();
    let done = RefCell::new(BTreeSet::new());
    let outcome = apply::follow_looking(
        &environment.client,
        async || environment.look(wish).await,
        |observed| once(plan::ship(wish, observed), &done.borrow()),
        |round| {
            if let Round::Done(step) = &round {
                done.borrow_mut().insert(step.what.clone());
            }
            rollout::tell(&round, &mut waiting);
        },
    );
    let outcome = rollout::explained(&environment.client, place, outcome.await).await;
    let observed =
        outcome.inspect_err(|why| journal.note("failed", &why.to_string(), Vec::new()))?;
    journal.definitions(wish, &observed);
    let Some(seconds) = asked.patience else {
        journal.note("not watched", "it was asked for, and nobody watched", Vec::new());
        return Ok(());
    };
    // Events from before the deployment are no news, those since are.
    let told = Observed { definitions: observed.definitions, ..before.clone() };
    let mut watch = Watch::new(&environment.client, place, wish, &told);
    let end = watch.until_end(patience(wish, seconds)).await;
    let evidence = watch.evidence();
    match end {
        Ok(None) => {
            journal.note(plan::record::DONE, "", Vec::new());
            Ok(())
        }
        Ok(Some(end)) => {
            let Flaw { kind, words } = &end.flaw;
            journal.note(kind.word(), words, evidence);
            Err(end.failure)
        }
        Err(why) => {
            journal.note("unknown", &why.to_string(), evidence);
            Err(why)
        }
    }
}

/// The plan without what was done already. Who finds a service changed again has met somebody else who
/// deploys: that is for the verdict to say, and not to be undone.
fn once(mut plan: Plan, done: &BTreeSet<String>) -> Plan {
    plan.steps.retain(|step| !done.contains(&step.what));
    plan
}

/// How long is watched: as asked, or twice as long as the slowest service should take, a quarter of
/// an hour at least.
fn patience(wish: &Wish, seconds: Option<u64>) -> Duration {
    let slowest = wish.services().map(|(_, service)| {
        Duration::from(plan::forecast::total(&plan::forecast::forecast(service)))
    });
    let usual = Duration::from_secs(900).max(slowest.max().unwrap_or_default() * 2);
    seconds.map_or(usual, Duration::from_secs)
}

/// What fires before anything was done is not watched by ECS: somebody has to say that it is meant so.
fn mind_alarms(wish: &Wish, observed: &Observed, alarms: Alarms) -> Result<Shipping, Failure> {
    let firing = plan::ship::firing(wish, observed);
    let unminded: BTreeSet<String> = firing.iter().map(|(_, alarm)| alarm.clone()).collect();
    if let ([(service, alarm), ..], Alarms::Minded) = (firing.as_slice(), alarms) {
        let what = format!(
            "service {service}: alarm {alarm} is in ALARM before anything was done, and ECS does not \
             watch an alarm that fires already"
        );
        return Err(Failure::new(Kind::Deployment, what)
            .hint("when this deployment is the cure, say --despite-alarms"));
    }
    Ok(Shipping { unminded })
}

/// Asks whether to go on.
fn agree(consent: Consent, environment: &str) -> Result<(), Failure> {
    if consent == Consent::Given {
        return Ok(());
    }
    let refused = |what: &str| Failure::new(Kind::Usage, what.to_owned());
    if !std::io::stdin().is_terminal() {
        return Err(refused("nobody is there to agree to this")
            .hint("say --yes, or make a plan first: neargate plan --out FILE"));
    }
    let mut err = std::io::stderr().lock();
    let asked = write!(err, "Deploy this to {environment}? [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| std::io::stdin().read_line(&mut answer));
    match (read, answer.trim()) {
        (Ok(_), "y" | "Y" | "yes") => Ok(()),
        _ => Err(refused("nothing was deployed")),
    }
}
