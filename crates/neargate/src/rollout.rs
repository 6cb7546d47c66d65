//! Follows a plan, then watches what it brought about until there is a verdict.

mod giving_up;

use crate::failure::{Failure, Kind};
use crate::place::{Place, Shipping};
use crate::project::Sought;
use crate::reach::Reached;
use crate::trouble::Trouble;
use crate::ui::live::{Screen, faint};
use crate::ui::{finding, say, view};
use api::ecs::Service;
use apply::before::BeforeError;
use apply::run::StepError;
use apply::{Client, EndError, Round};
use console::Style;
use plan::diagnosis::{Cause, Severity};
use plan::observed::Observed;
use plan::progress::Intent;
use plan::{Finding, Flaw, Plan, Progress, Sight, Verdict, Wish};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long the reasons of a failure are waited for once ECS has given its verdict.
const HEARING: Duration = Duration::from_secs(3);

/// Follows the plan from what is there to the wish; each step is told.
pub(crate) async fn follow(
    client: &Client,
    place: &Place,
    wish: &Wish,
) -> Result<Observed, Failure> {
    follow_with(client, place, wish, plan::plan).await
}

/// The same with a plan for a part of the wish.
pub(crate) async fn follow_with(
    client: &Client,
    place: &Place,
    wish: &Wish,
    next: fn(&Wish, &Observed) -> Plan,
) -> Result<Observed, Failure> {
    let sought = Sought::of(wish);
    let scope = sought.scope(wish.names());
    let mut waiting = String::new();
    let observed = apply::follow(
        client,
        scope,
        |observed| next(wish, observed),
        |round| {
            tell(&round, &mut waiting);
        },
    );
    explained(client, place, observed.await).await
}

/// An outcome, with what is known of a task that failed before its service could be rolled out.
pub(crate) async fn explained(
    client: &Client,
    place: &Place,
    outcome: Result<Observed, EndError>,
) -> Result<Observed, Failure> {
    match outcome {
        Err(EndError::Step(StepError::Before(BeforeError::Failed { service, why, task }))) => {
            let found = Trouble::new(place).of_task(client, &service, &task).await;
            let lines = |held| finding::lines(&service, held, Style::new().for_stderr());
            found.iter().flat_map(lines).for_each(|line| say::note(&line));
            let what = format!(
                "the task before service {service} failed, so the old version stays: {why}{}",
                causes(&found)
            );
            Err(because(Failure::new(Kind::Deployment, what), &found)
                .hint(format!("`neargate logs {service}` shows what it wrote")))
        }
        outcome => Ok(outcome?),
    }
}

/// Tells a step, or once what is waited for.
pub(crate) fn tell(round: &Round<'_>, waiting: &mut String) {
    match round {
        Round::Begun(_) => {}
        Round::Done(step) => {
            say::done(&step.what);
            for why in &step.why {
                say::note(&faint(&format!("    {why}")));
            }
        }
        Round::Waiting(plan) => {
            let held =
                plan.held.iter().map(|held| format!("{} waits for {}", held.what, held.for_what));
            let text = held.collect::<Vec<_>>().join("; ");
            if *waiting != text {
                say::note(&format!("… {text}"));
                *waiting = text;
            }
        }
    }
}

/// Watches the services of a wish until there is a verdict.
pub(crate) struct Watch<'a> {
    client: &'a Client,
    cluster: String,
    goals: BTreeMap<String, Goal>,
    until: Until,
    seen: BTreeMap<String, (Sight, Progress)>,
    told: BTreeSet<String>,
    said: BTreeMap<String, Vec<String>>,
    trouble: Trouble,
    screen: Screen,
    place: &'a Place,
    given_up: BTreeMap<String, Flaw>,
}

/// What a service has to come to.
#[derive(Debug, Clone)]
pub(crate) struct Goal {
    /// The ARN of its task definition.
    pub(crate) definition: String,
    /// The digest that tasks must show, where it is known.
    pub(crate) digest: Option<String>,
    /// How many tasks there have to be at least.
    pub(crate) least: u32,
}

/// When a service is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// When a deployment has done what it was asked for. ECS goes on to stop tasks that are too many.
    Deployed,
    /// When nothing changes any more. It is not brought back early: somebody asked for just this.
    Steady,
}

/// How a deployment ended that is no success.
#[derive(Debug)]
pub(crate) struct End {
    /// Which ending it is.
    pub(crate) flaw: Flaw,
    /// What is said of it.
    pub(crate) failure: Failure,
}

