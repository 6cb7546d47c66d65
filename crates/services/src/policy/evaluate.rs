//! What a policy says of a call: the evaluation that IAM's simulator does.
//!
//! A statement speaks of a call when its action, its resource and its conditions all fit. What
//! follows from what several policies say is the simulator's matter, and locally nobody else's: no
//! call is refused by a policy.
//!
//! This file must not know: whose policies these are.

use super::condition::{Context, holds};
use super::{Statement, either, parse};
use crate::glob::{Token, is_like, literal, tokens};
use std::collections::BTreeSet;

/// A call that somebody may want to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// `ecs:CreateService`.
    pub(crate) action: &'a str,
    /// An ARN, or `*`.
    pub(crate) resource: &'a str,
    /// What is known of its circumstances.
    pub(crate) context: &'a Context,
}

/// What one policy says of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// How many of its statements allow it.
    pub(crate) allows: usize,
    /// How many of its statements deny it.
    pub(crate) denies: usize,
    /// The context keys that would have mattered and were not given.
    pub(crate) missing: BTreeSet<String>,
}

/// What a policy says of a call; nothing when it is no policy.
pub(crate) fn opinion(document: &str, wish: &Wish<'_>) -> Option<Opinion> {
    let policy = parse(document).ok()?;
    let mut opinion = Opinion::default();
    for statement in &policy.statements {
        let speaks = fits_action(statement, wish.action)
            && fits_resource(statement, wish)
            && fits_condition(statement, wish.context, &mut opinion.missing);
        match statement["Effect"].as_str() {
            Some("Deny") if speaks => opinion.denies += 1,
            Some("Allow") if speaks => opinion.allows += 1,
            _ => {}
        }
    }
    Some(opinion)
}

/// Actions do not mind the case.
fn fits_action(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let named = either(statement, "Action", "NotAction").into_iter();
    let named = named.map(|pattern| tokens(&pattern.to_ascii_lowercase()));
    let listed = named.into_iter().any(|pattern| is_like(&action, &pattern));
    listed != statement.contains_key("NotAction")
}

fn fits_resource(statement: &Statement, wish: &Wish<'_>) -> bool {
    let mut named = either(statement, "Resource", "NotResource").into_iter();
    let listed = named.any(|pattern| is_resource(wish.resource, pattern, wish.context));
    listed != statement.contains_key("NotResource")
}

fn fits_condition(
    statement: &Statement,
    context: &Context,
    missing: &mut BTreeSet<String>,
) -> bool {
    let condition = statement.get("Condition").and_then(|condition| condition.as_object());
    condition.is_none_or(|condition| holds(condition, context, missing))
}

/// Whether a resource is one that a pattern means. A wildcard of an ARN stays within its part: the
/// one in `arn:aws:s3:*:...` never stands for a colon. The last part may have colons.
pub(super) fn is_resource(resource: &str, pattern: &str, context: &Context) -> bool {
    let like = |value: &str, pattern: &str| match with_variables(pattern, context) {
        Some(pattern) => is_like(value, &pattern),
        None => false,
    };
    match (parts_of(resource), parts_of(pattern)) {
        (Some(resource), Some(pattern)) => {
            let same = resource.len() == pattern.len();
            same && resource.into_iter().zip(pattern).all(|(value, pattern)| like(value, pattern))
        }
        _ => like(resource, pattern),
    }
}

/// The six parts of an ARN. The colons in `${aws:username}` part nothing.
fn parts_of(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            ':' if !inside && parts.len() < 5 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    text.starts_with("arn:").then_some(parts)
}

/// A pattern with the values of its variables in it, which are never wildcards: `${aws:username}`,
/// and `${*}`, `${?}` and `${$}` for these characters themselves. Nothing when a value is not known
/// and there is no default, as in `${aws:PrincipalTag/team, 'none'}`.
pub(super) fn with_variables(pattern: &str, context: &Context) -> Option<Vec<Token>> {
    let mut whole = Vec::new();
    let mut rest = pattern;
    while let Some((before, variable, after)) = next_variable(rest) {
        whole.extend(tokens(before));
        let (name, default) = match variable.split_once(',') {
            Some((name, default)) => (name.trim(), Some(default.trim().trim_matches('\''))),
            None => (variable.trim(), None),
        };
        let value = match name {
            "*" | "?" | "$" => Some(name),
            name => context.get(&name.to_ascii_lowercase()).and_then(|values| match &values[..] {
                [only] => Some(only.as_str()),
                _ => None,
            }),
        };
        whole.extend(literal(value.or(default)?));
        rest = after;
    }
    whole.extend(tokens(rest));
    Some(whole)
}

fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (variable, after) = rest.split_once('}')?;
    Some((before, variable, after))
}
