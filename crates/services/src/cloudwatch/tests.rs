//! Calls to CloudWatch, as clients make them.

use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::cloudwatch::*;
use model::Span;

mod dashboards;

fn region() -> Region {
    Region::of(table())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An alarm on a metric, with nothing that could be left out.
fn errors(name: &str) -> PutMetricAlarmInput {
    PutMetricAlarmInput {
        alarm_name: name.to_owned(),
        metric_name: some("HTTPCode_Target_5XX_Count"),
        namespace: some("AWS/ApplicationELB"),
        statistic: some("Sum"),
        period: Some(60),
        evaluation_periods: Some(3),
        threshold: Some(10.0),
        comparison_operator: some("GreaterThanThreshold"),
        ..Default::default()
    }
}

fn put(region: &mut Region, name: &str) {
    region.ok::<PutMetricAlarm>(errors(name));
}

fn set(region: &mut Region, name: &str, state: &str) {
    region.ok::<SetAlarmState>(said(name, state));
}

fn said(name: &str, state: &str) -> SetAlarmStateInput {
    SetAlarmStateInput {
        alarm_name: name.to_owned(),
        state_value: state.to_owned(),
        state_reason: "a test".to_owned(),
        state_reason_data: None,
    }
}

fn described(region: &mut Region, name: &str) -> MetricAlarm {
    let input =
        DescribeAlarmsInput { alarm_names: Some(vec![name.to_owned()]), ..Default::default() };
    region.ok::<DescribeAlarms>(input).metric_alarms.unwrap().remove(0)
}

/// The names that a listing answers.
fn names(region: &mut Region, input: DescribeAlarmsInput) -> Vec<String> {
    let alarms = region.ok::<DescribeAlarms>(input).metric_alarms.unwrap();
    alarms.into_iter().map(|alarm| alarm.alarm_name.unwrap()).collect()
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::CloudWatch, &table());
}

/// As observed.
#[test]
fn a_new_alarm_knows_nothing_yet() {
    let mut region = region();
    put(&mut region, "errors");
    let now = Some(region.now);
    let expected = MetricAlarm {
        alarm_name: some("errors"),
        alarm_arn: some("arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors"),
        alarm_configuration_updated_timestamp: now,
        actions_enabled: Some(true),
        ok_actions: Some(Vec::new()),
        alarm_actions: Some(Vec::new()),
        insufficient_data_actions: Some(Vec::new()),
        state_value: some("INSUFFICIENT_DATA"),
        state_reason: some("Unchecked: Initial alarm creation"),
        state_updated_timestamp: now,
        state_transitioned_timestamp: now,
        metric_name: some("HTTPCode_Target_5XX_Count"),
        namespace: some("AWS/ApplicationELB"),
        statistic: some("Sum"),
        dimensions: Some(Vec::new()),
        period: Some(60),
        evaluation_periods: Some(3),
        threshold: Some(10.0),
        comparison_operator: some("GreaterThanThreshold"),
        ..Default::default()
    };
    assert_eq!(described(&mut region, "errors"), expected);
}

#[test]
fn a_state_stays_until_another_one_is_set() {
    let mut region = region();
    put(&mut region, "errors");
    let made = region.now;
    region.pass(Span::minutes(1));
    set(&mut region, "errors", "ALARM");
    let rang = region.now;
    region.pass(Span::minutes(60));
    let input = SetAlarmStateInput {
        state_reason_data: some("{\"version\":\"1.0\"}"),
        ..said("errors", "ALARM")
    };
    region.ok::<SetAlarmState>(input);
    let alarm = described(&mut region, "errors");
    assert_eq!(alarm.state_value.as_deref(), Some("ALARM"));
    assert_eq!(alarm.state_reason.as_deref(), Some("a test"));
    assert_eq!(alarm.state_reason_data.as_deref(), Some("{\"version\":\"1.0\"}"));
    assert_eq!(alarm.state_transitioned_timestamp, Some(rang));
    assert_eq!(alarm.state_updated_timestamp, Some(region.now));
    assert_eq!(alarm.alarm_configuration_updated_timestamp, Some(made));
}

