//! What a deployment would refuse to begin without.

use super::{Lack, Scene};

/// Passes on what [`ship`](crate::ship()) says is in the way.
pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let own = format!("environments.{}.", scene.wish.manifest.name);
    let problems = crate::ship(scene.wish, scene.observed).problems.into_iter();
    let lacks = problems.map(|problem| {
        let path = problem.path.strip_prefix(&own).unwrap_or(&problem.path).to_owned();
        Lack::error("aws-missing", path, problem.what, problem.hint)
    });
    lacks.collect()
}
