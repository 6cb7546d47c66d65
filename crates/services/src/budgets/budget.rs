//! Budgets.

use super::{check, fault, find, pages};
use crate::{Cx, tags};
use api::Fault;
use api::budgets::*;
use model::{BudgetName, Ids};
use world::{Budget as Row, Draft, RowKey, Stored, World};

/// `CreateBudget`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateBudgetRequest,
) -> Result<CreateBudgetResponse, Fault> {
    check::account(draft, &input.account_id)?;
    check::budget(&input.budget)?;
    let notifications = input.notifications_with_subscribers.unwrap_or_default();
    check::notifications(&notifications)?;
    let name: BudgetName = input.budget.budget_name.as_str().into();
    if draft.budgets.get(&name).is_some() {
        return Err(fault::taken(name.as_str()));
    }
    let pairs = input.resource_tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value));
    let tags = tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(Row {
        name,
        settings: Stored(check::filled(input.budget, cx.now)),
        notifications: notifications.into_iter().map(Stored).collect(),
        updated_at: cx.now,
        tags,
    });
    Ok(CreateBudgetResponse::default())
}

/// `UpdateBudget`: all of it but its notifications. What is not said stays as it is of its period alone.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UpdateBudgetRequest,
) -> Result<UpdateBudgetResponse, Fault> {
    let mut row = find(draft, &input.account_id, &input.new_budget.budget_name)?.clone();
    check::budget(&input.new_budget)?;
    let mut new = input.new_budget;
    let held = row.settings.0.time_period.clone().unwrap_or_default();
    let given = new.time_period.take().unwrap_or_default();
    new.time_period =
        Some(TimePeriod { start: given.start.or(held.start), end: given.end.or(held.end) });
    row.settings = Stored(check::filled(new, cx.now));
    row.updated_at = cx.now;
    draft.put(row);
    Ok(UpdateBudgetResponse::default())
}

/// `DeleteBudget`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBudgetRequest,
) -> Result<DeleteBudgetResponse, Fault> {
    let name = find(draft, &input.account_id, &input.budget_name)?.name.clone();
    draft.remove(RowKey::Budget(name));
    Ok(DeleteBudgetResponse::default())
}

/// `DescribeBudget`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeBudgetRequest,
) -> Result<DescribeBudgetResponse, Fault> {
    let row = find(world, &input.account_id, &input.budget_name)?;
    Ok(DescribeBudgetResponse { budget: Some(show(row, input.show_filter_expression)) })
}

/// `DescribeBudgets`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: DescribeBudgetsRequest,
) -> Result<DescribeBudgetsResponse, Fault> {
    check::account(world, &input.account_id)?;
    let ask = (input.next_token.as_deref(), input.max_results);
    let page =
        pages(world.budgets.iter(), "DescribeBudgets", ask, |row: &&Row| row.name.to_string())?;
    let shown = page.rows.into_iter().map(|row| show(row, input.show_filter_expression));
    Ok(DescribeBudgetsResponse { budgets: Some(shown.collect()), next_token: page.next })
}

/// A budget as it was given, with what was spent of it: nothing.
fn show(row: &Row, filter: Option<bool>) -> Budget {
    let settings = row.settings.0.clone();
    let unit = settings.budget_limit.as_ref().map(|limit| limit.unit.clone()).unwrap_or_default();
    Budget {
        calculated_spend: Some(CalculatedSpend {
            actual_spend: Spend { amount: "0.0".to_owned(), unit },
            forecasted_spend: None,
        }),
        last_updated_time: Some(row.updated_at),
        filter_expression: settings.filter_expression.filter(|_| filter == Some(true)),
        ..settings
    }
}
