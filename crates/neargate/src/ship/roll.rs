//! Rolls services out: follows the plan, and watches what comes of it.

use super::environment::Environment;
use super::journal::Journal;
use crate::failure::Failure;
use crate::place::Place;
use crate::rollout::{self, Watch};
use apply::Round;
use plan::observed::Observed;
use plan::{Flaw, Plan, Wish};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

/// Where what is rolled out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) environment: &'a Environment,
    pub(super) wish: &'a Wish,
    pub(super) place: &'a Place,
}

/// Follows the plan and watches what comes of it.
pub(super) async fn roll(
    scene: Scene<'_>,
    before: &Observed,
    patience: Option<Option<u64>>,
    journal: &mut Journal,
) -> Result<(), Failure> {
    let Scene { environment, wish, place } = scene;
    let observed = follow(scene, journal).await?;
    journal.definitions(wish, &observed);
    let Some(seconds) = patience else {
        journal.note(plan::record::UNWATCHED, "it was asked for, and nobody watched", Vec::new());
        return Ok(());
    };
    // Events from before the deployment are no news, those since are. Everything else counts as it is
    // now: before, the stack may not have been there.
    let told = Observed { services: before.services.clone(), ..observed };
    let mut watch = Watch::new(&environment.client, place, wish, &told);
    let end = watch.until_end(time(wish, seconds)).await;
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

/// Follows the plan until nothing is left to do.
async fn follow(scene: Scene<'_>, journal: &mut Journal) -> Result<Observed, Failure> {
    let Scene { environment, wish, place } = scene;
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
    outcome.inspect_err(|why| journal.note("failed", &why.to_string(), Vec::new()))
}

/// The plan without what was done already. Who finds a service changed again has met somebody else who
/// deploys: that is for the verdict to say, and not to be undone.
fn once(mut plan: Plan, done: &BTreeSet<String>) -> Plan {
    plan.steps.retain(|step| !done.contains(&step.what));
    plan
}

/// How long is watched: as asked, or twice as long as the slowest service should take, a quarter of
/// an hour at least.
fn time(wish: &Wish, seconds: Option<u64>) -> Duration {
    let slowest = wish.services().map(|(_, service)| {
        Duration::from(plan::forecast::total(&plan::forecast::forecast(service)))
    });
    let usual = Duration::from_secs(900).max(slowest.max().unwrap_or_default() * 2);
    seconds.map_or(usual, Duration::from_secs)
}
