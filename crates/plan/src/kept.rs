//! How the values stand that services read: whether they are there, and whether tasks have them.
//!
//! ECS reads values when a task starts (reference §2.4): one that changed since is old in the task.

use crate::secrets::references_by_variable;
use crate::wish::Wish;
use manifest::SecretReference;
use model::{Secret, Timestamp};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a parameter or a secret that is there. Its value is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// When it last changed.
    pub changed: Option<Timestamp>,
    /// The keys of the JSON object that it holds; absent where nobody looked.
    pub keys: Option<BTreeSet<String>>,
}

/// A variable of a service, and how its value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The service.
    pub service: String,
    /// The variable.
    pub variable: String,
    /// What it is read from: `ssm:/shop/database-url`, or an ARN.
    pub source: String,
    /// How it stands.
    pub state: State,
}

/// How a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is there, and what runs has it.
    There,
    /// It is not there: no task of the service starts.
    Missing,
    /// The secret is there, and is no JSON object with this key: no task of the service starts.
    NoKey {
        /// The key.
        key: String,
    },
    /// It has changed since the oldest task that runs was started.
    Changed {
        /// When.
        at: Timestamp,
    },
    /// It is named by its ARN, and is not looked at.
    ByArn,
}

// === impl State ===

impl State {
    /// Whether no task can start with it.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Missing | Self::NoKey { .. })
    }

    /// In a few words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::There => "there".to_owned(),
            Self::Missing => "missing".to_owned(),
            Self::NoKey { key } => format!("there, without the key `{key}`"),
            Self::Changed { at } => format!("changed {at}, after tasks were started"),
            Self::ByArn => "not looked at: named by its ARN".to_owned(),
        }
    }
}

/// Every variable with a secret value; `known` by source, `started` has the start of each service's
/// oldest running task.
#[must_use]
pub fn rows(
    wish: &Wish,
    known: &BTreeMap<String, Known>,
    started: &BTreeMap<String, Timestamp>,
) -> Vec<Row> {
    let all = wish.services().flat_map(|(service, held)| {
        references_by_variable(held).map(move |(variable, reference)| Row {
            service: service.clone(),
            variable: variable.to_owned(),
            source: source(reference),
            state: state(reference, known, started.get(service).copied()),
        })
    });
    all.collect()
}

/// The keys of the JSON object that a secret holds; none if it holds something else.
#[must_use]
pub fn keys(whole: &Secret) -> BTreeSet<String> {
    object(whole).keys().cloned().collect()
}

/// A text that is a member of the JSON object that a secret holds.
#[must_use]
pub fn member(whole: &Secret, key: &str) -> Option<Secret> {
    object(whole).get(key)?.as_str().map(Secret::from)
}

/// A secret's JSON object with another member. What is no object is replaced by one.
#[must_use]
pub fn with_member(whole: Option<&Secret>, key: &str, value: &Secret) -> Secret {
    let mut object = whole.map(object).unwrap_or_default();
    object.insert(key.to_owned(), Value::String(value.reveal().to_owned()));
    Secret::from(Value::Object(object).to_string())
}

fn object(whole: &Secret) -> Map<String, Value> {
    match serde_json::from_str(whole.reveal()) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn source(reference: &SecretReference) -> String {
    match reference {
        SecretReference::Arn(arn) => arn.to_string(),
        other => other.source().unwrap_or_default(),
    }
}

fn state(
    reference: &SecretReference,
    known: &BTreeMap<String, Known>,
    started: Option<Timestamp>,
) -> State {
    let Some(source) = reference.source() else { return State::ByArn };
    let Some(Known { changed, keys }) = known.get(&source) else { return State::Missing };
    if let SecretReference::Secret { part, .. } = reference {
        let lacks = |key: &&String| keys.as_ref().is_some_and(|keys| !keys.contains(*key));
        if let Some(key) = part.json_key.as_ref().filter(lacks) {
            return State::NoKey { key: key.clone() };
        }
    }
    match (*changed, started) {
        (Some(at), Some(started)) if at > started => State::Changed { at },
        _ => State::There,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::SecretPart;

    #[test]
    fn one_member_changes_and_the_others_stay() {
        let whole = Secret::from(r#"{"host":"a","port":"1"}"#);
        assert_eq!(keys(&whole), BTreeSet::from(["host".to_owned(), "port".to_owned()]));
        let value = Secret::from("b");
        let with = |whole: Option<&Secret>| with_member(whole, "host", &value).reveal().to_owned();
        assert_eq!(with(Some(&whole)), r#"{"host":"b","port":"1"}"#);
        assert_eq!(with(None), r#"{"host":"b"}"#);
        assert_eq!(with(Some(&Secret::from("text"))), r#"{"host":"b"}"#);
    }

    #[test]
    fn a_value_is_judged_by_what_is_there_and_what_runs() {
        let parameter = SecretReference::Parameter { name: "/a".to_owned() };
        let part = |key: &str| SecretReference::Secret {
            name: "b".to_owned(),
            part: SecretPart { json_key: Some(key.to_owned()), ..SecretPart::default() },
        };
        let at = Timestamp::from_millis;
        let known = BTreeMap::from([
            ("ssm:/a".to_owned(), Known { changed: Some(at(50)), keys: None }),
            (
                "secretsmanager:b".to_owned(),
                Known { changed: Some(at(50)), keys: Some(BTreeSet::from(["host".to_owned()])) },
            ),
        ]);
        let check = |reference: &SecretReference, started: Option<i64>, expected: State| {
            assert_eq!(state(reference, &known, started.map(at)), expected);
        };
        check(&parameter, None, State::There);
        check(&parameter, Some(60), State::There);
        check(&parameter, Some(40), State::Changed { at: at(50) });
        check(&part("host"), Some(60), State::There);
        check(&part("port"), Some(40), State::NoKey { key: "port".to_owned() });
        check(&SecretReference::Parameter { name: "/c".to_owned() }, None, State::Missing);
    }
}
