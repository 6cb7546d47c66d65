//! Stacks and their change sets by name or ARN.

use super::fault;
use api::Fault;
use world::stack::StackStatus;
use world::{ChangeSet, Stack, World};

/// The stack of a name, or of an ARN; a deleted one only by its ARN.
pub(super) fn any<'a>(world: &'a World, name: &str) -> Option<&'a Stack> {
    if name.starts_with("arn:") {
        return world.stacks.get(name);
    }
    let mut alive = world.stacks.iter().filter(|it| it.status != StackStatus::DeleteComplete);
    alive.find(|stack| stack.name == name)
}

/// The stack, to be described.
pub(super) fn shown<'a>(world: &'a World, name: &str) -> Result<&'a Stack, Fault> {
    any(world, name).ok_or_else(|| fault::no_stack(name))
}

/// The stack, to be changed.
pub(super) fn changed<'a>(world: &'a World, name: &str) -> Result<&'a Stack, Fault> {
    let found = any(world, name).filter(|stack| stack.status != StackStatus::DeleteComplete);
    found.ok_or_else(|| fault::no_such_stack(name))
}

/// The change set of an ARN, or of a name and a stack.
pub(super) fn change_set<'a>(
    world: &'a World,
    name: &str,
    stack: Option<&str>,
) -> Result<&'a ChangeSet, Fault> {
    if name.starts_with("arn:") {
        return world.change_sets.get(name).ok_or_else(|| fault::no_change_set(name));
    }
    let stack = shown(world, stack.ok_or_else(fault::stack_needed)?)?;
    let mut own = world.change_sets.iter().filter(|set| set.stack == stack.arn);
    own.find(|set| set.name == name).ok_or_else(|| fault::no_change_set(name))
}