impl<'a> Watch<'a> {
    /// A watch over what was brought about; `observed` is what was there when it began.
    pub(crate) fn new(
        client: &'a Client,
        place: &'a Place,
        wish: &'a Wish,
        observed: &Observed,
    ) -> Self {
        let definitions = plan::intended(wish, observed);
        let goals = wish.services().filter_map(|(name, service)| {
            let artifact = wish.artifacts.get(name);
            let goal = Goal {
                definition: definitions.get(name)?.clone(),
                digest: artifact.and_then(|artifact| artifact.digest.clone()),
                least: service.desired_count(),
            };
            Some((name.clone(), goal))
        });
        let (cluster, goals) = (wish.cluster(), goals.collect());
        let known = observed.services.values();
        Self::over(client, place, (cluster, goals), known)
    }

    /// A watch over one service that was changed by hand, until nothing changes any more.
    pub(crate) fn settling(reached: &'a Reached, goal: Goal, known: &Service) -> Self {
        let name = known.service_name.clone().unwrap_or_default();
        let goals = BTreeMap::from([(name, goal)]);
        let whole = (reached.cluster(), goals);
        let watch = Self::over(&reached.client, &reached.place, whole, [known]);
        Self { until: Until::Steady, ..watch }
    }

    /// A watch over services of a cluster; what is known of them is no news.
    fn over<'k>(
        client: &'a Client,
        place: &'a Place,
        (cluster, goals): (String, BTreeMap<String, Goal>),
        known: impl IntoIterator<Item = &'k Service>,
    ) -> Self {
        let events = known.into_iter().flat_map(|service| service.events.iter().flatten());
        Self {
            client,
            cluster,
            goals,
            until: Until::Deployed,
            seen: BTreeMap::new(),
            told: events.filter_map(|event| event.id.clone()).collect(),
            said: BTreeMap::new(),
            trouble: Trouble::new(place),
            screen: Screen::new(),
            place,
            given_up: BTreeMap::new(),
        }
    }

    /// Watches until each service has its verdict. What is wrong is told as it comes to light; a task
    /// that fails is no verdict yet, for ECS tries again.
    pub(crate) async fn until_verdict(mut self, patience: Duration) -> Result<(), Failure> {
        self.until_end(patience).await?.map_or(Ok(()), |end| Err(end.failure))
    }

    /// The same; answers how it ended, if that was no success.
    pub(crate) async fn until_end(&mut self, patience: Duration) -> Result<Option<End>, Failure> {
        let begun = Instant::now();
        loop {
            self.look().await?;
            self.draw();
            if self.end().is_some() {
                self.hear_out().await?;
                return Ok(self.end());
            }
            if self.is_done() {
                return Ok(None);
            }
            if begun.elapsed() > patience {
                return Ok(Some(self.late(patience)));
            }
            self.give_up().await?;
            tokio::time::sleep(self.place.pause).await;
        }
    }

    /// What speaks for the verdict, a line each.
    pub(crate) fn evidence(&self) -> Vec<String> {
        let all = self.trouble.all().into_iter();
        let lines = all.flat_map(|(name, found)| {
            let title = format!("{name}: {}", found.title);
            [title].into_iter().chain(found.evidence).chain(found.log)
        });
        lines.collect()
    }

    /// The verdict may be there before the reason is understood; looks a little longer for that.
    async fn hear_out(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        while self.trouble.has_untold() && begun.elapsed() < HEARING {
            tokio::time::sleep(self.place.pause.min(HEARING)).await;
            self.look().await?;
            self.draw();
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<(), Failure> {
        let (cluster, names) = (&self.cluster, self.goals.keys());
        let mut sights = match self.shipping() {
            Some(shipping) => {
                apply::sights_closely(self.client, cluster, names, &shipping.unminded).await?
            }
            None => apply::sights(self.client, cluster, names).await?,
        };
        self.trouble.look(self.client, &sights).await;
        for (name, goal) in &self.goals {
            let sight = sights.remove(name).unwrap_or_default();
            let Goal { definition, digest, least } = goal;
            let environment = self.place.environment();
            let digest = digest.as_deref();
            let intent = Intent { definition, digest, least: *least, environment };
            let mut progress = plan::progress(&sight, intent);
            if self.until == Until::Steady {
                progress = plan::progress::steadily(progress, &sight.service);
            }
            self.seen.insert(name.clone(), (sight, progress));
        }
        Ok(())
    }

    /// Tells new events and findings, and shows how far everything is.
    fn draw(&mut self) {
        for (name, (sight, _)) in &self.seen {
            let events = sight.service.events.iter().flatten().rev();
            for event in events {
                let (Some(id), Some(message)) = (&event.id, &event.message) else { continue };
                if self.told.insert(id.clone()) {
                    self.screen.above(&faint(&format!("  {name} │ {message}")));
                }
            }
        }
        for (name, found) in self.trouble.fresh() {
            let lines = finding::lines(&name, &found, Style::new().for_stderr());
            self.screen.above(&lines.join("\n"));
        }
        if self.screen.is_watched() {
            let lines = self.seen.iter();
            let lines = lines.flat_map(|(name, (sight, held))| {
                view::service(name, sight, held, Style::new().for_stderr())
            });
            let pace = self.place.pace.iter().map(|pace| faint(pace));
            self.screen.show(&lines.chain(pace).collect::<Vec<_>>());
        } else {
            self.draw_plain();
        }
    }

    /// Where nobody watches, only changes are told.
    fn draw_plain(&mut self) {
        for (name, (_, progress)) in &self.seen {
            if progress.waiting.is_empty() || self.said.get(name) == Some(&progress.waiting) {
                continue;
            }
            if let Some(pace) = self.place.pace.as_ref().filter(|_| self.said.is_empty()) {
                say::note(pace);
            }
            say::note(&format!("… {name}: {}", progress.waiting.join("; ")));
            self.said.insert(name.clone(), progress.waiting.clone());
        }
    }

    /// What is asked of a deployment to an environment on AWS; a change by hand is no such.
    fn shipping(&self) -> Option<&'a Shipping> {
        self.place.shipping.as_ref().filter(|_| self.until == Until::Deployed)
    }

    /// How it ended, if it did and badly. On AWS a rollback is seen out: it may fail too.
    fn end(&self) -> Option<End> {
        let flaws = self.seen.iter().filter_map(|(name, (_, progress))| match &progress.verdict {
            Verdict::Failed(flaw) => Some((name, flaw)),
            Verdict::Done | Verdict::Waiting => self.given_up.get(name).map(|flaw| (name, flaw)),
        });
        let mut last = flaws.filter(|(_, flaw)| flaw.is_final() || self.shipping().is_none());
        let (name, flaw) = last.next()?;
        let failure = explain(name, &flaw.words, self.trouble.of(name));
        Some(End { flaw: flaw.clone(), failure })
    }

    fn late(&self, patience: Duration) -> End {
        let waits = |held: &&(Sight, Progress)| held.1.verdict != Verdict::Done;
        let first = self.seen.values().find(waits);
        let nothing = Progress { verdict: Verdict::Waiting, waiting: Vec::new() };
        let progress = first.map_or(&nothing, |(_, progress)| progress);
        let flaw = Flaw::late(progress, patience.as_secs());
        let what = format!("not done after {} s: {}", patience.as_secs(), self.waiting());
        let waiting = self.seen.iter().find(|(_, held)| waits(held));
        let found = waiting.map_or(&[][..], |(name, _)| self.trouble.of(name));
        let failure = because(Failure::new(Kind::Deployment, what + &causes(found)), found)
            .hint("it goes on by itself; `neargate status` shows how far it is");
        End { flaw, failure }
    }

    fn is_done(&self) -> bool {
        self.seen.values().all(|(_, progress)| progress.verdict == Verdict::Done)
    }

    fn waiting(&self) -> String {
        let waiting = self.seen.iter().filter(|(_, (_, held))| held.verdict == Verdict::Waiting);
        let waiting =
            waiting.map(|(name, (_, held))| format!("{name}: {}", held.waiting.join("; ")));
        waiting.collect::<Vec<_>>().join(", ")
    }
}

