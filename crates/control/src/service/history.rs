//! What a service remembers of its deployments, and for how long (reference §3.7).

use super::pass::Pass;
use crate::waits;
use std::collections::BTreeSet;
use world::{RowKey, Service, ServiceDeployment, World};

/// Forgets service deployments that ended long ago, and the revisions that only they name.
pub(super) fn forget_old(pass: &mut Pass<'_>) {
    let world = pass.world;
    let key = pass.service.key.clone();
    let mut forgotten = Vec::new();
    for held in world.service_deployments_of(&key) {
        let newest = pass.service.current.as_ref() == Some(&held.key.id);
        let ended = held.finished_at.filter(|_| !newest);
        if ended.is_some_and(|ended| pass.waited(ended, waits::HISTORY)) {
            forgotten.push(held.key.clone());
        }
    }
    if forgotten.is_empty() {
        return;
    }
    let kept = world.service_deployments_of(&key).filter(|held| !forgotten.contains(&held.key));
    let named = named(&pass.service, kept);
    let revisions = world.revisions_of_service(&key).map(|revision| &revision.key);
    let unnamed = revisions.filter(|revision| !named.contains(&revision.deployment));
    let unnamed: Vec<_> = unnamed.cloned().collect();
    for revision in unnamed {
        pass.remove(RowKey::ServiceRevision(revision));
    }
    for held in forgotten {
        pass.remove(RowKey::ServiceDeployment(held));
    }
}

/// All that a service that is forgotten itself leaves behind.
pub(super) fn all(world: &World, service: &Service) -> Vec<RowKey> {
    let deployments = world.service_deployments_of(&service.key);
    let deployments = deployments.map(|held| RowKey::ServiceDeployment(held.key.clone()));
    let revisions = world.revisions_of_service(&service.key);
    let revisions = revisions.map(|held| RowKey::ServiceRevision(held.key.clone()));
    deployments.chain(revisions).collect()
}

/// The deployments whose revisions can be asked for still.
fn named<'a>(
    service: &'a Service,
    kept: impl Iterator<Item = &'a ServiceDeployment>,
) -> BTreeSet<&'a model::DeploymentId> {
    let own = service.deployments.iter().chain(&service.completed).map(|held| &held.id);
    let kept = kept.flat_map(|held| held.source.iter().chain([&held.target]));
    own.chain(kept).collect()
}
