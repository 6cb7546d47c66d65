//! Resources on their way out, in the order opposite to the one in which they came.

use super::{StackStep, look_again};
use crate::decision::{Decision, Moment};
use model::Ids;
use world::stack::{ResourceStatus, StackResource, StackStatus, Work};
use world::{RowKey, Stack, World};

/// Who goes next: everyone whom nobody needs any more.
pub(super) fn decide(
    (world, stack): (&World, &Stack),
    all: &[&StackResource],
    moment: Moment,
    ids: &mut Ids,
) -> Decision {
    let mut decision = Decision::nothing();
    for resource in all.iter().filter(|resource| !is_needed(resource, all)) {
        match resource.work {
            Work::Remove => decision.steps.push(StackStep::Remove(resource.key.clone())),
            Work::Vanish { .. } => {
                decision.steps.push(StackStep::Remove(resource.key.clone()));
                look_again(&mut decision, moment);
            }
            Work::Rest | Work::Make | Work::Settle { .. } | Work::Leave | Work::Failed => {}
        }
    }
    if decision.steps.is_empty() { end((world, stack), all, moment, ids) } else { decision }
}

/// Whether another one that has not gone needs a resource.
fn is_needed(resource: &StackResource, all: &[&StackResource]) -> bool {
    let staying = |other: &StackResource| {
        matches!(other.work, Work::Remove | Work::Vanish { .. } | Work::Failed)
    };
    let logical = &resource.key.logical;
    all.iter().any(|other| {
        staying(other) && other.key.logical != *logical && other.terms.needs.contains(logical)
    })
}

/// Nobody can go any more: the operation ends.
fn end(
    (world, stack): (&World, &Stack),
    all: &[&StackResource],
    moment: Moment,
    ids: &mut Ids,
) -> Decision {
    let mut decision = Decision::nothing();
    let mut stack = stack.clone();
    let failed: Vec<&str> = all
        .iter()
        .filter(|it| it.work == Work::Failed && it.status == Some(ResourceStatus::DeleteFailed))
        .map(|it| it.key.logical.as_str())
        .collect();
    let failure = (!failed.is_empty())
        .then(|| format!("The following resource(s) failed to delete: [{}]. ", failed.join(", ")));
    let (status, reason) = match (stack.status, failure) {
        (StackStatus::RollbackInProgress, Some(why)) => (StackStatus::RollbackFailed, Some(why)),
        (StackStatus::RollbackInProgress, None) => (StackStatus::RollbackComplete, None),
        (StackStatus::DeleteInProgress, Some(why)) => (StackStatus::DeleteFailed, Some(why)),
        (StackStatus::DeleteInProgress, None) => (StackStatus::DeleteComplete, None),
        (StackStatus::UpdateCleanup, failure) => {
            // AWS gives up what can't be deleted after an update.
            let why = "Update successful. One or more resources could not be deleted.";
            (StackStatus::UpdateComplete, failure.map(|_| why.to_owned()))
        }
        (_, failure) => {
            let why = "One or more resources could not be deleted.";
            (StackStatus::UpdateRollbackComplete, failure.map(|_| why.to_owned()))
        }
    };
    match status {
        StackStatus::DeleteComplete => {
            stack.deleted_at = Some(moment.now);
            stack.outputs.clear();
            stack.imports.clear();
            let sets = world.change_sets.iter().filter(|set| set.stack == stack.arn);
            decision.gone.extend(sets.map(|set| RowKey::ChangeSet(set.arn.clone())));
        }
        StackStatus::UpdateComplete | StackStatus::UpdateRollbackComplete => {
            stack.before = None;
            close(&mut decision, all);
        }
        _ => {}
    }
    let event = stack.turn(status, reason, moment.now, ids);
    decision.rows.push(event.into());
    decision.rows.push(stack.into());
    decision
}

/// After an update: what left the stack is forgotten, what it has is as it should be.
fn close(decision: &mut Decision, all: &[&StackResource]) {
    for resource in all {
        let left = !resource.is_present() || was_removed(resource);
        if left {
            decision.gone.push(RowKey::StackResource(resource.key.clone()));
        } else if resource.before.is_some() {
            let resource = StackResource { before: None, ..(*resource).clone() };
            decision.rows.push(resource.into());
        }
    }
}

fn was_removed(resource: &StackResource) -> bool {
    use ResourceStatus::{DeleteComplete, DeleteFailed, DeleteSkipped};
    matches!(resource.status, Some(DeleteComplete | DeleteFailed | DeleteSkipped))
}
