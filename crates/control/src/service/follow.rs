//! The PRIMARY deployment follows its service, and every deployment keeps the images of its first
//! task.

use super::pass::Pass;
use model::{ContainerName, DeploymentId};
use std::collections::{BTreeMap, BTreeSet};
use world::service::RevisionKey;
use world::{ContainerState, DefinitionKey, World};

/// Takes over what changed since the last pass.
pub(super) fn follow(pass: &mut Pass<'_>) {
    let (desired, now) = (pass.service.desired_count, pass.now());
    let launch = pass.service.launch.clone();
    if let Some(primary) = pass.primary_mut() {
        // A new strategy is for tasks to come, without a deployment of its own (reference §3.1).
        primary.launch = launch;
        if primary.desired_count != desired {
            primary.desired_count = desired;
            primary.updated_at = now;
        }
    }
    pin_images(pass);
}

/// The digests that a deployment's first task got are those of all its tasks (reference §2.1).
fn pin_images(pass: &mut Pass<'_>) {
    let mut pulled = BTreeMap::new();
    for task in pass.tasks() {
        let Some(deployment) = task.deployment() else { continue };
        for container in &task.containers {
            if let (Some(digest), ContainerState::Running { .. }) =
                (&container.image_digest, &container.state)
            {
                let key = (deployment.clone(), container.name.clone());
                pulled.entry(key).or_insert_with(|| digest.clone());
            }
        }
    }
    note_digests(pass, &pulled);
    let world = pass.world;
    for ((id, container), digest) in pulled {
        let Some(deployment) = pass.deployment_mut(&id) else { continue };
        if !floats(world, &deployment.definition, container.as_str()) {
            deployment.images.entry(container).or_insert(digest);
        }
    }
}

/// A revision shows the digests that its first task got (reference §3.7).
fn note_digests(pass: &mut Pass<'_>, pulled: &BTreeMap<(DeploymentId, ContainerName), String>) {
    let world = pass.world;
    let ids: BTreeSet<&DeploymentId> = pulled.keys().map(|(id, _)| id).collect();
    for id in ids {
        let key = RevisionKey { service: pass.service.key.clone(), deployment: id.clone() };
        let Some(held) = world.service_revisions.get(&key) else { continue };
        let mut revision = held.clone();
        for (name, image) in &mut revision.images {
            let digest = pulled.get(&(id.clone(), name.clone()));
            image.digest = image.digest.take().or_else(|| digest.cloned());
        }
        if revision != *held {
            pass.put_other(revision);
        }
    }
}

/// Whether a container's tag is looked up again for each task: `versionConsistency` is `disabled`.
fn floats(world: &World, definition: &DefinitionKey, container: &str) -> bool {
    let definition = world.definitions.get(definition);
    let containers = definition.and_then(|held| held.record.container_definitions.as_ref());
    let named = containers.into_iter().flatten().find(|c| c.name.as_deref() == Some(container));
    named.is_some_and(|c| c.version_consistency.as_deref() == Some("disabled"))
}
