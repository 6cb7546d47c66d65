//! What a budget may be, and what AWS adds to it.

use super::fault;
use api::Fault;
use api::budgets::{Budget, CostTypes, NotificationWithSubscribers, TimePeriod};
use model::{Span, Timestamp};
use world::World;

/// The most notifications of a budget, which is AWS's limit.
const MOST_NOTIFICATIONS: usize = 5;
/// The end of a budget that names none: 2087-06-15, in milliseconds.
const END: i64 = 3_706_473_600_000;
/// A day.
const DAY: Span = Span::seconds(24 * 60 * 60);

/// Whether it is the caller's own account.
pub(super) fn account(world: &World, account: &str) -> Result<(), Fault> {
    match account == world.place.account.to_string() {
        true => Ok(()),
        false => Err(fault::other_account(account)),
    }
}

/// Refuses what the region does not have, and what AWS does not take.
pub(super) fn budget(given: &Budget) -> Result<(), Fault> {
    // The model's pattern says so in a way that the codec does not understand.
    let name = given.budget_name.to_lowercase();
    if given.budget_name.contains("/action/") || name.contains("<script>") {
        return Err(fault::invalid("The name of the budget has what it must not have."));
    }
    let absent = [
        ("PlannedBudgetLimits", given.planned_budget_limits.is_some()),
        ("AutoAdjustData", given.auto_adjust_data.is_some()),
        ("BillingViewArn", given.billing_view_arn.is_some()),
    ];
    if let Some((what, _)) = absent.iter().find(|(_, given)| *given) {
        return Err(fault::not_implemented(what));
    }
    if !["COST", "USAGE"].contains(&given.budget_type.as_str()) {
        return Err(fault::not_implemented(&format!("A budget of type {}", given.budget_type)));
    }
    let Some(limit) = &given.budget_limit else {
        return Err(fault::invalid("BudgetLimit is required for COST and USAGE budgets."));
    };
    if !limit.amount.parse::<f64>().is_ok_and(|amount| amount > 0.0) {
        return Err(fault::invalid("BudgetLimit has to be greater than 0."));
    }
    if given.filter_expression.is_some() && given.cost_filters.is_some() {
        return Err(fault::invalid("CostFilters and FilterExpression exclude each other."));
    }
    Ok(())
}

/// Refuses notifications beyond AWS's number of them, and two that are the same.
pub(super) fn notifications(given: &[NotificationWithSubscribers]) -> Result<(), Fault> {
    if given.len() > MOST_NOTIFICATIONS {
        let message = format!("A budget has at most {MOST_NOTIFICATIONS} notifications.");
        return Err(Fault::refuse("CreationLimitExceededException", message));
    }
    let same = |(at, one): (usize, &NotificationWithSubscribers)| {
        given[..at].iter().any(|other| other.notification == one.notification)
    };
    match given.iter().enumerate().any(same) {
        true => Err(Fault::refuse(
            "DuplicateRecordException",
            "A notification of the budget is given twice.",
        )),
        false => Ok(()),
    }
}

/// A budget with what AWS adds where nothing is said.
pub(super) fn filled(mut given: Budget, now: Timestamp) -> Budget {
    let period = given.time_period.take().unwrap_or_default();
    given.time_period = Some(TimePeriod {
        start: period.start.or_else(|| Some(start(&given.time_unit, now))),
        end: period.end.or(Some(Timestamp::from_millis(END))),
    });
    let costs = given.budget_type == "COST" && given.filter_expression.is_none();
    if costs && given.metrics.is_none() {
        given.cost_types = Some(cost_types(given.cost_types.take().unwrap_or_default()));
    }
    given
}

/// The start of the period that `now` is in.
fn start(unit: &str, now: Timestamp) -> Timestamp {
    let day = DAY.as_millis().cast_signed();
    let mut start = Timestamp::from_millis(now.millis().div_euclid(day) * day);
    let begins = |at: Timestamp| {
        let (_, month, day) = at.date();
        match unit {
            "ANNUALLY" => day == 1 && month == 1,
            "QUARTERLY" => day == 1 && month % 3 == 1,
            "MONTHLY" => day == 1,
            _ => true,
        }
    };
    while !begins(start) {
        start = Timestamp::from_millis(start.millis() - day);
    }
    start
}

fn cost_types(given: CostTypes) -> CostTypes {
    let or = |given: Option<bool>, usual: bool| Some(given.unwrap_or(usual));
    CostTypes {
        include_tax: or(given.include_tax, true),
        include_subscription: or(given.include_subscription, true),
        use_blended: or(given.use_blended, false),
        include_refund: or(given.include_refund, true),
        include_credit: or(given.include_credit, true),
        include_upfront: or(given.include_upfront, true),
        include_recurring: or(given.include_recurring, true),
        include_other_subscription: or(given.include_other_subscription, true),
        include_support: or(given.include_support, true),
        include_discount: or(given.include_discount, true),
        use_amortized: or(given.use_amortized, false),
    }
}
