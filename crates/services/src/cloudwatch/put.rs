//! `PutMetricAlarm`.

use super::{fault, history};
use crate::{Cx, tags};
use api::Fault;
use api::cloudwatch::{MetricAlarm, PutMetricAlarmInput};
use api::value::Nothing;
use model::Ids;
use world::{Alarm, Draft, Stored};

/// The longest time that an alarm may look back, in seconds: a day, and a week where its periods are
/// an hour or longer.
const LONGEST: [(i64, i64); 2] = [(3600, 604_800), (0, 86_400)];

/// What may be done about missing data.
const MISSING: [&str; 4] = ["breaching", "notBreaching", "ignore", "missing"];

/// What may be done about few samples.
const LOW_SAMPLES: [&str; 2] = ["evaluate", "ignore"];

/// Makes an alarm, or gives the one of that name other settings; its state stays then, and so do its
/// tags.
pub(crate) fn alarm(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutMetricAlarmInput,
) -> Result<Nothing, Fault> {
    check_watched(&input)?;
    check_times(&input)?;
    check_options(&input)?;
    for list in [&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions] {
        list.iter().flatten().try_for_each(|arn| check_action(draft, arn))?;
    }
    let name = input.alarm_name.as_str().into();
    let known = draft.alarms.get(&name).cloned();
    if known.as_ref().is_some_and(|alarm| alarm.composition.is_some()) {
        return Err(fault::invalid(format!("there is a composite alarm {name}")));
    }
    let given = input.tags.clone().unwrap_or_default().into_iter();
    let new_tags = tags::new(given.map(|tag| (tag.key, tag.value)));
    let new_tags = new_tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    let is_new = known.is_none();
    let mut alarm = known.unwrap_or_else(|| Alarm { tags: new_tags, ..Alarm::new(name, cx.now) });
    alarm.settings = Stored(settings(input));
    alarm.configured_at = cx.now;
    let entry = if is_new { history::made } else { history::changed };
    alarm.note(entry(&alarm, cx.now));
    draft.put(alarm);
    Ok(Nothing)
}

/// What an alarm shows of what it was given.
fn settings(input: PutMetricAlarmInput) -> MetricAlarm {
    let list = |given: Option<Vec<String>>| Some(given.unwrap_or_default());
    MetricAlarm {
        alarm_description: input.alarm_description,
        actions_enabled: Some(input.actions_enabled.unwrap_or(true)),
        ok_actions: list(input.ok_actions),
        alarm_actions: list(input.alarm_actions),
        insufficient_data_actions: list(input.insufficient_data_actions),
        metric_name: input.metric_name,
        namespace: input.namespace,
        statistic: input.statistic,
        extended_statistic: input.extended_statistic,
        dimensions: Some(input.dimensions.unwrap_or_default()),
        period: input.period,
        unit: input.unit,
        evaluation_periods: input.evaluation_periods,
        datapoints_to_alarm: input.datapoints_to_alarm,
        threshold: input.threshold,
        comparison_operator: input.comparison_operator,
        treat_missing_data: input.treat_missing_data,
        evaluate_low_sample_count_percentile: input.evaluate_low_sample_count_percentile,
        metrics: input.metrics,
        threshold_metric_id: input.threshold_metric_id,
        evaluation_window: input.evaluation_window,
        warm_up_configuration: input.warm_up_configuration,
        evaluation_criteria: input.evaluation_criteria,
        evaluation_interval: input.evaluation_interval,
        action_configuration: input.action_configuration,
        ..MetricAlarm::default()
    }
}

/// An alarm watches one metric, the result of an expression, or a query: one of the three.
fn check_watched(input: &PutMetricAlarmInput) -> Result<(), Fault> {
    if input.evaluation_criteria.is_some() {
        let others = input.metric_name.is_some() || input.metrics.is_some();
        let message = "EvaluationCriteria goes without MetricName and Metrics";
        return if others { Err(fault::together(message)) } else { Ok(()) };
    }
    match &input.metrics {
        Some(metrics) => check_expression(input, metrics)?,
        None => check_metric(input)?,
    }
    if input.comparison_operator.is_none() {
        return Err(fault::null("ComparisonOperator"));
    }
    if input.evaluation_periods.is_none() {
        return Err(fault::null("EvaluationPeriods"));
    }
    match (input.threshold, &input.threshold_metric_id) {
        (None, None) => Err(fault::null("Threshold")),
        (Some(_), Some(_)) => Err(fault::together("Threshold goes without ThresholdMetricId")),
        _ => Ok(()),
    }
}

fn check_metric(input: &PutMetricAlarmInput) -> Result<(), Fault> {
    let needed = [
        ("MetricName", input.metric_name.is_some()),
        ("Namespace", input.namespace.is_some()),
        ("Period", input.period.is_some()),
    ];
    if let Some((member, _)) = needed.iter().find(|(_, given)| !given) {
        return Err(fault::null(member));
    }
    match (&input.statistic, &input.extended_statistic) {
        (Some(_), None) => Ok(()),
        (None, Some(extended)) => check_extended(extended),
        _ => Err(fault::together("exactly one of Statistic and ExtendedStatistic must be given")),
    }
}

