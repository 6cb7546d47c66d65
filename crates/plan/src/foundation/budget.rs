//! A budget of what the environment may cost.

use super::ground::Ground;
use super::ids;
use super::template::{Resource, Template};
use crate::tags;
use serde_json::{Value, json};

/// Adds the budget that the manifest names.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let Some(budget) = &ground.manifest.environment.budget else { return };
    let mails: Vec<Value> = budget
        .notify
        .iter()
        .map(|mail| json!({ "SubscriptionType": "EMAIL", "Address": mail }))
        .collect();
    let told = |percent: &u32| {
        json!({
            "Notification": {
                "NotificationType": "ACTUAL",
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": percent,
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": mails,
        })
    };
    let tagged = |key: &str, value: &str| json!({ "Tags": { "Key": key, "Values": [value] } });
    let (app, environment) = (&ground.manifest.app, &ground.manifest.name);
    // Without a name of its own: another list of who is told takes a new budget, and the old one
    // would have the name still.
    let properties = json!({
        "Budget": {
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": { "Amount": budget.monthly, "Unit": "USD" },
            "FilterExpression": {
                "And": [tagged(tags::APP, app), tagged(tags::ENVIRONMENT, environment)],
            },
            "Metrics": ["UnblendedCost"],
        },
        "NotificationsWithSubscribers": budget.alert.iter().map(told).collect::<Vec<_>>(),
    });
    template.resource(ids::BUDGET, Resource::new("AWS::Budgets::Budget", properties));
}
