//! Keys of secrets that variables read. A key that is not there ends each task before it starts.

use super::{Lack, Scene};
use crate::secrets::with_paths;
use manifest::{SecretPart, SecretReference};
use serde_json::Value;
use std::collections::BTreeSet;

const RULE: &str = "aws-secret-key";

/// The keys of a secret that is a JSON object; `None` for another text. Of the values nothing is kept.
#[must_use]
pub fn keys(text: &str) -> Option<BTreeSet<String>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(held)) => Some(held.into_iter().map(|(key, _)| key).collect()),
        _ => None,
    }
}

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let services = scene.wish.services();
    let variables = services.flat_map(|(name, service)| {
        let held = with_paths(service).into_iter();
        held.map(move |(path, (_, reference))| (format!("services.{name}.{path}"), reference))
    });
    variables.filter_map(|(path, reference)| without_key(scene, path, reference)).collect()
}

fn without_key(scene: Scene<'_>, path: String, reference: &SecretReference) -> Option<Lack> {
    let SecretReference::Secret { name, part } = reference else { return None };
    let SecretPart { json_key: Some(key), stage: None, version: None } = part else { return None };
    let (what, hint) = match scene.account.keys.get(name)? {
        None => {
            let what = format!("the secret `{name}` is no JSON object, so it has no key `{key}`");
            (what, format!("name all of it: secretsmanager:{name}"))
        }
        Some(keys) if keys.contains(key) => return None,
        Some(keys) => {
            let known: Vec<&str> = keys.iter().map(String::as_str).collect();
            let there = format!("it has {}", known.join(", "));
            (format!("the secret `{name}` has no key `{key}`"), there)
        }
    };
    Some(Lack::error(RULE, path, what, hint))
}
