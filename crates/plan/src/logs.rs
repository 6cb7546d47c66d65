//! Log groups and how long they keep events.

use crate::observed::Observed;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::logs::{
    CreateLogGroup, CreateLogGroupRequest, DeleteRetentionPolicy, DeleteRetentionPolicyRequest,
    PutRetentionPolicy, PutRetentionPolicyRequest,
};
use manifest::Retention;

/// Makes the log groups that are not there, and sets their retention.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        let group = &service.logs.group;
        let Some(kept) = observed.log_groups.get(group) else {
            let request = CreateLogGroupRequest {
                log_group_name: group.clone(),
                tags: Some(tags::of_service(wish, name)),
                ..Default::default()
            };
            // Services may share a group; it is made once.
            let step = Step::call::<CreateLogGroup>(format!("create log group {group}"), request);
            if !plan.steps.contains(&step) && !is_planned(plan, &step) {
                plan.steps.push(step);
                plan.hold(format!("retention of {group}"), "the log group");
            }
            continue;
        };
        plan.steps.extend(retention(group, service.logs.retention, *kept));
    }
}

/// Whether a step with the same purpose is planned already.
fn is_planned(plan: &Plan, step: &Step) -> bool {
    plan.steps.iter().any(|planned| planned.what == step.what)
}

fn retention(group: &str, desired: Retention, kept: Option<i32>) -> Option<Step> {
    let desired = match desired {
        Retention::Days(days) => i32::try_from(days).ok(),
        Retention::Forever => None,
    };
    let days =
        |days: Option<i32>| days.map_or("for ever".to_owned(), |days| format!("{days} days"));
    if desired == kept {
        return None;
    }
    let what = format!("keep events of {group} {}", days(desired));
    let why = [format!("they are kept {}", days(kept))];
    let log_group_name = group.to_owned();
    let step = match desired {
        Some(retention_in_days) => {
            let request = PutRetentionPolicyRequest { log_group_name, retention_in_days };
            Step::call::<PutRetentionPolicy>(what, request)
        }
        None => {
            let request = DeleteRetentionPolicyRequest { log_group_name };
            Step::call::<DeleteRetentionPolicy>(what, request)
        }
    };
    Some(step.because(why))
}
