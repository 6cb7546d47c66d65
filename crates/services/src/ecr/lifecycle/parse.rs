//! A lifecycle policy's text, and every rule that AWS holds it to (reference §6.4).

use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use world::registry::archive::StorageClass;
use world::registry::lifecycle::{About, Fate, Limit, Rule};

/// How many `*` a pattern may have (reference §6.4).
const STARS: usize = 4;
/// How many days an image stays in the archive at least, unless someone deletes it by name.
const ARCHIVED: u32 = 90;

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
    let fate = fate(rule)?;
    let selection = object(rule.get("selection").unwrap_or(&Json::Null), "a rule's selection")?;
    known(
        selection,
        &[
            "tagStatus",
            "tagPrefixList",
            "tagPatternList",
            "storageClass",
            "countType",
            "countUnit",
            "countNumber",
        ],
    )?;
    let (class, about, limit) = (class(selection)?, about(selection)?, limit(selection)?);
    check_fit(class, limit, fate)?;
    Ok(Rule { priority, class, about, limit, fate })
}

fn fate(rule: &Object) -> Result<Fate, String> {
    let action = object(rule.get("action").unwrap_or(&Json::Null), "a rule's action")?;
    known(action, &["type", "targetStorageClass"])?;
    let word = |name: &str| action.get(name).map(|word| word.as_str().unwrap_or_default());
    match (word("type"), word("targetStorageClass")) {
        (Some("expire"), None) => Ok(Fate::Expire),
        (Some("transition"), Some("archive")) => Ok(Fate::Archive),
        (Some("transition"), _) => {
            Err("`transition` needs targetStorageClass `archive`".to_owned())
        }
        (Some("expire"), Some(_)) => Err("`expire` goes without a targetStorageClass".to_owned()),
        _ => Err("a rule's action is `expire` or `transition`".to_owned()),
    }
}

fn class(selection: &Object) -> Result<StorageClass, String> {
    match selection.get("storageClass").map(Json::as_str) {
        None | Some(Some("standard")) => Ok(StorageClass::Standard),
        Some(Some("archive")) => Ok(StorageClass::Archive),
        Some(_) => Err("a rule's storageClass is `standard` or `archive`".to_owned()),
    }
}

/// What goes together: pulls end in the archive, and what is there is counted by the time that it
/// has been there.
fn check_fit(class: StorageClass, limit: Limit, fate: Fate) -> Result<(), String> {
    match (class, limit, fate) {
        (StorageClass::Archive, Limit::ArchivedFor(days), Fate::Expire) if days < ARCHIVED => {
            Err(format!("an image stays in the archive for {ARCHIVED} days at least"))
        }
        (StorageClass::Archive, Limit::ArchivedFor(_), Fate::Expire) => Ok(()),
        (StorageClass::Archive, _, _) | (_, Limit::ArchivedFor(_), _) => {
            Err("sinceImageTransitioned goes with storageClass `archive` and `expire`, and these \
                 with it"
                .to_owned())
        }
        (StorageClass::Standard, Limit::UnusedFor(_), Fate::Expire) => {
            Err("sinceImagePulled goes with the action `transition`".to_owned())
        }
        (StorageClass::Standard, _, _) => Ok(()),
    }
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
        (Some("sinceImagePulled"), Some(Some("days"))) => Ok(Limit::UnusedFor(number)),
        (Some("sinceImageTransitioned"), Some(Some("days"))) => Ok(Limit::ArchivedFor(number)),
        (Some(word @ ("sinceImagePushed" | "sinceImagePulled" | "sinceImageTransitioned")), _) => {
            Err(format!("{word} needs countUnit `days`"))
        }
        _ => Err("a rule's countType is none of `imageCountMoreThan`, `sinceImagePushed`, \
                  `sinceImagePulled` and `sinceImageTransitioned`"
            .to_owned()),
    }
}

/// What only all rules together show. Of untagged images and of any there is one rule for each
/// storage class.
fn check_together(rules: &[Rule]) -> Result<(), String> {
    let (mut priorities, mut tags) = (BTreeSet::new(), BTreeSet::new());
    let (mut untagged, mut any) = (BTreeSet::new(), BTreeSet::new());
    for rule in rules {
        if !priorities.insert(rule.priority) {
            return Err(format!("two rules have the priority {}", rule.priority));
        }
        if any.contains(&rule.class) {
            return Err("the rule for any image must have the highest priority".to_owned());
        }
        let first = match &rule.about {
            About::Any => any.insert(rule.class),
            About::Untagged => untagged.insert(rule.class),
            About::Tagged(patterns) => {
                if !tags.insert((rule.class, patterns)) {
                    return Err("two rules are for the same tags".to_owned());
                }
                true
            }
        };
        if !first {
            return Err("there is more than one rule for untagged images".to_owned());
        }
    }
    Ok(())
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
