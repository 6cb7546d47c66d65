//! Budgets: limits, filters, and who is to be told.
//!
//! Nothing is spent in the region, so what was spent is always 0 and nobody is told. Budgets are the
//! account's own; the region has one account.

mod budget;
mod check;
mod fault;
mod notification;
mod tagging;
#[cfg(test)]
mod tests;

use crate::Table;
use crate::page::{Ask, Page, limit, page};
use api::Fault;
use api::budgets::*;
use world::{Budget as Row, World};

/// Why nothing comes of it.
const UNSPENT: &str = "kept and shown; nothing is spent in the region";

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("CreateBudget.Budget, UpdateBudget.NewBudget", UNSPENT),
    ("CreateBudget.NotificationsWithSubscribers", "kept and shown; nobody is told"),
];

/// How many rows AWS answers at once.
const PAGE: usize = 100;

/// The operations of Budgets.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateBudget>(budget::create)
        .write::<UpdateBudget>(budget::update)
        .write::<DeleteBudget>(budget::delete)
        .read::<DescribeBudget>(budget::describe)
        .read::<DescribeBudgets>(budget::list)
        .read::<DescribeNotificationsForBudget>(notification::list)
        .read::<DescribeSubscribersForNotification>(notification::subscribers)
        .write::<TagResource>(tagging::add)
        .write::<UntagResource>(tagging::remove)
        .read::<ListTagsForResource>(tagging::list)
}

/// The budget with this name, of the account that was named.
fn find<'w>(world: &'w World, account: &str, name: &str) -> Result<&'w Row, Fault> {
    check::account(world, account)?;
    world.budgets.get(name).ok_or_else(|| fault::no_budget(name))
}

/// A page of one of the listings.
fn pages<T>(
    rows: impl IntoIterator<Item = T>,
    listing: &'static str,
    (token, most): (Option<&str>, Option<i32>),
    key: impl Fn(&T) -> String,
) -> Result<Page<T>, Fault> {
    let ask = Ask { listing, token, limit: limit(most, PAGE, PAGE) };
    page(rows, &ask, key).map_err(|_| fault::bad_token())
}
