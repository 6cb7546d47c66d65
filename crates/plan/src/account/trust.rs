//! Roles that ECS can take on for tasks.

use super::{Lack, Scene, existing};
use serde_json::Value;

const RULE: &str = "aws-role-trust";

/// Who takes roles on for tasks.
const TASKS: &str = "ecs-tasks.amazonaws.com";

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let preparing = scene.wish.names().execution_role();
    let preparing = scene.observed.roles.get(&preparing).map(|role| role.arn.as_str());
    let trust = scene.account.trust.iter();
    let closed = trust.filter(|(_, policy)| !is_trusted(&decoded(policy)));
    let lacks = closed.map(|(arn, _)| {
        let key = if Some(arn.as_str()) == preparing { "execution_role" } else { "task_role" };
        let what = format!("{} may not be taken on by {TASKS}", name(arn));
        let hint = format!(
            "a statement in its trust policy that allows sts:AssumeRole to the service {TASKS}"
        );
        Lack::error(RULE, existing(key), what, hint)
    });
    lacks.collect()
}

/// Whether a trust policy lets tasks in. Conditions are not weighed: AWS alone knows what they meet.
fn is_trusted(policy: &str) -> bool {
    let Ok(policy) = serde_json::from_str::<Value>(policy) else { return false };
    let mut statements = many(policy.get("Statement")).into_iter();
    statements.any(|statement| {
        let words = |held: Option<&Value>| -> Vec<String> {
            let texts = many(held).into_iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
        let principal = statement.get("Principal").and_then(|held| held.get("Service"));
        let actions = words(statement.get("Action"));
        let takes = |action: &String| ["sts:AssumeRole", "sts:*", "*"].contains(&action.as_str());
        allows && words(principal).iter().any(|it| it == TASKS) && actions.iter().any(takes)
    })
}

/// One or many: IAM's documents leave brackets out where there is one.
fn many(held: Option<&Value>) -> Vec<&Value> {
    match held {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// A document as it was written: IAM gives it in the encoding of addresses.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn name(arn: &str) -> &str {
    arn.split_once(":role/").map_or(arn, |(_, name)| name)
}
