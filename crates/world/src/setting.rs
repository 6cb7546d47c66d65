//! ECS account settings.

use crate::Held;
use serde::{Deserialize, Serialize};

/// A setting of the account or of one principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSetting {
    /// Which setting, whose.
    pub key: SettingKey,
    /// Its value.
    pub value: String,
}

/// A setting's name and the principal it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SettingKey {
    /// `containerInsights` and the like.
    pub name: String,
    /// A principal's ARN; absent for the account's default.
    pub principal: Option<String>,
}

impl Held for AccountSetting {
    type Key = SettingKey;

    fn key(&self) -> SettingKey {
        self.key.clone()
    }
}
