//! What the golden messages of Budgets and Service Quotas say.

use super::{check, check_fault};
use api::{Call, Fault, budgets, servicequotas};

pub(crate) fn budgets() {
    let notification = budgets::Notification {
        notification_type: "ACTUAL".into(),
        comparison_operator: "GREATER_THAN".into(),
        threshold: 80.0,
        threshold_type: Some("PERCENTAGE".into()),
        notification_state: None,
    };
    let subscriber = budgets::Subscriber {
        subscription_type: "EMAIL".into(),
        address: "team@example.com".into(),
    };
    check::<budgets::CreateBudget>(
        budgets::CreateBudgetRequest {
            account_id: "000000000000".into(),
            budget: budgets::Budget {
                budget_name: "shop".into(),
                budget_limit: Some(budgets::Spend { amount: "50".into(), unit: "USD".into() }),
                budget_type: "COST".into(),
                time_unit: "MONTHLY".into(),
                ..Default::default()
            },
            notifications_with_subscribers: Some(vec![budgets::NotificationWithSubscribers {
                notification,
                subscribers: vec![subscriber],
            }]),
            resource_tags: None,
        },
        budgets::CreateBudgetResponse::default(),
    );
    let absent = "Unable to get budget: shop - the budget doesn't exist.";
    let absent = Fault::refuse("NotFoundException", absent);
    check_fault(budgets::DescribeBudget::OPERATION, &absent);
}

pub(crate) fn quotas() {
    check::<servicequotas::GetServiceQuota>(
        servicequotas::GetServiceQuotaRequest {
            service_code: "fargate".into(),
            quota_code: "L-3032A538".into(),
            context_id: None,
        },
        servicequotas::GetServiceQuotaResponse {
            quota: Some(servicequotas::ServiceQuota {
                quota_code: Some("L-3032A538".into()),
                value: Some(6.0),
                adjustable: Some(true),
                ..Default::default()
            }),
        },
    );
}
