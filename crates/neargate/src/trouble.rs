//! Watches services for trouble: gathers evidence where there is some, and tells each finding once.

use crate::admin::{self, Probes};
use crate::place::Place;
use api::ecs::Task;
use apply::{Client, Gathering};
use futures_util::future::join_all;
use plan::diagnosis::{Cause, Probe, since, troubled};
use plan::wish::ArtifactKind;
use plan::{Finding, Sight};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long something unknown may still become known: the log travels apart from the news of a death.
const UNKNOWN: Duration = Duration::from_millis(1500);

/// From one look at a log to the next.
const AGAIN: Duration = Duration::from_millis(300);

/// How long a finding whose log still grows is held back.
const GROWING: Duration = Duration::from_millis(1000);

/// What is wrong with services that are looked at again and again.
#[derive(Debug)]
pub(crate) struct Trouble {
    kind: ArtifactKind,
    gatherings: BTreeMap<String, Gathering>,
    door: Option<u16>,
    found: BTreeMap<String, Vec<Finding>>,
    news: News,
}

/// Which findings were told, and which are about to be.
#[derive(Debug, Default)]
struct News {
    told: BTreeSet<Key>,
    seen: BTreeMap<Key, Seen>,
}

/// What makes a finding the same one.
type Key = (String, (Cause, String));

/// A finding that was not told yet.
#[derive(Debug)]
struct Seen {
    first: Instant,
    log: Vec<String>,
}

// === impl Trouble ===

impl Trouble {
    /// A watch over services at a place.
    pub(crate) fn new(place: &Place) -> Self {
        Self {
            kind: place.kind,
            gatherings: BTreeMap::new(),
            door: place.door,
            found: BTreeMap::new(),
            news: News::default(),
        }
    }

    /// Looks into services, all at the same time: one that has a lot to tell holds back no other.
    pub(crate) async fn look(&mut self, client: &Client, sights: &BTreeMap<String, Sight>) {
        let calm = sights.values().all(|it| troubled(it, since(&it.service)).is_empty());
        let probes = if calm { Vec::new() } else { self.probes().await };
        let mut looks = Vec::new();
        for (name, sight) in sights {
            let mut gathering = self.gathering(name);
            let probes = &probes;
            looks.push(async move {
                let evidence = gathering.look(client, sight, probes).await;
                (name.clone(), gathering, plan::diagnose(&evidence))
            });
        }
        for (name, gathering, found) in join_all(looks).await {
            self.gatherings.insert(name.clone(), gathering);
            self.found.insert(name, found);
        }
    }

    /// What was gathered about a service so far, taken out.
    fn gathering(&mut self, name: &str) -> Gathering {
        let held = self.gatherings.remove(name);
        held.unwrap_or_else(|| Gathering::new(self.kind))
    }

    /// What is wrong with a service, as of the last look.
    pub(crate) fn of(&self, name: &str) -> &[Finding] {
        self.found.get(name).map_or(&[], Vec::as_slice)
    }

    /// What is wrong with a task that ran for a service and has ended. Its log may still be on its way.
    pub(crate) async fn of_task(
        &mut self,
        client: &Client,
        service: &str,
        task: &Task,
    ) -> Vec<Finding> {
        let (begun, mut gathering) = (Instant::now(), self.gathering(service));
        loop {
            let evidence = gathering.look_at(client, service, task).await;
            let found = plan::diagnose(&evidence);
            let is_known = found.iter().all(|finding| finding.cause != Cause::Unknown);
            if is_known || begun.elapsed() > UNKNOWN {
                return found;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// All that is wrong, by service.
    pub(crate) fn all(&self) -> Vec<(String, Finding)> {
        let found = self.found.iter();
        found.flat_map(|(name, held)| held.iter().map(|it| (name.clone(), it.clone()))).collect()
    }

    /// What has come to light and was not told yet, by service.
    pub(crate) fn fresh(&mut self) -> Vec<(String, Finding)> {
        let now = Instant::now();
        let mut fresh = Vec::new();
        for (name, findings) in &self.found {
            let news = findings.iter().filter(|finding| self.news.is_due(name, finding, now));
            fresh.extend(news.map(|finding| (name.clone(), finding.clone())));
        }
        fresh
    }

    /// Whether there is something that was not told yet.
    pub(crate) fn has_untold(&self) -> bool {
        let mut all =
            self.found.iter().flat_map(|(name, held)| held.iter().map(move |it| (name, it)));
        all.any(|(name, finding)| !self.news.told.contains(&key(name, finding)))
    }

    /// What health check commands said, where the region tells.
    async fn probes(&self) -> Vec<(String, Probe)> {
        let Some(port) = self.door else { return Vec::new() };
        let probes: Option<Probes> = admin::get(port, "probes").await.ok();
        let probes = probes.map(|held| held.probes).unwrap_or_default().into_iter();
        let probe = |held: admin::Probe| {
            let (container, exit_code, output) = (held.container, held.exit_code, held.output);
            (held.task, Probe { container, exit_code, output })
        };
        probes.map(probe).collect()
    }
}

// === impl News ===

impl News {
    /// Whether a finding is to be told now: it was seen before and is the same, or has been there for
    /// so long that it will not change.
    fn is_due(&mut self, service: &str, finding: &Finding, now: Instant) -> bool {
        let key = key(service, finding);
        if self.told.contains(&key) {
            return false;
        }
        let seen = self.seen.get_mut(&key);
        let due = seen.is_some_and(|seen| {
            let age = now.duration_since(seen.first);
            let same = seen.log == finding.log;
            seen.log.clone_from(&finding.log);
            match finding.cause {
                Cause::Unknown => age >= UNKNOWN,
                _ => same || age >= GROWING,
            }
        });
        if due {
            self.seen.remove(&key);
            self.told.insert(key);
        } else {
            let log = finding.log.clone();
            self.seen.entry(key).or_insert(Seen { first: now, log });
        }
        due
    }
}

fn key(service: &str, finding: &Finding) -> Key {
    (service.to_owned(), finding.likeness())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::diagnosis::Severity;

    fn finding(cause: Cause, log: &str) -> Finding {
        Finding {
            cause,
            severity: Severity::Failure,
            title: "x".to_owned(),
            evidence: Vec::new(),
            log: vec![log.to_owned()],
            todo: Vec::new(),
            tasks: Vec::new(),
            at: None,
        }
    }

    /// Looks at these moments, in milliseconds, at logs; answers at which one it was told.
    fn told_at(cause: Cause, looks: &[(u64, &str)]) -> Option<u64> {
        let (mut news, begun) = (News::default(), Instant::now());
        let mut told = looks.iter().filter(|(at, log)| {
            news.is_due("api", &finding(cause, log), begun + Duration::from_millis(*at))
        });
        let first = told.next().map(|(at, _)| *at);
        assert_eq!(told.next(), None, "it is told once");
        first
    }

    #[test]
    fn findings_are_told_once_they_stand() {
        let looks = [(0, "a"), (300, "a"), (600, "a"), (1800, "a"), (2000, "a")];
        assert_eq!(told_at(Cause::ModuleNotFound, &looks), Some(300));
        assert_eq!(told_at(Cause::Unknown, &looks), Some(1800));
        let growing = [(0, "a"), (300, "b"), (600, "c"), (1100, "d"), (1200, "e")];
        assert_eq!(told_at(Cause::ModuleNotFound, &growing), Some(1100));
    }
}