/// A failed deployment with the causes that were found.
fn explain(name: &str, why: &str, found: &[Finding]) -> Failure {
    let what = format!("service {name}: {why}{}", causes(found));
    because(Failure::new(Kind::Deployment, what), found)
        .hint(format!("`neargate logs {name}` shows what its tasks wrote"))
        .hint("`neargate events` shows what ECS did")
}

/// The causes, one a line.
fn causes(found: &[Finding]) -> String {
    let failures = failures(found);
    failures.map(|finding| format!("\n  {}", finding::title(finding))).collect()
}

/// A failure with what to do about the first cause.
fn because(failure: Failure, found: &[Finding]) -> Failure {
    let todo = failures(found).next().map(|finding| finding.todo.as_slice()).unwrap_or_default();
    // That the log tells more is said of every failure.
    let todo = todo.iter().filter(|what| !what.contains("neargate logs"));
    todo.fold(failure, |failure, what| failure.hint(what))
}

/// What failed of itself. That ECS gave up for it is the verdict, which is said anyhow.
fn failures(found: &[Finding]) -> impl Iterator<Item = &Finding> {
    found.iter().filter(|finding| {
        let verdict = matches!(finding.cause, Cause::RolledBack | Cause::BreakerTripped);
        finding.severity == Severity::Failure && !verdict
    })
}
