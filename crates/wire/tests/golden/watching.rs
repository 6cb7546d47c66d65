//! CloudWatch's alarms and dashboards.

use super::cases::{NOW, some};
use super::{check, check_fault};
use api::{Call, Fault, cloudwatch};
use model::Timestamp;

pub(crate) fn cloudwatch() {
    let dimension =
        cloudwatch::Dimension { name: "LoadBalancer".into(), value: "app/shop/1".into() };
    let topic = || Some(vec!["arn:aws:sns:eu-west-1:000000000000:ops".into()]);
    check::<cloudwatch::PutMetricAlarm>(
        cloudwatch::PutMetricAlarmInput {
            alarm_name: "shop-errors".into(),
            alarm_description: some("too many errors: > 1 %"),
            actions_enabled: Some(false),
            alarm_actions: topic(),
            metric_name: some("HTTPCode_Target_5XX_Count"),
            namespace: some("AWS/ApplicationELB"),
            statistic: some("Sum"),
            dimensions: Some(vec![dimension.clone()]),
            period: Some(60),
            evaluation_periods: Some(3),
            datapoints_to_alarm: Some(2),
            threshold: Some(-1.5),
            comparison_operator: some("GreaterThanThreshold"),
            treat_missing_data: some("notBreaching"),
            ..Default::default()
        },
        api::value::Nothing,
    );
    let alarm = cloudwatch::MetricAlarm {
        alarm_name: some("shop-errors"),
        alarm_arn: some("arn:aws:cloudwatch:eu-west-1:000000000000:alarm:shop-errors"),
        state_value: some("ALARM"),
        state_reason: some("hé, \"a\" > b"),
        state_updated_timestamp: Some(NOW),
        state_transitioned_timestamp: Some(Timestamp::from_seconds(NOW.seconds())),
        dimensions: Some(vec![dimension]),
        ok_actions: Some(Vec::new()),
        threshold: Some(10.0),
        ..Default::default()
    };
    check::<cloudwatch::DescribeAlarms>(
        cloudwatch::DescribeAlarmsInput {
            alarm_names: Some(vec!["shop-errors".into(), "é".into()]),
            max_records: Some(100),
            ..Default::default()
        },
        cloudwatch::DescribeAlarmsOutput {
            composite_alarms: Some(Vec::new()),
            metric_alarms: Some(vec![alarm]),
            ..Default::default()
        },
    );
    let missing = Fault::refuse("ResourceNotFound", "").with_status(404);
    check_fault(cloudwatch::SetAlarmState::OPERATION, &missing);
    let malformed = Fault::refuse("InvalidFormat", "the reason's data is no JSON");
    check_fault(cloudwatch::SetAlarmState::OPERATION, &malformed);
    dashboards();
}

fn dashboards() {
    check::<cloudwatch::PutDashboard>(
        cloudwatch::PutDashboardInput {
            dashboard_name: "shop".into(),
            dashboard_body: "{\"widgets\":[]}".into(),
            tags: None,
        },
        cloudwatch::PutDashboardOutput { dashboard_validation_messages: Some(Vec::new()) },
    );
}
