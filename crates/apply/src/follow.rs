//! Looks, plans, does, and looks again, until nothing is left to do.

use crate::client::{CallError, Client};
use crate::observe::{Scope, observe};
use crate::run::{StepError, run};
use plan::observed::Observed;
use plan::{Act, Held, Plan, Problem, Step, Until};
use std::collections::BTreeSet;
use std::time::Duration;

/// From one look to the next, where only time helps.
const PAUSE: Duration = Duration::from_millis(500);

/// The most rounds that bring nothing new. A plan that asks for the same steps again and again is
/// wrong, and saying so beats going round for ever.
const STUCK: usize = 5;

/// What is told while a plan is followed.
#[derive(Debug)]
pub enum Round<'a> {
    /// A step begins.
    Begun(&'a Step),
    /// It was done.
    Done(&'a Step),
    /// Nothing can be done right now; this is waited for.
    Waiting(&'a Plan),
}

/// Why a plan was not followed to its end.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// Looking failed.
    #[error("can't look at what is there")]
    Look(#[source] CallError),
    /// A step failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// Something is in the way; nothing was changed in this round.
    #[error("{} in the way", if .0.len() == 1 { "something is" } else { "some things are" })]
    Problems(Vec<Problem>),
    /// The same steps are asked for again and again.
    #[error("`{0}` was done, and is still to be done")]
    Stuck(String),
}

/// Follows what `next` plans until it plans nothing; answers what was observed last.
///
/// # Errors
/// Says where it came to an end.
pub async fn follow(
    client: &Client,
    scope: Scope<'_>,
    next: impl Fn(&Observed) -> Plan,
    tell: impl FnMut(Round<'_>),
) -> Result<Observed, EndError> {
    follow_looking(client, async || observe(client, scope).await, next, tell).await
}

/// The same with a way of looking of one's own.
///
/// # Errors
/// As [`follow`].
pub async fn follow_looking(
    client: &Client,
    look: impl AsyncFn() -> Result<Observed, CallError>,
    next: impl Fn(&Observed) -> Plan,
    mut tell: impl FnMut(Round<'_>),
) -> Result<Observed, EndError> {
    let mut prepared = BTreeSet::new();
    let mut last: Vec<Step> = Vec::new();
    let mut same = 0;
    'look: loop {
        let mut observed = look().await.map_err(EndError::Look)?;
        observed.prepared.clone_from(&prepared);
        let plan = next(&observed);
        if !plan.problems.is_empty() {
            return Err(EndError::Problems(plan.problems));
        }
        if plan.is_done() {
            return Ok(observed);
        }
        same = if plan.steps == last && !last.is_empty() { same + 1 } else { 0 };
        if same > STUCK {
            return Err(EndError::Stuck(plan.steps[0].what.clone()));
        }
        for step in &plan.steps {
            tell(Round::Begun(step));
            match run(client, step).await {
                Err(why) if why.passes() => {
                    tell(Round::Waiting(&too_early(step)));
                    tokio::time::sleep(PAUSE).await;
                    last.clear();
                    continue 'look;
                }
                outcome => outcome?,
            }
            if let Act::Before(before) = &step.act {
                prepared.insert(before.definition.clone());
            }
            tell(Round::Done(step));
        }
        if plan.steps.is_empty() {
            tell(Round::Waiting(&plan));
            tokio::time::sleep(PAUSE).await;
        }
        last = plan.steps;
    }
}

/// A plan that waits for what has to go before a step can be done.
fn too_early(step: &Step) -> Plan {
    let for_what = "what it contains to be gone".to_owned();
    let held = Held { what: step.what.clone(), for_what, until: Until::Time };
    Plan { held: vec![held], ..Plan::default() }
}
