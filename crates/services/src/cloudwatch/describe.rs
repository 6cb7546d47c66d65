//! `DescribeAlarms` and `DescribeAlarmsForMetric`.

use super::{composite, fault, show};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::cloudwatch::{
    DescribeAlarmsForMetricInput, DescribeAlarmsForMetricOutput, DescribeAlarmsInput,
    DescribeAlarmsOutput, Dimension,
};
use std::collections::BTreeSet;
use world::{Alarm, World};

/// How many alarms a page has when nothing is said, and at most.
const PAGE: (usize, usize) = (50, 100);

/// The alarms that are asked for, by name: metric alarms unless others are asked for too.
pub(super) fn alarms(
    world: &World,
    _: &Cx<'_>,
    input: DescribeAlarmsInput,
) -> Result<DescribeAlarmsOutput, Fault> {
    check(&input)?;
    let types = input.alarm_types.as_deref().unwrap_or_default();
    let asked = |kind: &str| types.iter().any(|asked| asked == kind);
    let of_kind = |alarm: &Alarm| match types {
        [] => alarm.composition.is_none(),
        _ => asked(show::kind(alarm)),
    };
    let related = related(world, &input)?;
    let rows = world.alarms.iter().filter(|alarm| match &related {
        Some(names) => names.contains(alarm.name.as_str()),
        None => of_kind(alarm) && is_wanted(alarm, &input),
    });
    let ask = Ask {
        listing: "DescribeAlarms",
        token: input.next_token.as_deref(),
        limit: limit(input.max_records, PAGE.0, PAGE.1),
    };
    let page = page(rows, &ask, |alarm| alarm.name.to_string()).map_err(fault::bad_token)?;
    let (composite, metric): (Vec<&Alarm>, Vec<&Alarm>) =
        page.rows.into_iter().partition(|alarm| alarm.composition.is_some());
    let composite = composite.into_iter().filter_map(|row| show::composite(world, row));
    Ok(DescribeAlarmsOutput {
        composite_alarms: Some(composite.collect()),
        metric_alarms: Some(metric.into_iter().map(|row| show::metric(world, row)).collect()),
        log_alarms: asked("LogAlarm").then(Vec::new),
        next_token: page.next,
    })
}

fn check(input: &DescribeAlarmsInput) -> Result<(), Fault> {
    let names = input.alarm_names.as_ref().is_some_and(|names| !names.is_empty());
    if names && input.alarm_name_prefix.is_some() {
        return Err(fault::together("AlarmNamePrefix goes without AlarmNames"));
    }
    let others = [
        names,
        input.alarm_name_prefix.is_some(),
        input.alarm_types.is_some(),
        input.state_value.is_some(),
        input.action_prefix.is_some(),
    ];
    let (children, parents) = (&input.children_of_alarm_name, &input.parents_of_alarm_name);
    let alone = match (children.is_some(), parents.is_some()) {
        (false, false) => return Ok(()),
        (one, other) => one != other && !others.contains(&true),
    };
    if !alone {
        let message = "ChildrenOfAlarmName and ParentsOfAlarmName go with MaxRecords and NextToken \
                       only";
        return Err(fault::invalid(message));
    }
    Ok(())
}

/// The names of an alarm's children or parents, where they are asked for.
fn related(world: &World, input: &DescribeAlarmsInput) -> Result<Option<BTreeSet<String>>, Fault> {
    if let Some(child) = &input.parents_of_alarm_name {
        let parents = composite::parents(world, child).into_iter();
        return Ok(Some(parents.map(|parent| parent.name.to_string()).collect()));
    }
    let Some(parent) = &input.children_of_alarm_name else { return Ok(None) };
    let rule = world.alarms.get(parent.as_str()).and_then(composite::rule_of);
    let rule =
        rule.ok_or_else(|| fault::invalid(format!("there is no composite alarm {parent}")))?;
    Ok(Some(rule.alarms().into_iter().map(str::to_owned).collect()))
}

fn is_wanted(alarm: &Alarm, input: &DescribeAlarmsInput) -> bool {
    let name = alarm.name.as_str();
    let names = input.alarm_names.as_deref().unwrap_or_default();
    let settings = &alarm.settings;
    let acts = |prefix: &String| {
        let lists =
            [&settings.ok_actions, &settings.alarm_actions, &settings.insufficient_data_actions];
        lists.into_iter().flatten().flatten().any(|action| action.starts_with(prefix))
    };
    (names.is_empty() || names.iter().any(|asked| asked == name))
        && input.alarm_name_prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
        && input.state_value.as_ref().is_none_or(|state| state == alarm.state.as_str())
        && input.action_prefix.as_ref().is_none_or(acts)
}

/// The alarms that watch exactly this metric.
pub(super) fn for_metric(
    world: &World,
    _: &Cx<'_>,
    input: DescribeAlarmsForMetricInput,
) -> Result<DescribeAlarmsForMetricOutput, Fault> {
    let asked = sorted(input.dimensions.as_ref());
    let same = |asked: &Option<String>, held: &Option<String>| {
        asked.as_ref().is_none_or(|asked| held.as_ref() == Some(asked))
    };
    let watches = |alarm: &&Alarm| {
        let held = &alarm.settings;
        held.metric_name.as_ref() == Some(&input.metric_name)
            && held.namespace.as_ref() == Some(&input.namespace)
            && sorted(held.dimensions.as_ref()) == asked
            && same(&input.statistic, &held.statistic)
            && same(&input.extended_statistic, &held.extended_statistic)
            && same(&input.unit, &held.unit)
            && input.period.is_none_or(|period| held.period == Some(period))
    };
    let rows = world.alarms.iter().filter(watches);
    Ok(DescribeAlarmsForMetricOutput {
        metric_alarms: Some(rows.map(|row| show::metric(world, row)).collect()),
    })
}

/// Dimensions are a set: their order says nothing.
fn sorted(dimensions: Option<&Vec<Dimension>>) -> Vec<(&str, &str)> {
    let dimensions = dimensions.into_iter().flatten();
    let mut pairs: Vec<_> =
        dimensions.map(|held| (held.name.as_str(), held.value.as_str())).collect();
    pairs.sort_unstable();
    pairs
}
