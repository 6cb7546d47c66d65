//! What a plan is bound to: the world as it was when the plan was made, as far as the plan hangs on it.
//!
//! Counts are not part of it, for scaling moves them all the time.

use crate::observed::Observed;
use crate::stack;
use crate::wish::Wish;
use serde_json::{Map, Value, json};

/// The world that a plan was made for.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound(Value);

// === impl Bound ===

impl Bound {
    /// What a plan from `observed` to `wish` is bound to.
    #[must_use]
    pub fn of(wish: &Wish, observed: &Observed) -> Self {
        let definitions = observed.definitions.iter();
        let definitions = definitions.map(|(family, held)| (family.clone(), json!(held.arn())));
        let services = observed.services.iter().map(|(name, held)| {
            let runs = held.task_definition.as_deref().unwrap_or_default();
            let deployments = held.deployments.iter().flatten();
            let mut primary = deployments.filter(|it| it.status.as_deref() == Some("PRIMARY"));
            let primary = primary.next().and_then(|it| it.id.clone());
            (name.clone(), json!({ "taskDefinition": runs, "deployment": primary }))
        });
        let images = wish.artifacts.iter().map(|(name, held)| (name.clone(), json!(held.image)));
        Self(json!({
            "account": observed.account,
            "region": observed.region,
            "cluster": wish.cluster(),
            "stack": observed.stack.map(|changed| changed.to_string()),
            "template": stack::mark(&wish.manifest),
            "taskDefinitions": definitions.collect::<Map<_, _>>(),
            "services": services.collect::<Map<_, _>>(),
            "images": images.collect::<Map<_, _>>(),
        }))
    }

    /// Reads what [`Bound::value`] gave.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        Self(value.clone())
    }

    /// As data.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The image that the plan is for, of a service.
    #[must_use]
    pub fn image(&self, service: &str) -> Option<&str> {
        self.0.get("images")?.get(service)?.as_str()
    }

    /// What is another now than it was then, in words; nothing when the world has not moved.
    #[must_use]
    pub fn moved(&self, now: &Self) -> Vec<String> {
        let mut moved = Vec::new();
        differences("", &self.0, &now.0, &mut moved);
        moved
    }
}

fn differences(path: &str, then: &Value, now: &Value, moved: &mut Vec<String>) {
    let (Some(old), Some(new)) = (then.as_object(), now.as_object()) else {
        if then != now {
            moved.push(format!("{path}: {} → {}", shown(then), shown(now)));
        }
        return;
    };
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    for key in keys {
        let below = if path.is_empty() { key.clone() } else { format!("{path} {key}") };
        let at = |held: &Map<String, Value>| held.get(key).cloned().unwrap_or_default();
        differences(&below, &at(old), &at(new), moved);
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(definition: &str) -> Bound {
        let services = match definition {
            "" => json!({}),
            runs => json!({ "api": { "taskDefinition": runs, "deployment": "1" } }),
        };
        Bound::read(&json!({ "account": "1", "services": services, "images": { "api": "a" } }))
    }

    #[test]
    fn what_moved_is_named() {
        let then = bound("api:7");
        assert_eq!(then.moved(&bound("api:7")), [""; 0]);
        assert_eq!(then.moved(&bound("api:8")), ["services api taskDefinition: api:7 → api:8"]);
        assert_eq!(
            bound("").moved(&then),
            [r#"services api: none → {"deployment":"1","taskDefinition":"api:7"}"#]
        );
        assert_eq!(then.image("api"), Some("a"));
    }
}
