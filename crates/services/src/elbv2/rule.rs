//! Rules of listeners, tried by rising priority; the listener's default actions come last.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod modify;
pub(super) mod priority;
mod show;

use super::{fault, name};
use api::Fault;
use world::{Listener, Rule, World};

/// The rule with this ARN; a default rule is none.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Rule, Fault> {
    let listener = listener_of(world, arn);
    let rule = listener
        .and_then(|listener| world.rules_of(&listener.arn).find(|rule| rule.arn.as_str() == arn));
    rule.ok_or_else(|| fault::no_rule(arn))
}

/// As [`find`], for a request that a default rule refuses; `verb` is `modified` or `deleted`.
fn find_own<'a>(world: &'a World, arn: &str, verb: &str) -> Result<&'a Rule, Fault> {
    match listener_of(world, arn) {
        Some(listener) if listener.default_rule.as_str() == arn => {
            Err(fault::default_rule(arn, verb))
        }
        _ => find(world, arn),
    }
}

fn listener_of<'a>(world: &'a World, arn: &str) -> Option<&'a Listener> {
    name::listener_of(arn).and_then(|listener| world.listeners.get(&listener))
}
