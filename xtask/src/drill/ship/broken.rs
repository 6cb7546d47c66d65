//! A version that ends at once: when its cause is on the screen, and what AWS's own waiter makes of it.

use super::timed::{Timed, now};
use super::walk::Way;
use serde_json::{Value, json};
use std::thread;

/// What is said of a container that ends with the code of the broken version.
const CAUSE: &str = "exit code 3";

/// What became of a broken version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Broken {
    /// Seconds from the end of the first container to its cause on the screen.
    cause: f64,
    /// Seconds from that to the verdict, the old version being back.
    verdict: f64,
    /// Seconds from the end of the first container to the end of `aws ecs wait services-stable`, and its
    /// exit code; absent without that CLI.
    waiter: Option<(f64, i32)>,
}

// === impl Broken ===

impl Broken {
    /// What `run` tells of the broken version that it deploys, beside AWS's waiter.
    pub(super) fn watch(
        way: &Way<'_>,
        run: impl FnOnce() -> Result<Timed, String>,
    ) -> Result<Self, String> {
        let before = way.primary()?;
        let (old, begun) = (way.definition()?, now());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| way.wait_as_aws(&before).map(|outcome| (now(), outcome)));
            let told = run()?;
            let verdict = now();
            let died = first_death(way, &old, begun)?;
            let (ended, waited) = waiting.join().map_err(|_| "the waiter panicked")??;
            let cause = told.when(CAUSE).ok_or_else(|| format!("no cause:\n{}", told.side()))?;
            let waiter = waited.code.map(|code| (ended - died, code));
            Ok(Self { cause: cause - died, verdict: verdict - died, waiter })
        })
    }

    /// It in words.
    pub(super) fn words(&self) -> String {
        let Self { cause, verdict, waiter } = self;
        let waiter = waiter.map_or("no aws CLI here".to_owned(), |(seconds, code)| {
            format!("{seconds:.1} s, and says {code}")
        });
        format!(
            "after the first container ended: cause {cause:.1} s, verdict {verdict:.1} s, \
             `aws ecs wait` {waiter}"
        )
    }
}

/// When the first container of another version than the old one ended, of those since then.
fn first_death(way: &Way<'_>, old: &Value, begun: f64) -> Result<f64, String> {
    let (cluster, service) = (way.cluster(), way.service());
    let asked = json!({ "cluster": cluster, "serviceName": service, "desiredStatus": "STOPPED" });
    let listed = way.ecs("ListTasks", &asked)?;
    let asked = json!({ "cluster": cluster, "tasks": listed["taskArns"] });
    let found = way.ecs("DescribeTasks", &asked)?;
    let tasks = found["tasks"].as_array().into_iter().flatten();
    let broken = tasks.filter(|task| task["taskDefinitionArn"] != *old);
    let ended = broken.filter_map(|task| task["executionStoppedAt"].as_f64());
    let ended = ended.filter(|ended| *ended > begun);
    ended.min_by(f64::total_cmp).ok_or_else(|| "no task of the broken version ended".to_owned())
}
