//! What AWS forgets after a while. Stopped tasks and deleted services forget themselves, so that a
//! sweep does not have to walk them.

mod images;

use crate::decision::{Decision, Moment};
use crate::waits;
use model::Timestamp;
use world::service::ServiceStatus;
use world::{DefinitionKey, DefinitionStatus, Phase, RowKey, World};

/// What is gone now, and when to look again.
pub(crate) fn decide(world: &World, moment: Moment) -> Decision {
    let mut decision = Decision::nothing();
    for cluster in world.clusters.iter() {
        if let Some(deleted) = cluster.deleted_at {
            let due = deleted + moment.pace.wait(waits::INACTIVE_SHOWN);
            forget(&mut decision, moment, due, RowKey::Cluster(cluster.name.clone()));
        }
    }
    for token in world.tokens.iter() {
        let due = token.at + moment.pace.wait(waits::TOKEN);
        forget(&mut decision, moment, due, RowKey::ClientToken(token.token.clone()));
    }
    for secret in world.secrets.iter() {
        // This day and the next were told to clients, so speed does not move them.
        if let Some(due) = secret.deletion_at {
            forget(&mut decision, moment, due, RowKey::SecretItem(secret.name.clone()));
        }
    }
    for parameter in world.parameters.iter() {
        if let Some(due) = parameter.newest().expires_at {
            forget(&mut decision, moment, due, RowKey::Parameter(parameter.name.clone()));
        }
    }
    forget_definitions(&mut decision, world, moment);
    images::expire(&mut decision, world, moment);
    images::forget_layers(&mut decision, world, moment);
    decision
}

fn forget(decision: &mut Decision, moment: Moment, due: Timestamp, row: RowKey) {
    if due <= moment.now {
        decision.gone.push(row);
    } else {
        decision.wake(due);
    }
}

/// A definition that is to be deleted goes when nothing uses it (reference §2.1).
fn forget_definitions(decision: &mut Decision, world: &World, moment: Moment) {
    let doomed = |status| status == DefinitionStatus::DeleteInProgress;
    for definition in world.definitions.iter().filter(|definition| doomed(definition.status)) {
        if is_used(world, &definition.key) {
            decision.wake(moment.now + moment.pace.wait(waits::DELETION_CHECK));
        } else {
            decision.gone.push(RowKey::TaskDefinition(definition.key.clone()));
        }
    }
}

fn is_used(world: &World, key: &DefinitionKey) -> bool {
    let by_task = || {
        let tasks = world.tasks.iter().filter(|task| task.phase != Phase::Stopped);
        tasks.map(|task| &task.definition).any(|used| used == key)
    };
    let by_service = || {
        let services = world.services.iter();
        let mut alive = services.filter(|service| service.status != ServiceStatus::Inactive);
        alive.any(|service| {
            let deployments = service.deployments.iter().chain(&service.completed);
            service.definition == *key || deployments.map(|held| &held.definition).any(|d| d == key)
        })
    };
    by_service() || by_task()
}

#[cfg(test)]
mod tests;
