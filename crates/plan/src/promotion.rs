//! What goes on from one environment to the next: the images that run there, and what speaks
//! against them.
//!
//! An image is promoted for having run well. So it is the running tasks that name it, and the record
//! of the last deployment that vouches for it; where the two do not agree somebody has to say that
//! it is meant so. What does not run at all has nothing to go on with.

use crate::progress::Sight;
use crate::record::{DONE, Record, UNFINISHED};
use api::ecs::{Container, Task};
use std::collections::{BTreeMap, BTreeSet};

/// What can be promoted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promotion {
    /// Images by service, each with its digest: `registry/shop@sha256:…`.
    pub images: BTreeMap<String, String>,
    /// Why it should not be: a line each, lower case, no full stop.
    pub doubts: Vec<String>,
    /// Why it can't be, whoever says so.
    pub obstacles: Vec<String>,
}

/// The images of services as they run in an environment, whose newest record is given.
#[must_use]
pub fn promotion<'n>(
    environment: &str,
    services: impl IntoIterator<Item = &'n String>,
    sights: &BTreeMap<String, Sight>,
    record: Option<&Record>,
) -> Promotion {
    let mut found = Promotion { doubts: verdict(environment, record), ..Promotion::default() };
    for name in services {
        let running = sights.get(name).map(|sight| running(name, sight)).unwrap_or_default();
        let mut images = running.into_iter();
        let (Some(image), None) = (images.next(), images.next()) else {
            let what = match sights.get(name).is_some_and(|sight| !sight.tasks.is_empty()) {
                true => "does not run one image whose digest is known",
                false => "runs no task",
            };
            found.obstacles.push(format!("service {name} {what} in {environment}"));
            continue;
        };
        let noted = record.and_then(|record| record.services.get(name));
        found.doubts.extend(noted.and_then(|noted| other(name, &noted.image, &image)));
        found.images.insert(name.clone(), image);
    }
    found
}

/// What the last deployment's end says against it.
fn verdict(environment: &str, record: Option<&Record>) -> Vec<String> {
    let Some(record) = record else {
        return vec![format!("there is no record of a deployment to {environment}")];
    };
    match record.verdict.as_str() {
        DONE => Vec::new(),
        UNFINISHED => vec![format!(
            "the last deployment to {environment} has not ended, or was killed: {}",
            record.id
        )],
        verdict => vec![format!(
            "the last deployment to {environment} ended as `{verdict}`: {}",
            record.words
        )],
    }
}

/// What speaks against an image that is not the one of the record. A record that names no digest
/// tells nothing.
fn other(name: &str, noted: &str, image: &str) -> Option<String> {
    let (_, noted) = noted.split_once('@')?;
    let (_, digest) = image.split_once('@')?;
    let words = format!("service {name} runs {digest}, and the record says {noted}");
    (noted != digest).then_some(words)
}

/// The images that a service's running tasks show, each with its digest.
fn running(name: &str, sight: &Sight) -> BTreeSet<String> {
    let is_running = |task: &&Task| task.last_status.as_deref() == Some("RUNNING");
    let containers = sight.tasks.iter().filter(is_running);
    let containers = containers.flat_map(|task| task.containers.iter().flatten());
    let own = containers.filter(|held| held.name.as_deref() == Some(name));
    own.filter_map(exact).collect()
}

/// A container's image by its repository and digest.
fn exact(container: &Container) -> Option<String> {
    let image = container.image.as_deref()?;
    let digest = container.image_digest.as_deref()?;
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    // A colon before the last slash is that of a port.
    let tag = name.rfind(':').filter(|at| !name[*at..].contains('/'));
    let repository = tag.map_or(name, |at| &name[..at]);
    Some(format!("{repository}@{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(image: &str, digest: Option<&str>, status: &str) -> Task {
        let container = Container {
            name: Some("web".to_owned()),
            image: Some(image.to_owned()),
            image_digest: digest.map(str::to_owned),
            ..Default::default()
        };
        Task {
            last_status: Some(status.to_owned()),
            containers: Some(vec![container]),
            ..Default::default()
        }
    }

    fn record(verdict: &str, image: &str) -> Record {
        let deployed = crate::record::Deployed { image: image.to_owned(), definition: None };
        Record {
            id: "20260101000000-00000001".to_owned(),
            verdict: verdict.to_owned(),
            words: "so it was".to_owned(),
            services: BTreeMap::from([("web".to_owned(), deployed)]),
            ..Record::default()
        }
    }

    fn of(tasks: Vec<Task>, record: Option<&Record>) -> Promotion {
        let sights = BTreeMap::from([("web".to_owned(), Sight { tasks, ..Sight::default() })]);
        promotion("staging", [&"web".to_owned()], &sights, record)
    }

    #[test]
    fn what_runs_and_is_on_record_goes_on_by_its_digest() {
        for (image, expected) in [
            ("localhost:4566/shop:7", "localhost:4566/shop@sha256:1"),
            ("localhost:4566/shop", "localhost:4566/shop@sha256:1"),
            ("shop@sha256:1", "shop@sha256:1"),
            ("r/shop:7@sha256:1", "r/shop@sha256:1"),
        ] {
            let found =
                of(vec![task(image, Some("sha256:1"), "RUNNING")], Some(&record("done", image)));
            let images = BTreeMap::from([("web".to_owned(), expected.to_owned())]);
            assert_eq!(found, Promotion { images, ..Promotion::default() }, "{image}");
        }
    }

    #[test]
    fn an_environment_that_is_not_well_raises_doubts() {
        let tasks = || vec![task("r/shop:7", Some("sha256:1"), "RUNNING")];
        for (record, doubt) in [
            (None, "there is no record of a deployment to staging"),
            (
                Some(record("rolled-back", "r/shop@sha256:1")),
                "the last deployment to staging ended as `rolled-back`: so it was",
            ),
            (
                Some(record("unfinished", "r/shop@sha256:1")),
                "the last deployment to staging has not ended, or was killed: \
                 20260101000000-00000001",
            ),
            (
                Some(record("done", "r/shop@sha256:2")),
                "service web runs sha256:1, and the record says sha256:2",
            ),
        ] {
            let found = of(tasks(), record.as_ref());
            assert_eq!(found.doubts, [doubt]);
            assert_eq!((found.images.len(), found.obstacles.len()), (1, 0));
        }
    }

    #[test]
    fn what_does_not_run_as_one_image_has_nothing_to_go_on_with() {
        let good = record("done", "r/shop@sha256:1");
        let one = || task("r/shop:7", Some("sha256:1"), "RUNNING");
        for (tasks, obstacle) in [
            (vec![], "service web runs no task in staging"),
            (
                vec![task("r/shop:7", None, "RUNNING")],
                "service web does not run one image whose digest is known in staging",
            ),
            (
                vec![one(), task("r/shop:8", Some("sha256:2"), "RUNNING")],
                "service web does not run one image whose digest is known in staging",
            ),
        ] {
            assert_eq!(of(tasks, Some(&good)).obstacles, [obstacle]);
        }
        let stopped = vec![one(), task("r/shop:8", Some("sha256:2"), "STOPPED")];
        assert!(of(stopped, Some(&good)).obstacles.is_empty());
    }
}
