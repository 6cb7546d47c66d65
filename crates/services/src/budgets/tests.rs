use super::table;
use crate::testing::{Region, assert_complete};
use api::budgets::*;

const ACCOUNT: &str = "000000000000";

fn spend(amount: &str) -> Option<Spend> {
    Some(Spend { amount: amount.to_owned(), unit: "USD".to_owned() })
}

fn budget() -> Budget {
    Budget {
        budget_name: "shop".to_owned(),
        budget_limit: spend("50"),
        budget_type: "COST".to_owned(),
        time_unit: "MONTHLY".to_owned(),
        ..Default::default()
    }
}

fn threshold(percent: f64) -> NotificationWithSubscribers {
    let notification = Notification {
        notification_type: "ACTUAL".to_owned(),
        comparison_operator: "GREATER_THAN".to_owned(),
        threshold: percent,
        ..Default::default()
    };
    let subscription_type = "EMAIL".to_owned();
    let subscriber = Subscriber { subscription_type, address: "team@example.com".into() };
    NotificationWithSubscribers { notification, subscribers: vec![subscriber] }
}

fn create(budget: Budget) -> CreateBudgetRequest {
    CreateBudgetRequest {
        account_id: ACCOUNT.to_owned(),
        budget,
        notifications_with_subscribers: Some(vec![threshold(80.0), threshold(100.0)]),
        resource_tags: Some(vec![ResourceTag { key: "team".to_owned(), value: "a".to_owned() }]),
    }
}

fn region() -> Region {
    let mut region = Region::of(table());
    region.ok::<CreateBudget>(create(budget()));
    region
}

fn describe(region: &mut Region, show: Option<bool>) -> Budget {
    let input = DescribeBudgetRequest {
        account_id: ACCOUNT.to_owned(),
        budget_name: "shop".to_owned(),
        show_filter_expression: show,
    };
    region.ok::<DescribeBudget>(input).budget.expect("it is there")
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::Budgets, &table());
}

#[test]
fn a_budget_begins_with_its_month_and_nothing_is_spent_of_it() {
    let mut region = region();
    let shown = describe(&mut region, None);
    let start = shown.time_period.and_then(|it| it.start).expect("it begins");
    let (year, month, _) = region.now.date();
    assert_eq!(start.date(), (year, month, 1));
    assert_eq!(shown.cost_types.and_then(|it| it.include_tax), Some(true));
    assert_eq!(shown.calculated_spend.map(|it| it.actual_spend.amount).as_deref(), Some("0.0"));
    let all = DescribeBudgetsRequest { account_id: ACCOUNT.to_owned(), ..Default::default() };
    assert_eq!(region.ok::<DescribeBudgets>(all).budgets.map(|all| all.len()), Some(1));
}

#[test]
fn who_is_told_is_shown_and_stays_when_the_budget_changes() {
    let mut region = region();
    let name = "shop".to_owned();
    let changed = Budget { budget_limit: spend("70"), ..budget() };
    let input = UpdateBudgetRequest { account_id: ACCOUNT.to_owned(), new_budget: changed };
    region.ok::<UpdateBudget>(input);
    let limit = describe(&mut region, None).budget_limit.map(|limit| limit.amount);
    assert_eq!(limit.as_deref(), Some("70"));
    let input = DescribeNotificationsForBudgetRequest {
        account_id: ACCOUNT.to_owned(),
        budget_name: name.clone(),
        max_results: Some(1),
        ..Default::default()
    };
    let page = region.ok::<DescribeNotificationsForBudget>(input.clone());
    assert_eq!(page.notifications.map(|all| all[0].threshold), Some(80.0));
    let rest = DescribeNotificationsForBudgetRequest { next_token: page.next_token, ..input };
    let page = region.ok::<DescribeNotificationsForBudget>(rest);
    let second = page.notifications.map(|mut all| all.remove(0)).expect("there are two");
    assert_eq!((second.threshold, page.next_token), (100.0, None));
    let input = DescribeSubscribersForNotificationRequest {
        account_id: ACCOUNT.to_owned(),
        budget_name: name,
        notification: second,
        ..Default::default()
    };
    let told = region.ok::<DescribeSubscribersForNotification>(input).subscribers;
    assert_eq!(told.map(|all| all.len()), Some(1));
}

#[test]
fn what_a_budget_can_not_be_is_refused() {
    let mut region = region();
    let fault = region.fault::<CreateBudget>(create(budget()));
    let taken =
        "DuplicateRecordException: Error creating budget: shop - the budget already exists.";
    assert_eq!(fault, taken);
    let other = |change: fn(&mut Budget)| {
        let mut other = Budget { budget_name: "other".to_owned(), ..budget() };
        change(&mut other);
        create(other)
    };
    for (input, expected) in [
        (other(|it| it.budget_name = "a/action/b".to_owned()), "The name of the budget"),
        (other(|it| it.budget_limit = None), "BudgetLimit is required"),
        (other(|it| it.budget_limit = spend("0")), "greater than 0"),
        (other(|it| it.budget_type = "RI_COVERAGE".to_owned()), "not implemented"),
        (other(|it| it.billing_view_arn = Some("arn:aws:billing::1:x".to_owned())), "not impl"),
    ] {
        let fault = region.fault::<CreateBudget>(input);
        assert!(fault.contains(expected), "{fault}");
    }
    let stranger =
        CreateBudgetRequest { account_id: "000000000001".to_owned(), ..create(budget()) };
    assert!(region.fault::<CreateBudget>(stranger).starts_with("AccessDeniedException: "));
}

#[test]
fn a_filter_is_shown_to_who_asks_for_it() {
    let mut region = Region::of(table());
    let tags = TagValues {
        key: Some("app".to_owned()),
        values: Some(vec!["shop".to_owned()]),
        ..Default::default()
    };
    let filter = Expression { tags: Some(tags), ..Default::default() };
    let metrics = Some(vec!["UnblendedCost".to_owned()]);
    let given = Budget { filter_expression: Some(filter.clone()), metrics, ..budget() };
    region.ok::<CreateBudget>(create(given));
    assert_eq!(describe(&mut region, None).filter_expression, None);
    assert_eq!(describe(&mut region, Some(true)).filter_expression, Some(filter));
}

#[test]
fn tags_are_of_the_budgets_arn() {
    let mut region = region();
    let arn = "arn:aws:budgets::000000000000:budget/shop".to_owned();
    let tag = ResourceTag { key: "env".to_owned(), value: "prod".to_owned() };
    region.ok::<TagResource>(TagResourceRequest {
        resource_arn: arn.clone(),
        resource_tags: vec![tag.clone()],
    });
    region.ok::<UntagResource>(UntagResourceRequest {
        resource_arn: arn.clone(),
        resource_tag_keys: vec!["team".to_owned()],
    });
    let input = ListTagsForResourceRequest { resource_arn: arn };
    assert_eq!(region.ok::<ListTagsForResource>(input).resource_tags, Some(vec![tag]));
    let gone =
        DeleteBudgetRequest { account_id: ACCOUNT.to_owned(), budget_name: "shop".to_owned() };
    region.ok::<DeleteBudget>(gone.clone());
    assert!(region.fault::<DeleteBudget>(gone).starts_with("NotFoundException: "));
}
