//! Images that a lifecycle policy deletes or archives, and layers that no image has.

use super::forget;
use crate::decision::{Decision, Moment};
use crate::waits;
use model::{Span, Timestamp};
use std::collections::BTreeSet;
use world::registry::lifecycle::{self, Fate, Lifecycle};
use world::{Image, ImageKey, Layer, Repository, Row, RowKey, World};

/// How long a layer may be without an image: a client sends an image's layers first, and its
/// manifest when the last of them has arrived. Clients take their own time, so speed does not
/// shorten it.
const UNCLAIMED: Span = Span::minutes(60);

/// Applies the lifecycle policies that are due.
pub(super) fn expire(decision: &mut Decision, world: &World, moment: Moment) {
    for repository in world.repositories.iter() {
        let Some(held) = &repository.lifecycle else { continue };
        let due = held.looked_at + moment.pace.wait(waits::LIFECYCLE);
        if due > moment.now {
            decision.wake(due);
            continue;
        }
        let images: Vec<&Image> = world.images_of(&repository.name).collect();
        let taken = lifecycle::taken(&held.rules, &images, moment.now);
        let following = lifecycle::following(&images, &taken, moment.now);
        let named = taken.iter().map(|taken| (&taken.digest, taken.fate));
        for (digest, fate) in named.chain(following) {
            let key = ImageKey { repository: repository.name.clone(), digest: digest.clone() };
            take(decision, world, (key, fate), moment.now);
        }
        decision.rows.push(Row::from(looked_at(repository, held, moment)));
        decision.wake(moment.now + moment.pace.wait(waits::LIFECYCLE));
    }
}

/// Does to an image what a policy has in store for it.
fn take(decision: &mut Decision, world: &World, (key, fate): (ImageKey, Fate), now: Timestamp) {
    match fate {
        Fate::Expire => decision.gone.push(RowKey::Image(key)),
        Fate::Archive => {
            let image = world.images.get(&key).cloned();
            decision.rows.extend(image.map(|image| Row::from(image.into_archive(now))));
        }
    }
}

fn looked_at(repository: &Repository, held: &Lifecycle, moment: Moment) -> Repository {
    let now = moment.now;
    let lifecycle = Lifecycle { looked_at: now, applied_at: Some(now), ..held.clone() };
    Repository { lifecycle: Some(lifecycle), ..repository.clone() }
}

/// Forgets the layers that have been without an image for long enough.
pub(super) fn forget_layers(decision: &mut Decision, world: &World, moment: Moment) {
    let claimed: BTreeSet<_> = world
        .images
        .iter()
        .flat_map(|image| image.layers.iter().map(|layer| (&image.key.repository, layer)))
        .collect();
    let unclaimed = |layer: &&Layer| !claimed.contains(&(&layer.key.repository, &layer.key.digest));
    for layer in world.layers.iter().filter(unclaimed) {
        let due = layer.arrived_at + UNCLAIMED;
        forget(decision, moment, due, RowKey::Layer(layer.key.clone()));
    }
}
