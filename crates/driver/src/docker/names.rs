//! What a region's things are called in an engine, and how they are found again. Pure.
//!
//! Everything is named `neargate-<region>-…` and carries labels, so that regions can share an
//! engine, and what a crash left behind is found.

use crate::{ContainerKey, TaskKey};
use std::collections::HashMap;

/// The network whose gateway is the region's link-local address; all regions of an engine share it.
pub(super) const LINK: &str = "neargate-link";

const REGION: &str = "neargate.region";
const CLUSTER: &str = "neargate.cluster";
const TASK: &str = "neargate.task";
const CONTAINER: &str = "neargate.container";
const RUN: &str = "neargate.run";

/// Labels, as the engine has them.
pub(super) type Labels = HashMap<String, String>;

/// A region's names.
#[derive(Debug, Clone)]
pub(super) struct Names {
    region: String,
}

/// What a container of the engine is to its region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// It holds a task's network.
    Pause(TaskKey),
    /// It is a task's container, in this run.
    Container(ContainerKey, u32),
}

// === impl Names ===

impl Names {
    /// The names of a region; its id has letters, digits, `-`, `_` and `.` only.
    pub(super) fn new(region: String) -> Self {
        Self { region }
    }

    /// The network that tasks have their addresses from.
    pub(super) fn network(&self) -> String {
        format!("neargate-{}", self.region)
    }

    /// The container that holds a task's network.
    pub(super) fn pause(&self, task: &TaskKey) -> String {
        format!("{}-{}", self.network(), task.id)
    }

    /// A container of a task.
    pub(super) fn container(&self, key: &ContainerKey) -> String {
        format!("{}-{}", self.pause(&key.task), key.name)
    }

    /// A volume of a task.
    pub(super) fn volume(&self, task: &TaskKey, volume: &str) -> String {
        format!("{}-{volume}", self.pause(task))
    }

    /// The labels of a thing of the whole region.
    pub(super) fn of_region(&self) -> Labels {
        labels([(REGION, self.region.clone())])
    }

    /// The labels of a thing of a task.
    pub(super) fn of_task(&self, task: &TaskKey) -> Labels {
        let (cluster, id) = (task.cluster.to_string(), task.id.to_string());
        labels([(REGION, self.region.clone()), (CLUSTER, cluster), (TASK, id)])
    }

    /// The labels of a container of a task.
    pub(super) fn of_container(&self, key: &ContainerKey, run: u32) -> Labels {
        let mut all = self.of_task(&key.task);
        all.extend(labels([(CONTAINER, key.name.to_string()), (RUN, run.to_string())]));
        all
    }

    /// The filter for everything of the region.
    pub(super) fn filter(&self) -> HashMap<String, Vec<String>> {
        filter(&self.of_region())
    }

    /// The filter for everything of a task.
    pub(super) fn filter_of(&self, task: &TaskKey) -> HashMap<String, Vec<String>> {
        filter(&self.of_task(task))
    }
}

// === impl Part ===

impl Part {
    /// The task that it is of.
    pub(super) fn into_task(self) -> TaskKey {
        match self {
            Self::Pause(task) => task,
            Self::Container(container, _) => container.task,
        }
    }
}

/// The filter for everything of any region.
pub(super) fn filter_of_all() -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), vec![REGION.to_owned()])])
}

/// What labels say that a container is; absent for one that is none of ours.
pub(super) fn part(labels: &Labels) -> Option<Part> {
    let label = |name| labels.get(name).map(String::as_str);
    let task = TaskKey { cluster: label(CLUSTER)?.into(), id: label(TASK)?.into() };
    let Some(name) = label(CONTAINER) else { return Some(Part::Pause(task)) };
    Some(Part::Container(ContainerKey { task, name: name.into() }, label(RUN)?.parse().ok()?))
}

fn labels<const N: usize>(pairs: [(&str, String); N]) -> Labels {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn filter(labels: &Labels) -> HashMap<String, Vec<String>> {
    let pairs = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    HashMap::from([("label".to_owned(), pairs)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_again_what_was_labelled() {
        let names = Names::new("a1".to_owned());
        let task = TaskKey { cluster: "default".into(), id: "0f".into() };
        let key = ContainerKey { task: task.clone(), name: "web".into() };
        assert_eq!(names.container(&key), "neargate-a1-0f-web");
        assert_eq!(part(&names.of_container(&key, 3)), Some(Part::Container(key, 3)));
        assert_eq!(part(&names.of_task(&task)), Some(Part::Pause(task)));
        assert_eq!(part(&names.of_region()), None);
        assert_eq!(part(&Labels::new()), None);
    }
}
