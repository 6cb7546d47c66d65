//! Refusals of Budgets. Texts are likely, unless a comment says otherwise.

use crate::tags::TagMistake;
use api::Fault;

/// The text is AWS's as moto has it.
pub(super) fn taken(name: &str) -> Fault {
    let message = format!("Error creating budget: {name} - the budget already exists.");
    Fault::refuse("DuplicateRecordException", message)
}

/// The text is AWS's as moto has it, for `DescribeBudget`.
pub(super) fn no_budget(name: &str) -> Fault {
    let message = format!("Unable to get budget: {name} - the budget doesn't exist.");
    Fault::refuse("NotFoundException", message)
}

pub(super) fn no_resource() -> Fault {
    Fault::refuse("NotFoundException", "Unable to find the resource.")
}

pub(super) fn no_notification() -> Fault {
    let message = "Unable to get subscribers for notification - the notification doesn't exist.";
    Fault::refuse("NotFoundException", message)
}

pub(super) fn other_account(account: &str) -> Fault {
    let message = format!("Account {account} is not the one of the caller.");
    Fault::refuse("AccessDeniedException", message)
}

pub(super) fn bad_token() -> Fault {
    Fault::refuse("InvalidNextTokenException", "Invalid NextToken.")
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    invalid(mistake.to_string())
}

/// Our own words: AWS takes it.
pub(super) fn not_implemented(what: &str) -> Fault {
    invalid(format!("{what} is not implemented by the local region"))
}
