//! Budgets: what may be spent, and who is told of how much of it.

use crate::{Held, Stored, Tags};
use api::budgets as given;
use model::{BudgetName, Timestamp};
use serde::{Deserialize, Serialize};

/// A budget. Nothing is spent here, so nobody is ever told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Its name.
    pub name: BudgetName,
    /// What it was given, with what AWS adds.
    pub settings: Stored<given::Budget>,
    /// Who is to be told of what.
    pub notifications: Vec<Stored<given::NotificationWithSubscribers>>,
    /// When it was made or changed last.
    pub updated_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Held for Budget {
    type Key = BudgetName;

    fn key(&self) -> BudgetName {
        self.name.clone()
    }
}
