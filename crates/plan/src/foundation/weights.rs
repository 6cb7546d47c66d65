//! Which of two target groups serves: ECS moves the weights of a rule from deployment to deployment, and
//! a template that is older knows nothing of it.
//!
//! CloudFormation leaves a rule alone whose part of the template stays as it was, and writes all of it,
//! the weights too, when anything of it changes. So a rule that stays keeps the weights that its
//! stack has, whatever they are, and a rule that changes gets the ones that hold.

use super::ids::of_service;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The weights that hold, of the first and the second target group, by service.
pub type Weights = BTreeMap<String, [i32; 2]>;

/// A service whose requests ECS is moving, while the rule that leads to it is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled(pub String);

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(service) = self;
        write!(
            f,
            "ECS is moving the requests of service {service}, and the rule that leads to it would be \
             changed"
        )
    }
}

impl std::error::Error for Unsettled {}

/// Puts weights into the rules of a template that takes the place of `held`. Answers the rules that
/// change, after telling `held` the weights that hold: a change that fails is taken back to what
/// `held` says.
///
/// # Errors
/// When a rule changes whose requests are being moved.
pub fn weigh(
    template: &mut Value,
    held: &mut Value,
    weights: &Weights,
) -> Result<BTreeSet<String>, Unsettled> {
    let mut told = BTreeSet::new();
    for (service, live) in weights {
        let id = of_service(service, "Rule1");
        let at = format!("/Resources/{id}");
        let Some(new) = template.pointer_mut(&at).filter(|it| of_rule(it).is_some()) else {
            continue;
        };
        let old = held.pointer_mut(&at);
        let before = old.as_deref().and_then(of_rule);
        let mut same = new.clone();
        set(&mut same, before.unwrap_or_default());
        if old.as_deref() == Some(&same) {
            *new = same;
            continue;
        }
        if live.iter().all(|weight| *weight > 0) {
            return Err(Unsettled(service.clone()));
        }
        set(new, *live);
        if let Some(old) = old.filter(|_| before.is_some_and(|it| it != *live)) {
            set(old, *live);
            told.insert(id);
        }
    }
    Ok(told)
}

/// The weights of a rule in a template, where it leads to two groups.
fn of_rule(rule: &Value) -> Option<[i32; 2]> {
    let groups = rule.pointer(GROUPS)?.as_array()?;
    let [first, second] = groups.as_slice() else { return None };
    let weight = |group: &Value| i32::try_from(group["Weight"].as_i64()?).ok();
    Some([weight(first)?, weight(second)?])
}

fn set(rule: &mut Value, weights: [i32; 2]) {
    let groups = rule.pointer_mut(GROUPS).and_then(Value::as_array_mut).into_iter().flatten();
    for (group, weight) in groups.zip(weights) {
        group["Weight"] = json!(weight);
    }
}

const GROUPS: &str = "/Properties/Actions/0/ForwardConfig/TargetGroups";

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(path: &str, [first, second]: [i32; 2]) -> Value {
        let groups = json!([{ "Weight": first }, { "Weight": second }]);
        let action = json!({ "ForwardConfig": { "TargetGroups": groups } });
        json!({ "Resources": { "ApiRule1": { "Properties": { "Path": path, "Actions": [action] } } } })
    }

    fn weighed(old: &Value, new: &Value, live: [i32; 2]) -> (Value, Value, usize) {
        let (mut held, mut template) = (old.clone(), new.clone());
        let live = Weights::from([("api".to_owned(), live)]);
        let told = weigh(&mut template, &mut held, &live).expect("nothing moves");
        (template, held, told.len())
    }

    #[test]
    fn a_rule_that_stays_is_left_alone() {
        let old = rule("/*", [0, 1]);
        let (template, held, told) = weighed(&old, &rule("/*", [1, 0]), [1, 0]);
        assert_eq!((template, held, told), (old.clone(), old, 0));
    }

    #[test]
    fn a_rule_that_changes_keeps_the_group_that_serves() {
        let (template, held, told) = weighed(&rule("/a", [1, 0]), &rule("/b", [1, 0]), [0, 100]);
        assert_eq!((template, told), (rule("/b", [0, 100]), 1));
        assert_eq!(held, rule("/a", [0, 100]), "what a failure is taken back to");
        let first = weighed(&json!({}), &rule("/b", [1, 0]), [0, 100]);
        assert_eq!((first.0, first.2), (rule("/b", [0, 100]), 0));
    }

    #[test]
    fn a_rule_is_not_changed_while_its_requests_move() {
        let live = Weights::from([("api".to_owned(), [95, 5])]);
        let (mut held, mut same) = (rule("/a", [1, 0]), rule("/a", [1, 0]));
        assert_eq!(weigh(&mut same, &mut held, &live), Ok(BTreeSet::new()));
        let mut other = rule("/b", [1, 0]);
        assert_eq!(weigh(&mut other, &mut held, &live), Err(Unsettled("api".to_owned())));
    }
}
