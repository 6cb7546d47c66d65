//! Staging labels: each is at one version at most, and `AWSCURRENT` at exactly one once there is a
//! value. The moves here were observed on AWS in 2022 and 2024, but for those that say otherwise.

use world::SecretItem;

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";
const PENDING: &str = "AWSPENDING";

/// The most versions that are kept when some of them have no label any more.
const MOST_VERSIONS: usize = 100;

/// Gives a version the labels of a new value: each leaves the version that had it.
pub(super) fn attach(secret: &mut SecretItem, id: &str, stages: &[String]) {
    for stage in stages {
        if stage == CURRENT {
            // What was current has been replaced; it is pending no more either.
            if let Some(before) = make_current(secret, id) {
                take(secret, &before, PENDING);
            }
        } else {
            take_from_all(secret, stage);
            give(secret, id, stage);
        }
    }
}

/// Makes a version the current one, and the one before it the previous one; answers which that is.
pub(super) fn make_current(secret: &mut SecretItem, id: &str) -> Option<String> {
    let before = secret.at_stage(CURRENT).map(|(before, _)| before.clone());
    let before = before.filter(|before| before != id);
    if let Some(before) = &before {
        take_from_all(secret, PREVIOUS);
        take(secret, before, CURRENT);
        give(secret, before, PREVIOUS);
    }
    take(secret, id, PREVIOUS);
    give(secret, id, CURRENT);
    before
}

/// Adds a label to a version. They are answered in alphabetical order.
pub(super) fn give(secret: &mut SecretItem, id: &str, stage: &str) {
    if let Some(version) = secret.versions.get_mut(id)
        && let Err(place) = version.stages.binary_search_by(|there| there.as_str().cmp(stage))
    {
        version.stages.insert(place, stage.to_owned());
    }
}

/// Takes a label away from a version.
pub(super) fn take(secret: &mut SecretItem, id: &str, stage: &str) {
    if let Some(version) = secret.versions.get_mut(id) {
        version.stages.retain(|there| there != stage);
    }
}

/// Forgets the oldest versions without a label when there are many versions. Which ones AWS forgets
/// and when is not known beyond the model's documentation of `PutSecretValue`.
pub(super) fn prune(secret: &mut SecretItem) {
    while secret.versions.len() > MOST_VERSIONS {
        let deprecated = secret.versions.iter().filter(|(_, version)| version.stages.is_empty());
        let oldest = deprecated.min_by_key(|(_, version)| version.created_at);
        let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { return };
        secret.versions.remove(&oldest);
    }
}

fn take_from_all(secret: &mut SecretItem, stage: &str) {
    for version in secret.versions.values_mut() {
        version.stages.retain(|there| there != stage);
    }
}