/// Percentiles such as `p99.9`, trimmed means and their like (`tm90`, `WM(10%:90%)`), and `IQM`.
fn check_extended(statistic: &str) -> Result<(), Fault> {
    let letters: String = statistic.chars().take_while(char::is_ascii_alphabetic).collect();
    let rest = &statistic[letters.len()..];
    let number = rest.parse::<f64>().is_ok_and(|number| (0.0..=100.0).contains(&number));
    let range = rest.starts_with('(') && rest.ends_with(')') && rest.contains(':');
    let fits = match letters.to_ascii_lowercase().as_str() {
        "p" => number,
        "tm" | "tc" | "ts" | "wm" => number || range,
        "pr" => range,
        "iqm" => rest.is_empty(),
        _ => false,
    };
    // Observed.
    let message =
        || format!("The value {statistic} for parameter ExtendedStatistic is not supported.");
    if fits { Ok(()) } else { Err(fault::value(message())) }
}

fn check_expression(
    input: &PutMetricAlarmInput,
    metrics: &[api::cloudwatch::MetricDataQuery],
) -> Result<(), Fault> {
    let single = [
        input.metric_name.is_some(),
        input.namespace.is_some(),
        input.period.is_some(),
        input.unit.is_some(),
        input.statistic.is_some(),
        input.extended_statistic.is_some(),
        input.dimensions.as_ref().is_some_and(|dimensions| !dimensions.is_empty()),
    ];
    if single.contains(&true) {
        return Err(fault::together(
            "Metrics goes without Namespace, MetricName, Dimensions, Period, Unit, Statistic and \
             ExtendedStatistic",
        ));
    }
    let watched = metrics.iter().filter(|query| query.return_data.unwrap_or(true)).count();
    // With a metric as threshold, both it and what is held against it return data.
    let expected = if input.threshold_metric_id.is_some() { 2 } else { 1 };
    if watched != expected {
        let message = format!("exactly {expected} elements of the metrics list should return data");
        return Err(fault::invalid(message));
    }
    Ok(())
}

fn check_times(input: &PutMetricAlarmInput) -> Result<(), Fault> {
    let periods = input.evaluation_periods;
    if input.datapoints_to_alarm.is_some_and(|least| periods.is_some_and(|most| least > most)) {
        // Observed.
        let message = "DatapointsToAlarm must be less than or equal to EvaluationPeriods";
        return Err(fault::invalid(message));
    }
    let Some(period) = input.period.map(i64::from) else { return Ok(()) };
    if ![10, 20, 30].contains(&period) && period % 60 != 0 {
        return Err(fault::invalid("Period must be 10, 20, 30 or a multiple of 60"));
    }
    let (_, longest) =
        LONGEST.into_iter().find(|(least, _)| period >= *least).unwrap_or(LONGEST[1]);
    if periods.is_some_and(|periods| i64::from(periods) * period > longest) {
        return Err(fault::invalid(format!(
            "Metrics cannot be checked across more than {} (EvaluationPeriods * Period must be <= \
             {longest}).",
            if longest == LONGEST[1].1 { "a day" } else { "a week" },
        )));
    }
    Ok(())
}

fn check_options(input: &PutMetricAlarmInput) -> Result<(), Fault> {
    let missing = input.treat_missing_data.as_deref();
    let low = input.evaluate_low_sample_count_percentile.as_deref();
    // The text was observed of the latter; of the former it is likely.
    let options = [
        ("TreatMissingData", missing, &MISSING[..], "breaching, notBreaching, ignore, and missing"),
        ("EvaluateLowSampleCountPercentile", low, &LOW_SAMPLES[..], "evaluate and ignore"),
    ];
    for (member, given, known, listed) in options {
        if let Some(option) = given.filter(|option| !known.contains(option)) {
            return Err(fault::invalid(format!(
                "Option {option} is not supported. Supported options for parameter {member} are \
                 {listed}."
            )));
        }
    }
    Ok(())
}

/// An action is an ARN of this region, or of none.
pub(super) fn check_action(draft: &Draft, arn: &str) -> Result<(), Fault> {
    let mut parts = arn.splitn(6, ':');
    let (head, region) = (parts.next(), parts.nth(2));
    if head != Some("arn") || parts.count() < 2 {
        return Err(fault::invalid(format!("Invalid arn syntax: {arn}")));
    }
    let own = draft.place.region.as_str();
    match region.filter(|region| !region.is_empty() && *region != own) {
        // Observed.
        Some(other) => {
            let message = format!("Invalid region {other} specified. Only {own} is supported.");
            Err(fault::invalid(message))
        }
        None => Ok(()),
    }
}
