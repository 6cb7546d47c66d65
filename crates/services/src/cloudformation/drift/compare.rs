//! What a template said held against what is, property by property. What a template did not say is not
//! compared, as on AWS.

use crate::cloudformation::fit::text_of;
use serde_json::{Map, Value as Json};

/// By which member items of a list are known again.
const KEYS: [&str; 5] = ["Key", "Field", "TargetGroupArn", "Id", "Name"];

/// A property that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// Its path: `/Matcher/HttpCode`.
    pub(super) path: String,
    /// What it was made with.
    pub(super) expected: Json,
    /// What it is; nothing where it is gone.
    pub(super) actual: Option<Json>,
}

/// The two sides of a comparison: what was said that can be told now, and what is.
pub(super) fn of_both(
    said: &Map<String, Json>,
    is: &Map<String, Json>,
) -> (Map<String, Json>, Map<String, Json>) {
    // A member that is not answered at all can't be compared; one that was taken away is absent from
    // answers too, so lists and texts that were said count as gone only within members that are there.
    let known =
        said.iter().filter(|(name, _)| is.contains_key(*name) || OPTIONAL.contains(&name.as_str()));
    let expected: Map<String, Json> =
        known.map(|(name, value)| (name.clone(), value.clone())).collect();
    let actual = shaped(&Json::Object(expected.clone()), &Json::Object(is.clone()));
    (expected, actual.as_object().cloned().unwrap_or_default())
}

/// What answers leave out once it is taken away.
const OPTIONAL: [&str; 1] = ["RetentionInDays"];

/// What is, in the shape and order of what was said; scalars that mean the same are written the same.
fn shaped(said: &Json, is: &Json) -> Json {
    match (said, is) {
        (Json::Object(said), Json::Object(is)) => {
            let both = said.iter().filter_map(|(name, said)| {
                let held = is.get(name)?;
                Some((name.clone(), shaped(said, held)))
            });
            Json::Object(both.collect())
        }
        (Json::Array(said), Json::Array(is)) => in_order(said, is),
        (said, is) if means_the_same(said, is) => said.clone(),
        (_, is) => is.clone(),
    }
}

/// Numbers mean the same as texts and with a fraction: `5`, `5.0` and `"5"`.
fn means_the_same(said: &Json, is: &Json) -> bool {
    let (Some(said), Some(is)) = (text_of(said), text_of(is)) else { return false };
    let number = |text: &str| text.parse::<f64>().ok();
    said == is || number(&said).is_some_and(|said| number(&is) == Some(said))
}

fn in_order(said: &[Json], is: &[Json]) -> Json {
    let key =
        KEYS.iter().find(|key| !said.is_empty() && said.iter().all(|it| it.get(key).is_some()));
    if let Some(key) = key {
        let own = said.iter().filter_map(|said| {
            let held = is.iter().find(|it| it.get(key) == said.get(key))?;
            Some(shaped(said, held))
        });
        return own.collect();
    }
    let texts = |all: &[Json]| {
        let mut texts: Vec<Option<String>> = all.iter().map(text_of).collect();
        texts.sort();
        texts
    };
    if said.iter().all(|it| text_of(it).is_some()) && texts(said) == texts(is) {
        return said.to_vec().into();
    }
    let pairs = is.iter().enumerate();
    pairs.map(|(at, is)| said.get(at).map_or_else(|| is.clone(), |said| shaped(said, is))).collect()
}

/// The properties that differ.
pub(super) fn differences(
    expected: &Map<String, Json>,
    actual: &Map<String, Json>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    within("", expected, actual, &mut found);
    found
}

fn within(
    path: &str,
    expected: &Map<String, Json>,
    actual: &Map<String, Json>,
    found: &mut Vec<Difference>,
) {
    for (name, expected) in expected {
        differ(&format!("{path}/{name}"), expected, actual.get(name), found);
    }
}

fn differ(path: &str, expected: &Json, actual: Option<&Json>, found: &mut Vec<Difference>) {
    match (expected, actual) {
        (expected, Some(actual)) if expected == actual => {}
        (Json::Object(expected), Some(Json::Object(actual))) => {
            within(path, expected, actual, found);
        }
        (Json::Array(expected), Some(Json::Array(actual))) if expected.len() == actual.len() => {
            for (at, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                differ(&format!("{path}/{at}"), expected, Some(actual), found);
            }
        }
        (expected, actual) => found.push(Difference {
            path: path.to_owned(),
            expected: expected.clone(),
            actual: actual.cloned(),
        }),
    }
}
