//! CloudFormation's lifecycle rules in the API's words: the same, with other names and other places.

use crate::cloudformation::failure::Failure;
use serde_json::{Map, Value as Json, json};

/// What the API calls `LifecycleConfiguration`.
///
/// # Errors
/// When a rule is none.
pub(super) fn configuration(given: &Json) -> Result<Json, Failure> {
    let mut given = given.as_object().cloned().unwrap_or_default();
    let rules = given.remove("Rules").unwrap_or_default();
    let rules = rules.as_array().cloned().unwrap_or_default();
    let rules = rules.into_iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    // What is left is not the API's, and refused by its name.
    given.insert("Rules".to_owned(), rules.into());
    Ok(given.into())
}

fn rule(given: Json) -> Result<Json, Failure> {
    let Json::Object(mut given) = given else {
        return Err(Failure::handler("InvalidRequest", "a lifecycle rule is an object"));
    };
    let mut rule = Map::new();
    let expiration = renamed(
        &mut given,
        &[
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        ],
    );
    if !expiration.is_empty() {
        rule.insert("Expiration".to_owned(), expiration.into());
    }
    let noncurrent =
        renamed(&mut given, &[("NoncurrentVersionExpirationInDays", "NoncurrentDays")]);
    if !noncurrent.is_empty() {
        rule.insert("NoncurrentVersionExpiration".to_owned(), noncurrent.into());
    }
    rule.insert("Filter".to_owned(), filter(&mut given));
    // One is a list of one, in either place.
    for (one, all) in [
        ("Transition", "Transitions"),
        ("NoncurrentVersionTransition", "NoncurrentVersionTransitions"),
    ] {
        let single = given.remove(one).map(|single| vec![single]);
        let several =
            given.remove(all).map(|several| several.as_array().cloned().unwrap_or_default());
        let transitions: Vec<Json> =
            single.into_iter().chain(several).flatten().map(|it| transition(it, all)).collect();
        if !transitions.is_empty() {
            rule.insert(all.to_owned(), transitions.into());
        }
    }
    // The rest has the same names.
    rule.extend(given);
    Ok(rule.into())
}

/// The members that a rule has under other names, taken out of it.
fn renamed(given: &mut Map<String, Json>, names: &[(&str, &str)]) -> Map<String, Json> {
    let found =
        names.iter().filter_map(|(name, to)| Some(((*to).to_owned(), given.remove(*name)?)));
    found.collect()
}

/// What a rule is for. Several conditions stand together under `And`.
fn filter(given: &mut Map<String, Json>) -> Json {
    let mut all = renamed(
        given,
        &[
            ("Prefix", "Prefix"),
            ("ObjectSizeGreaterThan", "ObjectSizeGreaterThan"),
            ("ObjectSizeLessThan", "ObjectSizeLessThan"),
        ],
    );
    let tags = given.remove("TagFilters").and_then(|tags| tags.as_array().cloned());
    let mut tags = tags.unwrap_or_default();
    match (all.len(), tags.len()) {
        (0, 0) => json!({ "Prefix": "" }),
        (0, 1) => json!({ "Tag": tags.remove(0) }),
        (1, 0) => all.into(),
        (_, count) => {
            if count > 0 {
                all.insert("Tags".to_owned(), tags.into());
            }
            json!({ "And": all })
        }
    }
}

fn transition(given: Json, list: &str) -> Json {
    let mut given = given.as_object().cloned().unwrap_or_default();
    let days = if list == "Transitions" { "Days" } else { "NoncurrentDays" };
    let mut renamed =
        renamed(&mut given, &[("TransitionInDays", days), ("TransitionDate", "Date")]);
    renamed.extend(given);
    renamed.into()
}
