//! Composite alarms: `PutCompositeAlarm`, and what their states follow from.

use super::rule::{self, Rule};
use super::{arn, fault, history, put};
use crate::{Cx, tags};
use api::Fault;
use api::cloudwatch::{MetricAlarm, PutCompositeAlarmInput};
use api::value::Nothing;
use model::{Ids, Timestamp};
use world::alarm::Composition;
use world::{Alarm, AlarmState, Draft, Stored, World};

/// The most alarms that a rule may ask; AWS's limit.
const MOST: usize = 100;

/// Makes a composite alarm, or gives the one of that name another rule. Its state follows at once.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutCompositeAlarmInput,
) -> Result<Nothing, Fault> {
    check(draft, &input)?;
    let name = input.alarm_name.as_str().into();
    let known = draft.alarms.get(&name).cloned();
    if known.as_ref().is_some_and(|alarm| alarm.composition.is_none()) {
        return Err(fault::invalid(format!("there is a metric alarm {name}")));
    }
    let given = input.tags.clone().unwrap_or_default().into_iter();
    let new_tags = tags::new(given.map(|tag| (tag.key, tag.value)));
    let new_tags = new_tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    let is_new = known.is_none();
    let fresh = Alarm { tags: new_tags, ..Alarm::new(name, cx.now) };
    let mut alarm = known.unwrap_or(fresh);
    alarm.configured_at = cx.now;
    alarm.composition = Some(Composition {
        rule: input.alarm_rule,
        suppressor: input.actions_suppressor,
        wait: input.actions_suppressor_wait_period,
        extension: input.actions_suppressor_extension_period,
    });
    let list = |given: Option<Vec<String>>| Some(given.unwrap_or_default());
    alarm.settings = Stored(MetricAlarm {
        alarm_description: input.alarm_description,
        actions_enabled: Some(input.actions_enabled.unwrap_or(true)),
        ok_actions: list(input.ok_actions),
        alarm_actions: list(input.alarm_actions),
        insufficient_data_actions: list(input.insufficient_data_actions),
        action_configuration: input.action_configuration,
        ..MetricAlarm::default()
    });
    let entry = if is_new { history::made } else { history::changed };
    alarm.note(entry(&alarm, cx.now));
    draft.put(alarm);
    settle(draft, cx.now, None);
    Ok(Nothing)
}

fn check(draft: &Draft, input: &PutCompositeAlarmInput) -> Result<(), Fault> {
    for list in [&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions] {
        list.iter().flatten().try_for_each(|arn| put::check_action(draft, arn))?;
    }
    let rule = rule::parse(&input.alarm_rule);
    let rule = rule.map_err(|why| fault::invalid(format!("AlarmRule is no rule: {why}")))?;
    let alarms = rule.alarms();
    if alarms.len() > MOST {
        return Err(fault::invalid(format!("AlarmRule asks more than {MOST} alarms")));
    }
    let unknown = |name: &&str| *name != input.alarm_name && !draft.alarms.contains(*name);
    match alarms.into_iter().find(unknown) {
        Some(name) => {
            Err(fault::invalid(format!("AlarmRule asks an alarm that is not there: {name}")))
        }
        None => Ok(()),
    }
}

/// Brings every composite alarm to the state that its rule says, but for the one that a person has
/// just set. Rules that go in a circle are left where they are after so many rounds as there are
/// alarms; AWS stops evaluating them too.
pub(super) fn settle(draft: &mut Draft, now: Timestamp, but: Option<&str>) {
    let composites: Vec<_> = draft
        .alarms
        .iter()
        .filter(|alarm| alarm.composition.is_some() && but != Some(alarm.name.as_str()))
        .map(|alarm| alarm.name.clone())
        .collect();
    for _ in 0..=composites.len() {
        let moved: Vec<Alarm> = composites
            .iter()
            .filter_map(|name| draft.alarms.get(name))
            .filter_map(|alarm| moved(draft, alarm, now))
            .collect();
        if moved.is_empty() {
            return;
        }
        moved.into_iter().for_each(|alarm| draft.put(alarm));
    }
}

/// A composite alarm in its new state, if its rule says another one.
fn moved(world: &World, alarm: &Alarm, now: Timestamp) -> Option<Alarm> {
    let rule = rule_of(alarm)?;
    let state = |name: &str| world.alarms.get(name).map(|child| child.state);
    let state = if rule.holds(&state) { AlarmState::Alarm } else { AlarmState::Ok };
    if alarm.state == state {
        return None;
    }
    let newest = rule.alarms().into_iter().filter_map(|name| world.alarms.get(name));
    let reason = match newest.max_by_key(|child| child.since) {
        Some(child) => format!(
            "{} transitioned to {} at {}",
            arn(world, child.name.as_str()),
            child.state.as_str(),
            child.since
        ),
        None => "the rule asks no alarm".to_owned(),
    };
    let mut after =
        Alarm { state, since: now, said_at: now, reason, reason_data: None, ..alarm.clone() };
    let entry = history::moved(alarm, &after, now);
    after.note(entry);
    Some(after)
}

/// A composite alarm's rule; it was read before it was kept.
pub(super) fn rule_of(alarm: &Alarm) -> Option<Rule> {
    rule::parse(&alarm.composition.as_ref()?.rule).ok()
}

/// The composite alarms whose rules ask an alarm.
pub(super) fn parents<'a>(world: &'a World, child: &str) -> Vec<&'a Alarm> {
    let asks = |alarm: &&Alarm| rule_of(alarm).is_some_and(|rule| rule.alarms().contains(child));
    world.alarms.iter().filter(asks).collect()
}
