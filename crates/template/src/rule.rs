//! Rules: what a template asserts of its parameters. The CDK puts one into every template.

use crate::function::truth;
use crate::refer::referred;
use crate::{Mistake, Scene, Template, Trouble};
use serde_json::Value;

/// Refuses rules that name what is not there.
pub(crate) fn check(template: &Template) -> Result<(), Mistake> {
    for (name, rule) in &template.rules {
        let found = referred(rule)?;
        let known = |it: &&String| it.starts_with("AWS::") || template.parameters.contains_key(*it);
        if let Some(missing) = found.names.iter().find(|it| !known(it)) {
            let what = format!("Rule {name} refers to {missing}, which is no parameter");
            return Err(Mistake::format(what));
        }
    }
    Ok(())
}

/// Refuses parameters that a rule does not allow.
pub(crate) fn assert(scene: &Scene<'_>) -> Result<(), Trouble> {
    for rule in scene.template.rules.values() {
        if let Some(condition) = rule.get("RuleCondition")
            && !truth(scene, condition)?
        {
            continue;
        }
        let assertions = rule.get("Assertions").and_then(Value::as_array);
        for assertion in assertions.into_iter().flatten() {
            let asserted = assertion.get("Assert").map(|held| truth(scene, held)).transpose()?;
            if asserted == Some(false) {
                let why = assertion.get("AssertDescription").and_then(Value::as_str);
                let what = format!(
                    "Template parameters failed to satisfy rule: {}",
                    why.unwrap_or("an assertion does not hold")
                );
                return Err(Mistake::of(what).into());
            }
        }
    }
    Ok(())
}
