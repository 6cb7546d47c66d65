//! The record of a deployment while it goes on.

use super::environment::Environment;
use super::lock::{now, owner};
use crate::failure::Failure;
use crate::ui::say;
use plan::observed::Observed;
use plan::record::{DONE, Deployed, UNFINISHED};
use plan::{Record, Wish};
use std::collections::BTreeMap;

/// A record that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    path: String,
    record: Record,
}

// === impl Journal ===

impl Journal {
    /// Notes that a deployment begins. Should the program be killed, this is what is left of it.
    pub(super) async fn begin(environment: &Environment, wish: &Wish) -> Result<Self, Failure> {
        let began = now();
        let record = Record {
            id: Record::name(began, getrandom::u32().unwrap_or_default()),
            who: format!("{}, {}", environment.caller, owner()),
            began,
            services: images(wish),
            verdict: UNFINISHED.to_owned(),
            ..Record::default()
        };
        let path = wish.names().records();
        apply::records::keep(&environment.client, &path, &record).await?;
        Ok(Self { path, record })
    }

    /// Notes which images are deployed, where they were made meanwhile.
    pub(super) fn images(&mut self, wish: &Wish) {
        self.record.services = images(wish);
    }

    /// Notes which task definitions were deployed.
    pub(super) fn definitions(&mut self, wish: &Wish, observed: &Observed) {
        for (name, arn) in plan::intended(wish, observed) {
            let held = self.record.services.entry(name).or_default();
            held.definition = arn.rsplit('/').next().map(str::to_owned);
        }
    }

    /// Notes how it stands.
    pub(super) fn note(&mut self, verdict: &str, words: &str, evidence: Vec<String>) {
        self.record.verdict = verdict.to_owned();
        self.record.words = words.to_owned();
        self.record.evidence = evidence;
    }

    /// The record as it is now.
    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    /// Keeps the record, and answers it. That it can't be kept is no failure of what was deployed.
    pub(super) async fn end(
        mut self,
        environment: &Environment,
        failure: Option<&Failure>,
    ) -> Record {
        let good = [DONE, UNFINISHED].contains(&self.record.verdict.as_str());
        if let Some(failure) = failure.filter(|_| good) {
            self.note("failed", &failure.to_string(), Vec::new());
        }
        self.record.ended = Some(now());
        let client = &environment.client;
        let kept = apply::records::keep(client, &self.path, &self.record).await;
        let forgotten = match kept {
            Ok(()) => apply::records::forget_oldest(client, &self.path).await,
            kept => kept,
        };
        if let Err(why) = forgotten {
            say::warn(&format!("the record of this deployment can't be kept: {why}"));
        }
        self.record
    }
}

fn images(wish: &Wish) -> BTreeMap<String, Deployed> {
    let deployed = wish.artifacts.iter().map(|(name, artifact)| {
        (name.clone(), Deployed { image: artifact.image.clone(), definition: None })
    });
    deployed.collect()
}

/// A text that nobody else has.
pub(super) fn chance() -> String {
    format!("{:016x}", getrandom::u64().unwrap_or_default())
}
