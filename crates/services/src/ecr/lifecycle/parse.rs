//! A lifecycle policy's text, and every rule that AWS holds it to (reference §6.4). What the region
//! does not do is refused: archives, and counts from the last pull.

use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use world::registry::lifecycle::{About, Limit, Rule};

/// How many `*` a pattern may have (reference §6.4).
const STARS: usize = 4;

type Object = Map<String, Json>;

/// The rules of a policy, the lowest priority first.
pub(super) fn rules(text: &str) -> Result<Vec<Rule>, String> {
    let json: Json = serde_json::from_str(text).map_err(|_| "the policy is no JSON".to_owned())?;
    let top = object(&json, "the policy")?;
    known(top, &["rules"])?;
    let listed = top.get("rules").and_then(Json::as_array).filter(|rules| !rules.is_empty());
    let listed = listed.ok_or_else(|| "the policy has no rules".to_owned())?;
    let mut rules = listed.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    rules.sort_by_key(|rule| rule.priority);
    check_together(&rules)?;
    Ok(rules)
}

fn rule(json: &Json) -> Result<Rule, String> {
    let rule = object(json, "a rule")?;
    known(rule, &["rulePriority", "description", "selection", "action"])?;
    if rule.get("description").is_some_and(|text| !text.is_string()) {
        return Err("a rule's description is no text".to_owned());
    }
    let priority = count(rule, "rulePriority")?;
    let action = object(rule.get("action").unwrap_or(&Json::Null), "a rule's action")?;
    known(action, &["type"])?;
    if action.get("type").and_then(Json::as_str) != Some("expire") {
        return Err("the only action that the region has is `expire`".to_owned());
    }
    let selection = object(rule.get("selection").unwrap_or(&Json::Null), "a rule's selection")?;
    known(
        selection,
        &["tagStatus", "tagPrefixList", "tagPatternList", "countType", "countUnit", "countNumber"],
    )?;
    Ok(Rule { priority, about: about(selection)?, limit: limit(selection)? })
}

fn about(selection: &Object) -> Result<About, String> {
    let prefixes = words(selection, "tagPrefixList")?;
    let patterns = words(selection, "tagPatternList")?;
    let status = selection.get("tagStatus").and_then(Json::as_str);
    match (status, prefixes, patterns) {
        (Some("any"), None, None) => Ok(About::Any),
        (Some("untagged"), None, None) => Ok(About::Untagged),
        (Some("any" | "untagged"), _, _) => {
            Err("only a rule for tagged images has prefixes or patterns".to_owned())
        }
        (Some("tagged"), Some(prefixes), None) => {
            Ok(About::Tagged(prefixes.into_iter().map(|prefix| format!("{prefix}*")).collect()))
        }
        (Some("tagged"), None, Some(patterns)) => {
            match patterns.iter().find(|pattern| pattern.matches('*').count() > STARS) {
                Some(pattern) => Err(format!("the pattern `{pattern}` has more than {STARS} `*`")),
                None => Ok(About::Tagged(patterns)),
            }
        }
        (Some("tagged"), None, None) => {
            Err("a rule for tagged images needs tagPrefixList or tagPatternList".to_owned())
        }
        (Some("tagged"), Some(_), Some(_)) => {
            Err("a rule has tagPrefixList or tagPatternList, not both".to_owned())
        }
        _ => Err("a rule's tagStatus is `tagged`, `untagged` or `any`".to_owned()),
    }
}

fn limit(selection: &Object) -> Result<Limit, String> {
    let number = count(selection, "countNumber")?;
    let unit = selection.get("countUnit").map(Json::as_str);
    match (selection.get("countType").and_then(Json::as_str), unit) {
        (Some("imageCountMoreThan"), None) => Ok(Limit::MoreThan(number)),
        (Some("imageCountMoreThan"), Some(_)) => {
            Err("imageCountMoreThan goes without a countUnit".to_owned())
        }
        (Some("sinceImagePushed"), Some(Some("days"))) => Ok(Limit::OlderThan(number)),
        (Some("sinceImagePushed"), _) => Err("sinceImagePushed needs countUnit `days`".to_owned()),
        (Some(other @ ("sinceImagePulled" | "sinceImageTransitioned")), _) => {
            Err(format!("the region does not have the countType `{other}`"))
        }
        _ => Err("a rule's countType is `imageCountMoreThan` or `sinceImagePushed`".to_owned()),
    }
}

/// What only all rules together show.
fn check_together(rules: &[Rule]) -> Result<(), String> {
    let last = rules.last().map(|rule| rule.priority);
    let (mut priorities, mut tags, mut untagged) = (BTreeSet::new(), BTreeSet::new(), 0);
    for rule in rules {
        if !priorities.insert(rule.priority) {
            return Err(format!("two rules have the priority {}", rule.priority));
        }
        match &rule.about {
            About::Any if Some(rule.priority) != last => {
                return Err("the rule for any image must have the highest priority".to_owned());
            }
            About::Any => {}
            About::Untagged => untagged += 1,
            About::Tagged(patterns) => {
                if !tags.insert(patterns) {
                    return Err("two rules are for the same tags".to_owned());
                }
            }
        }
    }
    if untagged > 1 {
        Err("there is more than one rule for untagged images".to_owned())
    } else {
        Ok(())
    }
}

fn object<'a>(json: &'a Json, what: &str) -> Result<&'a Object, String> {
    json.as_object().ok_or_else(|| format!("{what} is no object"))
}

/// Nothing may be there that is not known: a typing mistake would expire the wrong images.
fn known(object: &Object, names: &[&str]) -> Result<(), String> {
    match object.keys().find(|key| !names.contains(&key.as_str())) {
        Some(other) => Err(format!("`{other}` is not known here")),
        None => Ok(()),
    }
}

fn count(object: &Object, name: &str) -> Result<u32, String> {
    let number = object.get(name).and_then(Json::as_u64).filter(|number| *number > 0);
    let number = number.and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("`{name}` is a number from 1"))
}

fn words(object: &Object, name: &str) -> Result<Option<Vec<String>>, String> {
    let wrong = || format!("`{name}` is a list of texts, at least one");
    let Some(json) = object.get(name) else { return Ok(None) };
    let list = json.as_array().filter(|list| !list.is_empty()).ok_or_else(wrong)?;
    let words = list.iter().map(|word| word.as_str().map(str::to_owned).ok_or_else(wrong));
    words.collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests;
