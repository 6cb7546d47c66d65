//! Names for what chance named: `web.1` is the first task that the service `web` started,
//! `ecs-svc/web.1` its first deployment.

use super::{BEGIN, Sim};
use model::Span;
use std::collections::BTreeMap;
use world::{RowKey, TaskKey, World};

/// The names given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By what is to be replaced.
    by_id: BTreeMap<String, String>,
    tasks: BTreeMap<String, TaskKey>,
    counts: BTreeMap<String, usize>,
}

impl Names {
    /// Names what a touched row brings.
    pub(super) fn learn(&mut self, key: &RowKey, world: &World) {
        match key {
            RowKey::Task(key) => {
                let Some(task) = world.tasks.get(key) else { return };
                let owner = task.group.split_once(':').map_or("", |(_, owner)| owner);
                if !self.by_id.contains_key(key.id.as_str()) {
                    let name = self.next(owner);
                    self.tasks.insert(name.clone(), key.clone());
                    self.by_id.insert(key.id.to_string(), name);
                }
            }
            RowKey::Service(key) => {
                let Some(service) = world.services.get(key) else { return };
                for deployment in service.deployments.iter().rev() {
                    if !self.by_id.contains_key(deployment.id.as_str()) {
                        let name = self.next(&format!("ecs-svc/{}", key.name));
                        self.by_id.insert(deployment.id.to_string(), name);
                    }
                }
            }
            RowKey::TargetGroup(arn) => {
                let Some(group) = world.target_groups.get(arn) else { return };
                self.by_id.insert(arn.to_string(), group.name.clone());
            }
            _ => {}
        }
    }

    /// The task that was given a name.
    pub(super) fn task(&self, name: &str) -> Option<&TaskKey> {
        self.tasks.get(name)
    }

    /// Tasks with their names, in the order of the names' numbers.
    pub(super) fn tasks(&self) -> Vec<(&str, &TaskKey)> {
        let mut tasks: Vec<_> = self.tasks.iter().map(|(name, key)| (name.as_str(), key)).collect();
        tasks.sort_by_key(|(name, _)| {
            let (owner, number) = name.rsplit_once('.').unwrap_or((name, "0"));
            (owner.to_owned(), number.parse::<u32>().unwrap_or(0))
        });
        tasks
    }

    /// A text with names in the place of ids.
    fn translate(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (id, name) in &self.by_id {
            if text.contains(id) {
                text = text.replace(id, name);
            }
        }
        text
    }

    fn next(&mut self, owner: &str) -> String {
        let count = self.counts.entry(owner.to_owned()).or_default();
        *count += 1;
        format!("{owner}.{count}")
    }
}

/// Target groups with their weights.
fn led_to(actions: &[world::Action]) -> String {
    let groups = actions.iter().flat_map(|action| match action {
        world::Action::Forward(forward) => forward.groups.as_slice(),
        world::Action::Redirect(_) | world::Action::Fixed(_) => &[],
    });
    let groups: Vec<String> =
        groups.map(|held| format!("{} {}", held.group, held.weight)).collect();
    groups.join(", ")
}

impl Sim {
    /// A text with names in the place of ids.
    #[must_use]
    pub fn named(&self, text: &str) -> String {
        self.names.translate(text)
    }

    /// The tasks that there are, with their names.
    pub(crate) fn named_tasks(&self) -> Vec<(&str, &world::Task)> {
        let tasks = self.names.tasks().into_iter();
        tasks.filter_map(|(name, key)| Some((name, self.world.tasks.get(key)?))).collect()
    }

    /// Events of services and steps of tasks since this was last asked.
    pub fn take_timeline(&mut self) -> Vec<(Span, String)> {
        let lines = std::mem::take(&mut self.timeline);
        lines.into_iter().map(|(at, line)| (at.since(BEGIN), self.named(&line))).collect()
    }

    /// Notes what a person who watches would see of a touched row.
    pub(super) fn record(&mut self, key: &RowKey, world: &World) {
        let line = match key {
            RowKey::ServiceEvent(key) => {
                let event = world.events.get(key).filter(|_| !self.world.events.contains(key));
                event.map(|event| event.message.clone())
            }
            RowKey::Task(key) => {
                let (before, after) = (self.world.tasks.get(key), world.tasks.get(key));
                let moved = before.map(|task| task.phase) != after.map(|task| task.phase);
                after.filter(|_| moved).map(|task| format!("{} {}", key.id, task.phase.as_str()))
            }
            RowKey::Target(key) => {
                let (before, after) = (self.world.targets.get(key), world.targets.get(key));
                let state = |target: Option<&world::Target>| {
                    target.map_or("gone", |target| target.state.as_str())
                };
                let moved = state(before) != state(after);
                let task = key.id.parse().ok().and_then(|address| world.tasks_at(address).next());
                let task = task.map_or("", |task| task.key.id.as_str());
                moved.then(|| format!("{task} target {}", state(after)))
            }
            RowKey::Listener(key) => {
                let weights = |world: &World| {
                    let listener = world.listeners.get(key);
                    listener.map(|held| held.default_actions.clone()).unwrap_or_default()
                };
                let (before, after) = (weights(&self.world), weights(world));
                let name = key.as_str().rsplit('/').next().unwrap_or_default();
                (!before.is_empty() && before != after)
                    .then(|| format!("listener {name} leads to {}", led_to(&after)))
            }
            RowKey::ServiceDeployment(key) => {
                let (before, after) = (&self.world.service_deployments, &world.service_deployments);
                let stage = |held: Option<&world::ServiceDeployment>| {
                    held.and_then(world::ServiceDeployment::stage)
                };
                let (before, after) = (stage(before.get(key)), stage(after.get(key)));
                let name = &key.service.name;
                after.filter(|_| before != after).map(|at| format!("{name} at {}", at.as_str()))
            }
            _ => None,
        };
        if let Some(line) = line {
            self.timeline.push((self.now(), line));
        }
    }
}
