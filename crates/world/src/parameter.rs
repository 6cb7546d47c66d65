//! Parameter Store.

use crate::{Held, Tags, World};
use model::{ParameterName, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// A parameter with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: ParameterName,
    /// Its versions, oldest first; never empty. AWS keeps the newest 100.
    pub versions: Vec<ParameterVersion>,
    /// Tags.
    pub tags: Tags,
}

/// One version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterVersion {
    /// Counts from 1.
    pub version: i64,
    /// The value. Every kind is kept as a secret: what is none can be shown, not the other way.
    pub value: Secret,
    /// String, list or secure string.
    pub kind: ParameterKind,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it, an ARN.
    pub by: String,
    /// Free text.
    pub description: Option<String>,
    /// A regular expression that values must match.
    pub allowed_pattern: Option<String>,
    /// `Standard`, `Advanced` or `Intelligent-Tiering`.
    pub tier: String,
    /// `text`, `aws:ec2:image`.
    pub data_type: String,
    /// The key that a secure string names, echoed.
    pub key_id: Option<String>,
    /// Policies as given, a JSON text.
    pub policies: Option<String>,
    /// When the parameter is to be gone, by one of the policies.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Labels that point at this version.
    pub labels: Vec<String>,
}

/// A parameter's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// Plain text.
    String,
    /// Comma-separated texts.
    StringList,
    /// A secret; shown sealed unless decryption is asked for.
    SecureString,
}

// === impl World ===

impl World {
    /// The parameter of a name, unless it has expired. A name without hierarchy means the same
    /// with a leading slash and without, as on AWS, where both have one ARN.
    #[must_use]
    pub fn parameter(&self, name: &str, now: Timestamp) -> Option<&Parameter> {
        let bare = name.strip_prefix('/').unwrap_or(name);
        let parameter = match self.parameters.get(name) {
            None if bare.contains('/') => None,
            None if bare.len() < name.len() => self.parameters.get(bare),
            None => self.parameters.get(format!("/{bare}").as_str()),
            found => found,
        };
        parameter.filter(|parameter| parameter.is_there(now))
    }
}

// === impl Parameter ===

impl Parameter {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.newest().expires_at.is_none_or(|expires| now < expires)
    }

    /// The version that a selector names: a version's number or a label, as written after the
    /// colon of `name:selector`.
    #[must_use]
    pub fn selected(&self, selector: &str) -> Option<&ParameterVersion> {
        let number: Option<i64> = selector.parse().ok();
        self.versions.iter().find(|version| match number {
            Some(number) => version.version == number,
            None => version.labels.iter().any(|label| label == selector),
        })
    }

    /// The newest version.
    ///
    /// # Panics
    /// Never: a parameter is made with its first version and never loses the newest.
    #[must_use]
    pub fn newest(&self) -> &ParameterVersion {
        self.versions.last().expect("a parameter has a version")
    }
}

// === impl Held ===

impl Held for Parameter {
    type Key = ParameterName;

    fn key(&self) -> ParameterName {
        self.name.clone()
    }
}

// === impl ParameterKind ===

impl ParameterKind {
    /// The kind of AWS's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::String, Self::StringList, Self::SecureString]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Vpc};
    use model::Place;

    fn world(names: &[&str]) -> World {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [172, 31]);
        let mut draft = Draft::of(&World::empty(place, vpc));
        for name in names {
            let version = |version: i64, labels: &[&str]| ParameterVersion {
                version,
                value: "x".into(),
                kind: ParameterKind::String,
                at: Timestamp::default(),
                by: String::new(),
                description: None,
                allowed_pattern: None,
                tier: "Standard".to_owned(),
                data_type: "text".to_owned(),
                key_id: None,
                policies: None,
                expires_at: Some(Timestamp::from_seconds(60)),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            };
            let versions = vec![version(7, &["old"]), version(8, &[])];
            draft.put(Parameter { name: (*name).into(), versions, tags: Tags::new() });
        }
        draft.commit().world
    }

    #[test]
    fn a_slash_makes_no_difference_without_hierarchy() {
        let world = world(&["one", "/two", "/a/b"]);
        for (name, found) in [
            ("one", Some("one")),
            ("/one", Some("one")),
            ("two", Some("/two")),
            ("/a/b", Some("/a/b")),
            ("a/b", None),
            ("three", None),
            ("", None),
        ] {
            let parameter = world.parameter(name, Timestamp::default());
            assert_eq!(parameter.map(|parameter| parameter.name.as_str()), found, "{name}");
        }
    }

    #[test]
    fn a_parameter_is_there_until_it_expires() {
        let world = world(&["p"]);
        assert!(world.parameter("p", Timestamp::from_millis(59_999)).is_some());
        assert!(world.parameter("p", Timestamp::from_seconds(60)).is_none());
    }

    #[test]
    fn a_version_is_selected_by_number_or_label() {
        let world = world(&["p"]);
        let parameter = world.parameter("p", Timestamp::default()).unwrap();
        for (selector, found) in [("7", Some(7)), ("8", Some(8)), ("old", Some(7)), ("9", None)] {
            let version = parameter.selected(selector);
            assert_eq!(version.map(|version| version.version), found, "{selector}");
        }
    }
}
