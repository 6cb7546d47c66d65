//! What a commit changes of the routes: the listeners and groups that its rows concern, and no other.

use gateway::Change;
use model::{ListenerArn, Pace, TargetGroupArn};
use std::collections::BTreeSet;
use world::{Action, RowKey, World};

/// Whom the touched rows concern.
#[derive(Debug, Default)]
struct Concerned {
    listeners: BTreeSet<ListenerArn>,
    groups: BTreeSet<TargetGroupArn>,
}

/// What is other in the routes of `after` than in those of `before`, given the rows that were
/// touched in between.
pub(crate) fn change<'a>(
    (before, after): (&World, &World),
    touched: impl IntoIterator<Item = &'a RowKey>,
    pace: Pace,
) -> Change {
    let mut concerned = Concerned::default();
    for key in touched {
        concerned.by(key, [before, after]);
    }
    let listeners = concerned.listeners.iter().map(|arn| {
        let held = after.listeners.get(arn);
        (arn.to_string(), held.map(|held| super::listener(after, held)))
    });
    // A group that nothing leads to is not checked, so it is no route (reference §4.3).
    let groups = concerned.groups.iter().map(|arn| {
        let held = after.target_groups.get(arn).filter(|_| after.balancer_of(arn).is_some());
        (arn.to_string(), held.map(|held| super::group(after, held, pace)))
    });
    Change { listeners: listeners.collect(), groups: groups.collect() }
}

// === impl Concerned ===

impl Concerned {
    /// Adds whom a row concerns, as it was and as it is.
    fn by(&mut self, key: &RowKey, worlds: [&World; 2]) {
        match key {
            RowKey::Target(key) => drop(self.groups.insert(key.group.clone())),
            RowKey::TargetGroup(arn) => drop(self.groups.insert(arn.clone())),
            RowKey::Rule(key) => {
                self.listeners.insert(key.listener.clone());
                let rules = worlds.into_iter().filter_map(|world| world.rules.get(key));
                self.led_to(rules.flat_map(|rule| &rule.actions));
            }
            RowKey::Listener(arn) => {
                self.listeners.insert(arn.clone());
                let held = worlds.into_iter().filter_map(|world| world.listeners.get(arn));
                self.led_to(held.flat_map(|listener| &listener.default_actions));
            }
            RowKey::LoadBalancer(arn) => {
                let held = worlds.into_iter().flat_map(|world| world.listeners_of(arn));
                self.listeners.extend(held.map(|listener| listener.arn.clone()));
            }
            RowKey::Certificate(arn) => {
                let held = worlds.into_iter().flat_map(|world| world.listeners.iter());
                let with = held.filter(|held| held.certificates.iter().any(|c| c == arn.as_str()));
                self.listeners.extend(with.map(|listener| listener.arn.clone()));
            }
            _ => {}
        }
    }

    fn led_to<'a>(&mut self, actions: impl Iterator<Item = &'a Action>) {
        self.groups.extend(actions.flat_map(Action::groups).cloned());
    }
}

#[cfg(test)]
mod tests;