#[test]
fn other_settings_leave_state_and_tags() {
    let mut region = region();
    let tag = |value: &str| Some(vec![Tag { key: "team".to_owned(), value: value.to_owned() }]);
    region.ok::<PutMetricAlarm>(PutMetricAlarmInput { tags: tag("a"), ..errors("errors") });
    set(&mut region, "errors", "OK");
    region.pass(Span::minutes(1));
    let input = PutMetricAlarmInput {
        tags: tag("b"),
        threshold: Some(-0.5),
        statistic: None,
        extended_statistic: some("p99.9"),
        actions_enabled: Some(false),
        alarm_actions: Some(vec!["arn:aws:sns:eu-west-1:000000000000:ops".to_owned()]),
        ..errors("errors")
    };
    region.ok::<PutMetricAlarm>(input);
    let alarm = described(&mut region, "errors");
    assert_eq!((alarm.state_value.as_deref(), alarm.threshold), (Some("OK"), Some(-0.5)));
    assert_eq!((alarm.statistic, alarm.extended_statistic), (None, some("p99.9")));
    assert_eq!(alarm.alarm_configuration_updated_timestamp, Some(region.now));
    assert_eq!(alarm.actions_enabled, Some(false));
    let list = ListTagsForResourceInput { resource_arn: alarm.alarm_arn.unwrap() };
    assert_eq!(region.ok::<ListTagsForResource>(list).tags, tag("a"));
}

#[test]
fn alarms_are_found_by_name_prefix_state_and_action() {
    let mut region = region();
    for name in ["shop-errors", "shop-latency", "other"] {
        put(&mut region, name);
    }
    set(&mut region, "shop-latency", "ALARM");
    let topic = "arn:aws:sns:eu-west-1:000000000000:ops".to_owned();
    let input = PutMetricAlarmInput { ok_actions: Some(vec![topic]), ..errors("other") };
    region.ok::<PutMetricAlarm>(input);
    let all = DescribeAlarmsInput::default;
    let asked = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    for (input, expected) in [
        (all(), &["other", "shop-errors", "shop-latency"][..]),
        (DescribeAlarmsInput { alarm_names: asked(&["other", "gone"]), ..all() }, &["other"]),
        (
            DescribeAlarmsInput { alarm_name_prefix: some("shop-"), ..all() },
            &["shop-errors", "shop-latency"],
        ),
        (DescribeAlarmsInput { state_value: some("ALARM"), ..all() }, &["shop-latency"]),
        (DescribeAlarmsInput { action_prefix: some("arn:aws:sns"), ..all() }, &["other"]),
        (
            DescribeAlarmsInput {
                alarm_name_prefix: some("shop-"),
                state_value: some("INSUFFICIENT_DATA"),
                ..all()
            },
            &["shop-errors"],
        ),
        (DescribeAlarmsInput { alarm_types: asked(&["CompositeAlarm"]), ..all() }, &[]),
        (DescribeAlarmsInput { parents_of_alarm_name: some("other"), ..all() }, &[]),
    ] {
        assert_eq!(names(&mut region, input.clone()), expected, "{input:?}");
    }
    for input in [
        DescribeAlarmsInput {
            alarm_names: asked(&["other"]),
            alarm_name_prefix: some("o"),
            ..all()
        },
        DescribeAlarmsInput {
            children_of_alarm_name: some("other"),
            state_value: some("OK"),
            ..all()
        },
        DescribeAlarmsInput { next_token: some("nonsense"), ..all() },
    ] {
        region.fault::<DescribeAlarms>(input);
    }
}

