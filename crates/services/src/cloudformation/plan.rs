//! A stack's resources, set to work for a version.

use super::surroundings::{Reading, Surroundings};
use model::Timestamp;
use std::collections::BTreeSet;
use template::{Policy, Resource, Trouble, order};
use world::stack::{Keeping, ResourceStatus, StackResource, Terms, Work};
use world::{Draft, RowKey, Stack, StackResourceKey, World};

/// The rows of a stack that is to be brought to its version. Resources that are there and stay are
/// looked at again: whether they change is known when what they refer to is there.
pub(super) fn rows(
    world: &World,
    stack: &Stack,
    now: Timestamp,
) -> Result<Vec<StackResource>, Trouble> {
    let reading = Reading::of(world, stack, &stack.version)?;
    let surroundings = Surroundings::of(world, stack, now);
    let scene = reading.scene(&surroundings);
    scene.assert_rules()?;
    let present: BTreeSet<String> = scene.present()?.into_iter().map(str::to_owned).collect();
    let needed = order::dependencies(&reading.template);
    let mut rows = Vec::new();
    for logical in &present {
        let resource = &reading.template.resources[logical];
        let needs = needed[logical].intersection(&present).cloned().collect();
        rows.push(row(world, stack, (logical, resource), needs, now));
    }
    let left = world.resources_of(&stack.arn).filter(|held| {
        held.is_present() && !present.contains(&held.key.logical) && held.standing.is_some()
    });
    rows.extend(left.map(|held| StackResource {
        before: held.standing.clone().map(Box::new),
        work: Work::Leave,
        ..held.clone()
    }));
    Ok(rows)
}

fn row(
    world: &World,
    stack: &Stack,
    (logical, resource): (&String, &Resource),
    needs: BTreeSet<String>,
    now: Timestamp,
) -> StackResource {
    let key = StackResourceKey { stack: stack.arn.clone(), logical: logical.clone(), past: 0 };
    let held = world.stack_resources.get(&key);
    // What a failed operation left without anything to its name begins anew.
    let held = held.filter(|held| held.standing.is_some() && !is_gone(held));
    StackResource {
        kind: resource.kind.clone(),
        status: held.and_then(|held| held.status),
        reason: held.and_then(|held| held.reason.clone()),
        at: held.map_or(now, |held| held.at),
        work: Work::Make,
        terms: Terms {
            needs,
            keeping: keeping(resource.deletion),
            replaced: keeping(resource.replacement),
        },
        standing: held.and_then(|held| held.standing.clone()),
        before: held.and_then(|held| held.standing.clone()).map(Box::new),
        key,
    }
}

fn is_gone(held: &StackResource) -> bool {
    matches!(held.status, Some(ResourceStatus::DeleteComplete | ResourceStatus::DeleteSkipped))
}

fn keeping(policy: Policy) -> Keeping {
    match policy {
        Policy::Delete => Keeping::Delete,
        Policy::Retain => Keeping::Retain,
        Policy::RetainExceptOnCreate => Keeping::RetainExceptOnCreate,
    }
}

/// Puts the rows in. Those of resources that never came to be, and are not wanted, go.
pub(super) fn begin(draft: &mut Draft, stack: &Stack, rows: Vec<StackResource>) {
    let wanted: BTreeSet<StackResourceKey> = rows.iter().map(|row| row.key.clone()).collect();
    let gone: Vec<RowKey> = draft
        .resources_of(&stack.arn)
        .filter(|held| !wanted.contains(&held.key))
        .map(|held| RowKey::StackResource(held.key.clone()))
        .collect();
    gone.into_iter().for_each(|key| draft.remove(key));
    rows.into_iter().for_each(|row| draft.put(row));
}
