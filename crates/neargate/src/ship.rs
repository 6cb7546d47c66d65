//! Deploying to an environment on AWS, or to a local region that stands for it.
//!
//! Look, plan, ask, lock, do, watch, try, note. Every step may be the last of a program that is killed:
//! whoever runs it again finds what was done, does the rest, and takes over the lock.

pub(crate) mod copy;
mod deployment;
pub(crate) mod environment;
pub(crate) mod foundation;
pub(crate) mod image;
mod journal;
pub(crate) mod lock;
mod notify;
pub(crate) mod planned;
mod push;
mod roll;
pub(crate) mod site;
mod smoke;
pub(crate) mod teardown;

use crate::args::Form;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::say;
use deployment::Deployment;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

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
    /// Whether what can't be made again may be lost.
    pub(crate) losses: Losses,
    /// Whether alarms that fire already are minded.
    pub(crate) alarms: Alarms,
    /// The environment whose files are deployed, instead of those of this machine.
    pub(crate) promoted: Option<&'a environment::Environment>,
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

/// What becomes of a plan by which something is lost that can't be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Losses {
    /// It is refused.
    Refused,
    /// Somebody said that it is meant so.
    Allowed,
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
    let mut deployment = Deployment::open(project, asked).await?;
    let before = deployment.agree().await?;
    let lock = lock::take(&deployment.environment, &deployment.wish).await?;
    let outcome = deployment.locked(&before, &lock).await;
    give_back(lock).await;
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

/// Gives the lock back. It ends by itself where that can't be.
pub(crate) async fn give_back(lock: apply::lock::Lock) {
    if let Err(why) = lock.release().await {
        say::warn(&format!("the lock can't be given back: {why}; it ends by itself"));
    }
}

/// Asks whether to go on; what was not agreed to was not done.
pub(crate) fn agree(consent: Consent, question: &str, undone: &str) -> Result<(), Failure> {
    if consent == Consent::Given {
        return Ok(());
    }
    let refused = |what: &str| Failure::new(Kind::Usage, what.to_owned());
    if !std::io::stdin().is_terminal() {
        return Err(refused("nobody is there to agree to this").hint("look at it, then say --yes"));
    }
    let mut err = std::io::stderr().lock();
    let asked = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| std::io::stdin().read_line(&mut answer));
    match (read, answer.trim()) {
        (Ok(_), "y" | "Y" | "yes") => Ok(()),
        _ => Err(refused(undone)),
    }
}