#[test]
fn alarms_come_in_pages() {
    let mut region = region();
    for number in 0..5 {
        put(&mut region, &format!("alarm-{number}"));
    }
    let (mut seen, mut next_token) = (Vec::new(), None);
    loop {
        let input = DescribeAlarmsInput { max_records: Some(2), next_token, ..Default::default() };
        let page = region.ok::<DescribeAlarms>(input);
        let rows = page.metric_alarms.unwrap();
        assert!(rows.len() <= 2);
        seen.extend(rows.into_iter().map(|alarm| alarm.alarm_name.unwrap()));
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["alarm-0", "alarm-1", "alarm-2", "alarm-3", "alarm-4"]);
}

#[test]
fn alarms_are_found_by_exactly_their_metric() {
    let mut region = region();
    let dimension = |name: &str, value: &str| Dimension { name: name.into(), value: value.into() };
    let both = vec![dimension("LoadBalancer", "app/a"), dimension("TargetGroup", "b")];
    let swapped: Vec<Dimension> = both.iter().rev().cloned().collect();
    let input = PutMetricAlarmInput { dimensions: Some(both), ..errors("errors") };
    region.ok::<PutMetricAlarm>(input);
    let mut found = |dimensions: Vec<Dimension>, period| {
        let input = DescribeAlarmsForMetricInput {
            metric_name: "HTTPCode_Target_5XX_Count".to_owned(),
            namespace: "AWS/ApplicationELB".to_owned(),
            dimensions: Some(dimensions),
            period,
            ..Default::default()
        };
        region.ok::<DescribeAlarmsForMetric>(input).metric_alarms.unwrap().len()
    };
    assert_eq!(found(swapped.clone(), None), 1);
    assert_eq!(found(swapped.clone(), Some(60)), 1);
    assert_eq!(found(swapped, Some(300)), 0);
    assert_eq!(found(vec![dimension("TargetGroup", "b")], None), 0);
}

