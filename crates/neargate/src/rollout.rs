//! Follows a plan, then watches what it brought about until there is a verdict.

use crate::failure::{Failure, Kind};
use crate::project::Sought;
use crate::ui::live::{Screen, faint};
use crate::ui::{say, view};
use apply::{Client, Round};
use console::Style;
use plan::observed::Observed;
use plan::progress::Intent;
use plan::{Progress, Sight, Verdict, Wish};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// From one look to the next. AWS would be asked less often.
const PAUSE: Duration = Duration::from_millis(300);

/// Follows the plan from what is there to the wish; each step is told.
pub(crate) async fn follow(client: &Client, wish: &Wish) -> Result<Observed, Failure> {
    let sought = Sought::of(wish);
    let scope = sought.scope(wish.names());
    let mut waiting = String::new();
    let observed = apply::follow(
        client,
        scope,
        |observed| plan::plan(wish, observed),
        |round| {
            tell(&round, &mut waiting);
        },
    );
    Ok(observed.await?)
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

/// Watches the services of a wish until each has its verdict.
pub(crate) async fn watch(
    client: &Client,
    wish: &Wish,
    observed: &Observed,
    patience: Duration,
) -> Result<(), Failure> {
    let mut watch = Watch::new(wish, observed);
    let begun = Instant::now();
    loop {
        watch.look(client).await?;
        watch.draw();
        if let Some(failure) = watch.failure() {
            return Err(failure);
        }
        if watch.is_done() {
            return Ok(());
        }
        if begun.elapsed() > patience {
            let what = format!("not done after {} s: {}", patience.as_secs(), watch.waiting());
            return Err(Failure::new(Kind::Deployment, what)
                .hint("it goes on by itself; `neargate status` shows how far it is"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is watched, and what was seen last.
struct Watch<'a> {
    wish: &'a Wish,
    definitions: BTreeMap<String, String>,
    seen: BTreeMap<String, (Sight, Progress)>,
    told: BTreeSet<String>,
    said: BTreeMap<String, Vec<String>>,
    screen: Screen,
}

impl<'a> Watch<'a> {
    fn new(wish: &'a Wish, observed: &Observed) -> Self {
        // Events from before are no news.
        let services = observed.services.values();
        let events = services.flat_map(|service| service.events.iter().flatten());
        Self {
            wish,
            definitions: plan::intended(wish, observed),
            seen: BTreeMap::new(),
            told: events.filter_map(|event| event.id.clone()).collect(),
            said: BTreeMap::new(),
            screen: Screen::new(),
        }
    }

    async fn look(&mut self, client: &Client) -> Result<(), Failure> {
        let cluster = self.wish.names().cluster();
        for (name, service) in self.wish.services() {
            let Some(definition) = self.definitions.get(name) else { continue };
            let sight = apply::sight(client, &cluster, name).await?.unwrap_or_default();
            let artifact = self.wish.artifacts.get(name);
            let intent = Intent {
                definition,
                digest: artifact.and_then(|artifact| artifact.digest.as_deref()),
                least: service.desired_count(),
            };
            let progress = plan::progress(&sight, intent);
            self.seen.insert(name.clone(), (sight, progress));
        }
        Ok(())
    }

    /// Tells new events, and shows how far everything is.
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
        if self.screen.is_watched() {
            let lines = self.seen.iter();
            let lines = lines.flat_map(|(name, (sight, held))| {
                view::service(name, sight, held, Style::new().for_stderr())
            });
            self.screen.show(&lines.collect::<Vec<_>>());
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
            say::note(&format!("… {name}: {}", progress.waiting.join("; ")));
            self.said.insert(name.clone(), progress.waiting.clone());
        }
    }

    fn failure(&self) -> Option<Failure> {
        self.seen.iter().find_map(|(name, (sight, progress))| match &progress.verdict {
            Verdict::Failed(why) => Some(explain(name, sight, why)),
            Verdict::Done | Verdict::Waiting => None,
        })
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

/// A failed deployment with what its newest stopped task says.
fn explain(name: &str, sight: &Sight, why: &str) -> Failure {
    let stopped = sight.tasks.iter().filter(|task| task.stopped_reason.is_some());
    let newest = stopped.max_by_key(|task| task.stopping_at.or(task.stopped_at));
    let mut what = format!("service {name}: {why}");
    if let Some(task) = newest {
        let reason = task.stopped_reason.as_deref().unwrap_or_default();
        what.push_str(&format!("\n  its newest stopped task says: {reason}"));
        for container in task.containers.iter().flatten() {
            let container_name = container.name.as_deref().unwrap_or_default();
            if let Some(reason) = &container.reason {
                what.push_str(&format!("\n  container {container_name}: {reason}"));
            }
            if let Some(code) = container.exit_code {
                what.push_str(&format!("\n  container {container_name}: exit code {code}"));
            }
        }
    }
    Failure::new(Kind::Deployment, what)
        .hint(format!("`neargate logs {name}` shows what its tasks wrote"))
        .hint("`neargate events` shows what ECS did")
}
