//! Secrets Manager.

use crate::{Held, Tags, World};
use model::secret::SecretBytes;
use model::{Secret, SecretName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A secret with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretItem {
    /// Its name.
    pub name: SecretName,
    /// The six characters that its ARN adds to the name.
    pub suffix: String,
    /// Free text.
    pub description: Option<String>,
    /// A KMS key, echoed.
    pub kms_key: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub changed_at: Timestamp,
    /// The day of the last read, as AWS keeps it.
    pub accessed_at: Option<Timestamp>,
    /// When it is to be gone, after `DeleteSecret`.
    pub deletion_at: Option<Timestamp>,
    /// When `DeleteSecret` was called.
    pub deleted_at: Option<Timestamp>,
    /// Versions by id.
    pub versions: BTreeMap<String, SecretVersion>,
    /// A resource policy, kept and echoed; locally nothing is refused by it.
    pub policy: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// One version of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretVersion {
    /// The value.
    pub value: SecretContent,
    /// When it was put.
    pub created_at: Timestamp,
    /// The day of its last read, as AWS keeps it.
    #[serde(default)]
    pub accessed_at: Option<Timestamp>,
    /// Staging labels; a version without one is deprecated and may be dropped.
    pub stages: Vec<String>,
}

/// A secret's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretContent {
    /// `SecretString`.
    Text(Secret),
    /// `SecretBinary`.
    Bytes(SecretBytes),
}

// === impl World ===

impl World {
    /// The secret that an id names: a name, an ARN, or an ARN without the six characters at its end
    /// (reference §6.1). A secret that is deleted but can still be restored is one too.
    #[must_use]
    pub fn secret(&self, id: &str, now: Timestamp) -> Option<&SecretItem> {
        let prefix = self.place.secret_arn(&SecretName::from(""), "");
        // The ARN of a secret without a name ends with the hyphen before the characters.
        let secret = match id.strip_prefix(prefix.trim_end_matches('-')) {
            Some(rest) => self.secret_of_arn(rest),
            None => self.secrets.get(id),
        };
        secret.filter(|secret| secret.is_there(now))
    }

    /// The secret of an ARN's last part. What looks like a whole ARN is taken for one, and for
    /// nothing else, as AWS does; so a secret whose name ends with a hyphen and six characters has
    /// no partial ARN.
    fn secret_of_arn(&self, rest: &str) -> Option<&SecretItem> {
        match rest.rsplit_once('-').filter(|(_, suffix)| suffix.len() == SUFFIX) {
            Some((name, suffix)) => self.secrets.get(name).filter(|item| item.suffix == suffix),
            None => self.secrets.get(rest),
        }
    }
}

/// How many characters an ARN adds to a secret's name.
const SUFFIX: usize = 6;

// === impl SecretItem ===

impl SecretItem {
    /// Whether it is not gone yet: a deleted secret can be restored until its time has come.
    #[must_use]
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.deletion_at.is_none_or(|gone| now < gone)
    }

    /// The version that a stage points at, with its id.
    #[must_use]
    pub fn at_stage(&self, stage: &str) -> Option<(&String, &SecretVersion)> {
        self.versions.iter().find(|(_, version)| version.stages.iter().any(|s| s == stage))
    }
}

// === impl Held ===

impl Held for SecretItem {
    type Key = SecretName;

    fn key(&self) -> SecretName {
        self.name.clone()
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
            draft.put(SecretItem {
                name: (*name).into(),
                suffix: "AbCdEf".to_owned(),
                description: None,
                kms_key: None,
                created_at: Timestamp::default(),
                changed_at: Timestamp::default(),
                accessed_at: None,
                deletion_at: None,
                deleted_at: None,
                versions: BTreeMap::new(),
                policy: None,
                tags: Tags::new(),
            });
        }
        draft.commit().world
    }

    #[test]
    fn a_secret_is_named_by_its_name_or_an_arn_whole_or_not() {
        let world = world(&["shop/db", "shop/db-backup"]);
        let arn =
            |rest: &str| format!("arn:aws:secretsmanager:eu-west-1:000000000000:secret:{rest}");
        for (id, found) in [
            ("shop/db".to_owned(), Some("shop/db")),
            (arn("shop/db-AbCdEf"), Some("shop/db")),
            (arn("shop/db"), Some("shop/db")),
            (arn("shop/db-backup-AbCdEf"), Some("shop/db-backup")),
            // It looks like a whole ARN, of a secret called `shop/db`.
            (arn("shop/db-backup"), None),
            (arn("shop/db-XXXXXX"), None),
            (arn("").replace("eu-west-1", "us-east-1") + "shop/db", None),
            ("shop".to_owned(), None),
        ] {
            assert_eq!(
                world.secret(&id, Timestamp::default()).map(|secret| secret.name.as_str()),
                found,
                "{id}"
            );
        }
    }

    #[test]
    fn a_deleted_secret_is_there_until_its_time_has_come() {
        let mut secret = world(&["s"]).secrets.get("s").unwrap().clone();
        secret.deletion_at = Some(Timestamp::from_seconds(60));
        assert!(secret.is_there(Timestamp::from_millis(59_999)));
        assert!(!secret.is_there(Timestamp::from_seconds(60)));
    }
}