#[test]
fn what_became_of_an_alarm_is_kept() {
    let mut region = region();
    put(&mut region, "errors");
    region.pass(Span::minutes(1));
    set(&mut region, "errors", "ALARM");
    set(&mut region, "errors", "ALARM");
    region.pass(Span::minutes(1));
    set(&mut region, "errors", "OK");
    let told = |region: &mut Region, input: DescribeAlarmHistoryInput| {
        let items = region.ok::<DescribeAlarmHistory>(input).alarm_history_items.unwrap();
        items.into_iter().map(|item| item.history_summary.unwrap()).collect::<Vec<_>>()
    };
    let all = || DescribeAlarmHistoryInput { alarm_name: some("errors"), ..Default::default() };
    let expected = [
        "Alarm updated from ALARM to OK",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        "Alarm \"errors\" created",
    ];
    assert_eq!(told(&mut region, all()), expected);
    let oldest = DescribeAlarmHistoryInput {
        scan_by: some("TimestampAscending"),
        history_item_type: some("StateUpdate"),
        ..all()
    };
    assert_eq!(told(&mut region, oldest), [expected[1], expected[0]]);
    let since = DescribeAlarmHistoryInput { start_date: Some(region.now), ..all() };
    assert_eq!(told(&mut region, since), [expected[0]]);
    let other = DescribeAlarmHistoryInput { alarm_name: some("other"), ..Default::default() };
    assert!(told(&mut region, other).is_empty());
    let page = DescribeAlarmHistoryInput { max_records: Some(1), ..all() };
    let page = region.ok::<DescribeAlarmHistory>(page);
    assert!(page.next_token.is_some());
    let data = page.alarm_history_items.unwrap().remove(0).history_data.unwrap();
    assert!(data.contains(r#""oldState":{"stateReason":"a test","stateValue":"ALARM"}"#), "{data}");
}

#[test]
fn a_long_history_forgets_what_is_oldest() {
    let mut region = region();
    put(&mut region, "errors");
    for number in 0..150 {
        set(&mut region, "errors", if number % 2 == 0 { "ALARM" } else { "OK" });
    }
    let held = region.world.alarms.iter().next().unwrap();
    assert_eq!(held.history.len(), 100);
    assert!(held.history.iter().all(|entry| entry.kind == "StateUpdate"));
}

#[test]
fn actions_are_switched_on_and_off() {
    let mut region = region();
    put(&mut region, "errors");
    let alarm_names = vec!["errors".to_owned(), "gone".to_owned()];
    region.ok::<DisableAlarmActions>(DisableAlarmActionsInput { alarm_names: alarm_names.clone() });
    assert_eq!(described(&mut region, "errors").actions_enabled, Some(false));
    region.ok::<EnableAlarmActions>(EnableAlarmActionsInput { alarm_names });
    assert_eq!(described(&mut region, "errors").actions_enabled, Some(true));
}

#[test]
fn deleting_passes_over_names_that_no_alarm_has() {
    let mut region = region();
    put(&mut region, "errors");
    let delete = |names: &[&str]| DeleteAlarmsInput {
        alarm_names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    region.ok::<DeleteAlarms>(delete(&["gone", "errors"]));
    assert!(names(&mut region, DescribeAlarmsInput::default()).is_empty());
    assert_eq!(region.fault::<DeleteAlarms>(delete(&["errors"])), "ResourceNotFound: ");
    region.ok::<DeleteAlarms>(delete(&[]));
}

#[test]
fn alarms_have_tags() {
    let mut region = region();
    put(&mut region, "errors");
    let arn = described(&mut region, "errors").alarm_arn.unwrap();
    let tag = |key: &str| Tag { key: key.to_owned(), value: "x".to_owned() };
    let add = |tags| TagResourceInput { resource_arn: arn.clone(), tags };
    region.ok::<TagResource>(add(vec![tag("a"), tag("b")]));
    let remove = UntagResourceInput { resource_arn: arn.clone(), tag_keys: vec!["a".to_owned()] };
    region.ok::<UntagResource>(remove);
    let list = |arn: &str| ListTagsForResourceInput { resource_arn: arn.to_owned() };
    assert_eq!(region.ok::<ListTagsForResource>(list(&arn)).tags, Some(vec![tag("b")]));
    for (fault, expected) in [
        (region.fault::<TagResource>(add(vec![tag("aws:x")])), "InvalidParameterValue: "),
        (
            region.fault::<ListTagsForResource>(list(&format!("{arn}x"))),
            "ResourceNotFoundException: ",
        ),
        (region.fault::<ListTagsForResource>(list("errors")), "InvalidParameterValue: "),
    ] {
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn a_state_is_set_of_alarms_that_are_there() {
    let mut region = region();
    assert_eq!(region.fault::<SetAlarmState>(said("gone", "OK")), "ResourceNotFound: ");
    put(&mut region, "errors");
    let input = SetAlarmStateInput { state_reason_data: some("no JSON"), ..said("errors", "OK") };
    let fault = region.fault::<SetAlarmState>(input);
    assert!(fault.starts_with("InvalidFormat: "), "{fault}");
}

#[test]
fn settings_that_make_no_alarm_are_refused() {
    let fault = |change: fn(&mut PutMetricAlarmInput), expected: &str| {
        let mut input = errors("errors");
        change(&mut input);
        let fault = region().fault::<PutMetricAlarm>(input);
        assert!(fault.starts_with(expected), "{fault}, not {expected}");
    };
    let null = "ValidationError: ";
    fault(|input| input.metric_name = None, "ValidationError: MetricName must not be null");
    fault(|input| input.namespace = None, "ValidationError: Namespace must not be null");
    fault(|input| input.period = None, "ValidationError: Period must not be null");
    fault(|input| input.threshold = None, "ValidationError: Threshold must not be null");
    fault(|input| input.comparison_operator = None, null);
    fault(|input| input.evaluation_periods = None, null);
    fault(|input| input.statistic = None, "InvalidParameterCombination: ");
    fault(|input| input.extended_statistic = some("p99"), "InvalidParameterCombination: ");
    fault(|input| input.threshold_metric_id = some("m1"), "InvalidParameterCombination: ");
    fault(|input| input.metrics = Some(Vec::new()), "InvalidParameterCombination: ");
    fault(|input| input.period = Some(45), "ValidationError: Period must be 10, 20, 30 or");
    fault(
        |input| (input.period, input.evaluation_periods) = (Some(300), Some(289)),
        "ValidationError: Metrics cannot be checked across more than a day (EvaluationPeriods * \
         Period must be <= 86400).",
    );
    fault(
        |input| (input.period, input.evaluation_periods) = (Some(3600), Some(169)),
        "ValidationError: Metrics cannot be checked across more than a week",
    );
    fault(
        |input| input.datapoints_to_alarm = Some(4),
        "ValidationError: DatapointsToAlarm must be less than or equal to EvaluationPeriods",
    );
    fault(
        |input| input.treat_missing_data = some("asFine"),
        "ValidationError: Option asFine is not supported.",
    );
    fault(
        |input| (input.statistic, input.extended_statistic) = (None, some("p101")),
        "InvalidParameterValue: The value p101 for parameter ExtendedStatistic is not supported.",
    );
    fault(
        |input| input.ok_actions = Some(vec!["arn:aws:sns:us-east-1:0:x".to_owned()]),
        "ValidationError: Invalid region us-east-1 specified. Only eu-west-1 is supported.",
    );
    fault(|input| input.ok_actions = Some(vec!["mail me".to_owned()]), null);
}

#[test]
fn an_alarm_may_watch_an_expression() {
    let query = |id: &str, return_data| MetricDataQuery {
        id: id.to_owned(),
        expression: some("SUM(METRICS())"),
        return_data: Some(return_data),
        ..Default::default()
    };
    let watching = |metrics| PutMetricAlarmInput {
        alarm_name: "errors".to_owned(),
        metrics: Some(metrics),
        evaluation_periods: Some(1),
        threshold: Some(1.0),
        comparison_operator: some("GreaterThanThreshold"),
        ..Default::default()
    };
    let mut region = region();
    region.ok::<PutMetricAlarm>(watching(vec![query("e", true), query("m", false)]));
    assert_eq!(described(&mut region, "errors").metrics.unwrap().len(), 2);
    let fault = region.fault::<PutMetricAlarm>(watching(vec![query("e", true), query("m", true)]));
    assert!(fault.starts_with("ValidationError: exactly 1 elements of the metrics"), "{fault}");
}

#[test]
fn percentiles_and_trimmed_means_are_statistics() {
    for statistic in ["p90", "p99.99", "tm90", "TC(10%:90%)", "PR(100:2000)", "IQM", "wm50"] {
        let input = PutMetricAlarmInput {
            statistic: None,
            extended_statistic: some(statistic),
            ..errors("errors")
        };
        region().ok::<PutMetricAlarm>(input);
    }
}

fn composite(name: &str, rule: &str) -> PutCompositeAlarmInput {
    PutCompositeAlarmInput {
        alarm_name: name.to_owned(),
        alarm_rule: rule.to_owned(),
        ..Default::default()
    }
}

/// The composite alarms, with their states.
fn composites(region: &mut Region) -> Vec<(String, String)> {
    let alarm_types = Some(vec!["CompositeAlarm".to_owned()]);
    let input = DescribeAlarmsInput { alarm_types, ..Default::default() };
    let found = region.ok::<DescribeAlarms>(input).composite_alarms.unwrap();
    found.into_iter().map(|held| (held.alarm_name.unwrap(), held.state_value.unwrap())).collect()
}

#[test]
fn a_composite_alarm_follows_its_rule() {
    let mut region = region();
    put(&mut region, "errors");
    put(&mut region, "latency");
    region.ok::<PutCompositeAlarm>(composite("any", "ALARM(errors) OR ALARM(latency)"));
    region.ok::<PutCompositeAlarm>(composite("calm", "NOT ALARM(\"any\")"));
    let states = |any: &str, calm: &str| {
        [("any", any), ("calm", calm)].map(|(name, state)| (name.to_owned(), state.to_owned()))
    };
    assert_eq!(composites(&mut region), states("OK", "ALARM"));
    region.pass(Span::minutes(1));
    set(&mut region, "latency", "ALARM");
    assert_eq!(composites(&mut region), states("ALARM", "OK"));
    set(&mut region, "latency", "OK");
    assert_eq!(composites(&mut region), states("OK", "ALARM"));
    // What a person says holds until an alarm moves.
    set(&mut region, "any", "ALARM");
    assert_eq!(composites(&mut region), states("ALARM", "OK"));
    set(&mut region, "errors", "OK");
    assert_eq!(composites(&mut region), states("OK", "ALARM"));
    let input = DescribeAlarmHistoryInput { alarm_name: some("calm"), ..Default::default() };
    let items = region.ok::<DescribeAlarmHistory>(input).alarm_history_items.unwrap();
    assert_eq!(items[0].alarm_type.as_deref(), Some("CompositeAlarm"));
    assert!(names(&mut region, DescribeAlarmsInput::default()).len() == 2, "metric alarms only");
}

#[test]
fn rules_that_go_in_a_circle_come_to_an_end() {
    let mut region = region();
    region.ok::<PutCompositeAlarm>(composite("a", "FALSE"));
    region.ok::<PutCompositeAlarm>(composite("b", "NOT ALARM(a)"));
    region.ok::<PutCompositeAlarm>(composite("a", "ALARM(b)"));
    assert_eq!(composites(&mut region).len(), 2);
}

#[test]
fn children_and_parents_are_found() {
    let mut region = region();
    put(&mut region, "errors");
    region.ok::<PutCompositeAlarm>(composite("any", "ALARM(errors)"));
    let all = DescribeAlarmsInput::default;
    let children = DescribeAlarmsInput { children_of_alarm_name: some("any"), ..all() };
    assert_eq!(names(&mut region, children), ["errors"]);
    let parents = DescribeAlarmsInput { parents_of_alarm_name: some("errors"), ..all() };
    let found = region.ok::<DescribeAlarms>(parents).composite_alarms.unwrap();
    assert_eq!(found[0].alarm_rule.as_deref(), Some("ALARM(errors)"));
    let nothing = DescribeAlarmsInput { children_of_alarm_name: some("errors"), ..all() };
    region.fault::<DescribeAlarms>(nothing);
}

#[test]
fn what_a_composite_alarm_asks_stays() {
    let mut region = region();
    put(&mut region, "errors");
    put(&mut region, "latency");
    let rule = "ALARM(errors) OR OK(latency)";
    region.ok::<PutCompositeAlarm>(composite("any", rule));
    let delete = |names: &[&str]| DeleteAlarmsInput {
        alarm_names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    for (names, expected) in [
        (&["errors"][..], "Cannot delete errors as there are composite alarm(s) depending on it."),
        (
            &["errors", "latency"],
            "Cannot delete errors,latency as there are composite alarm(s) depending on them.",
        ),
    ] {
        let fault = region.fault::<DeleteAlarms>(delete(names));
        assert_eq!(fault, format!("ValidationError: {expected}"));
    }
    region.ok::<DeleteAlarms>(delete(&["any", "errors", "latency"]));
    assert!(composites(&mut region).is_empty());
}

#[test]
fn composite_alarms_that_make_no_sense_are_refused() {
    let mut region = region();
    put(&mut region, "errors");
    region.ok::<PutCompositeAlarm>(composite("any", "ALARM(errors)"));
    for (input, expected) in [
        (composite("x", "ALARM(errors"), "AlarmRule is no rule: expected ), found the end"),
        (composite("x", "ALARM(gone)"), "AlarmRule asks an alarm that is not there: gone"),
        (composite("errors", "TRUE"), "there is a metric alarm errors"),
    ] {
        let fault = region.fault::<PutCompositeAlarm>(input);
        assert_eq!(fault, format!("ValidationError: {expected}"));
    }
    let fault = region.fault::<PutMetricAlarm>(errors("any"));
    assert_eq!(fault, "ValidationError: there is a composite alarm any");
}
