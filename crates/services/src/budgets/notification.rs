//! Who is to be told of what.

use super::{fault, find, pages};
use crate::Cx;
use api::Fault;
use api::budgets::*;
use world::World;

/// `DescribeNotificationsForBudget`. None of them is ever in alarm: nothing is spent.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: DescribeNotificationsForBudgetRequest,
) -> Result<DescribeNotificationsForBudgetResponse, Fault> {
    let row = find(world, &input.account_id, &input.budget_name)?;
    let all = row.notifications.iter().enumerate();
    let ask = (input.next_token.as_deref(), input.max_results);
    let page = pages(all, "DescribeNotificationsForBudget", ask, |(at, _)| format!("{at:03}"))?;
    let shown = page.rows.into_iter().map(|(_, held)| Notification {
        notification_state: Some("OK".to_owned()),
        ..held.notification.clone()
    });
    Ok(DescribeNotificationsForBudgetResponse {
        notifications: Some(shown.collect()),
        next_token: page.next,
    })
}

/// `DescribeSubscribersForNotification`.
pub(super) fn subscribers(
    world: &World,
    _: &Cx<'_>,
    input: DescribeSubscribersForNotificationRequest,
) -> Result<DescribeSubscribersForNotificationResponse, Fault> {
    let row = find(world, &input.account_id, &input.budget_name)?;
    let mut all = row.notifications.iter();
    let held = all.find(|held| is_same(&held.notification, &input.notification));
    let held = held.ok_or_else(fault::no_notification)?;
    let ask = (input.next_token.as_deref(), input.max_results);
    let rows = held.subscribers.iter().enumerate();
    let page =
        pages(rows, "DescribeSubscribersForNotification", ask, |(at, _)| format!("{at:03}"))?;
    Ok(DescribeSubscribersForNotificationResponse {
        subscribers: Some(page.rows.into_iter().map(|(_, held)| held.clone()).collect()),
        next_token: page.next,
    })
}

/// Whether the same is meant: thresholds are percentages where nothing else is said.
fn is_same(one: &Notification, other: &Notification) -> bool {
    let of = |it: &Notification| {
        let unit = it.threshold_type.clone().unwrap_or_else(|| "PERCENTAGE".to_owned());
        (it.notification_type.clone(), it.comparison_operator.clone(), unit)
    };
    of(one) == of(other) && one.threshold == other.threshold
}
