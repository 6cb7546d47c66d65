//! Which alarms are there, and in which state.

use super::Scope;
use crate::client::{CallError, Client};
use api::cloudwatch::{DescribeAlarms, DescribeAlarmsInput};
use plan::observed::Observed;
use std::collections::BTreeMap;

/// How many alarms one call names; that is AWS's limit.
const AT_ONCE: usize = 100;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let names: Vec<&String> = scope.alarms.iter().collect();
    observed.alarms = states(client, &names).await?;
    Ok(())
}

/// The states of alarms, of those that are there.
pub(crate) async fn states(
    client: &Client,
    names: &[&String],
) -> Result<BTreeMap<String, String>, CallError> {
    let mut states = BTreeMap::new();
    for names in names.chunks(AT_ONCE) {
        let request = DescribeAlarmsInput {
            alarm_names: Some(names.iter().map(|name| (*name).clone()).collect()),
            // Unless asked for, composite alarms are left out.
            alarm_types: Some(vec!["MetricAlarm".to_owned(), "CompositeAlarm".to_owned()]),
            max_records: i32::try_from(AT_ONCE).ok(),
            ..Default::default()
        };
        let found = client.call::<DescribeAlarms>(request).await?;
        let metric = found.metric_alarms.into_iter().flatten();
        let metric = metric.map(|alarm| (alarm.alarm_name, alarm.state_value));
        let composite = found.composite_alarms.into_iter().flatten();
        let composite = composite.map(|alarm| (alarm.alarm_name, alarm.state_value));
        let all = metric.chain(composite);
        states.extend(all.filter_map(|(name, state)| Some((name?, state?))));
    }
    Ok(states)
}
