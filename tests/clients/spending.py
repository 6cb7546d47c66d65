"""A budget from making to deleting, and the quotas of services."""


def budgets(to):
    c = to.client("budgets")
    account = {"AccountId": to.client("sts").get_caller_identity()["Account"]}
    name = {**account, "BudgetName": "shop"}
    budget = {
        "BudgetName": "shop", "BudgetType": "COST", "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": "50", "Unit": "USD"}, "Metrics": ["UnblendedCost"],
        "FilterExpression": {"Tags": {"Key": "app", "Values": ["shop"]}},
    }
    told = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    mail = {"SubscriptionType": "EMAIL", "Address": "team@example.com"}
    c.create_budget(
        **account, Budget=budget,
        NotificationsWithSubscribers=[{"Notification": told, "Subscribers": [mail]}],
    )
    to.refuses("DuplicateRecordException", lambda: c.create_budget(**account, Budget=budget))
    shown = c.describe_budget(**name, ShowFilterExpression=True)["Budget"]
    assert shown["FilterExpression"] == budget["FilterExpression"], shown
    assert shown["CalculatedSpend"]["ActualSpend"]["Amount"] == "0.0", shown
    c.update_budget(**account, NewBudget={**budget, "BudgetLimit": {"Amount": "70", "Unit": "USD"}})
    assert len(c.describe_budgets(**account)["Budgets"]) == 1
    held = c.describe_notifications_for_budget(**name)["Notifications"]
    assert [it["Threshold"] for it in held] == [80.0], held
    assert c.describe_subscribers_for_notification(**name, Notification=told)["Subscribers"] == [mail]
    arn = {"ResourceARN": f"arn:aws:budgets::{account['AccountId']}:budget/shop"}
    c.tag_resource(**arn, ResourceTags=[{"Key": "team", "Value": "checkout"}])
    c.untag_resource(**arn, ResourceTagKeys=["team"])
    assert c.list_tags_for_resource(**arn)["ResourceTags"] == []
    c.delete_budget(**name)
    to.refuses("NotFoundException", lambda: c.describe_budget(**name))


def quotas(to):
    c = to.client("service-quotas")
    codes = [it["ServiceCode"] for it in c.list_services()["Services"]]
    assert "fargate" in codes, codes
    processors = {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    held = c.get_service_quota(**processors)["Quota"]
    usual = c.get_aws_default_service_quota(**processors)["Quota"]
    assert held["Value"] == usual["Value"] == 6.0, held
    assert held in c.list_service_quotas(ServiceCode="fargate")["Quotas"]
    assert usual in c.list_aws_default_service_quotas(ServiceCode="fargate")["Quotas"]
    to.refuses("NoSuchResourceException", lambda: c.get_service_quota(**{**processors, "QuotaCode": "L-0"}))
