//! All steps of a plan at once, before any of them is done.
//!
//! A plan tells the steps that can be done now; later ones need what these bring about. Here each
//! step is taken for done as AWS would do it, until nothing is left.

use crate::observed::{Definition, Observed, Scaling};
use crate::planner::Plan;
use crate::ship::ship;
use crate::step::{Act, Step};
use crate::wish::Wish;
use api::autoscaling::{
    DeleteScalingPolicy, DeleteScheduledAction, DeregisterScalableTarget, PutScalingPolicy,
    PutScheduledAction, RegisterScalableTarget, ScalingPolicy, ScheduledAction,
};
use api::ecs::{
    CreateService, CreateServiceRequest, Deployment, RegisterTaskDefinition, Service,
    TaskDefinition, UpdateService,
};
use api::logs::CreateLogGroup;
use api::{Call, Field as _, Operation, Value};

/// More rounds than any plan has: what a step needs is a step or two away.
const ROUNDS: usize = 12;

/// All steps from what was observed to services that run; with problems in the way, those alone.
#[must_use]
pub fn preview(wish: &Wish, observed: &Observed) -> Plan {
    let mut observed = observed.clone();
    let mut all = Plan::default();
    for _ in 0..ROUNDS {
        let plan = ship(wish, &observed);
        if !plan.problems.is_empty() {
            return plan;
        }
        let known = |step: &Step| all.steps.iter().any(|held: &Step| held.what == step.what);
        let fresh: Vec<Step> = plan.steps.into_iter().filter(|step| !known(step)).collect();
        if fresh.is_empty() {
            break;
        }
        fresh.iter().for_each(|step| take_for_done(step, &mut observed));
        all.steps.extend(fresh);
    }
    all
}

fn take_for_done(step: &Step, observed: &mut Observed) {
    match &step.act {
        Act::Before(before) => {
            observed.prepared.insert(before.definition.clone());
        }
        Act::Call { operation, input } => {
            define(operation, input, observed);
            run(operation, input, observed);
            scale(operation, input, observed);
            if let Some(made) = read::<CreateLogGroup>(operation, input) {
                observed.log_groups.insert(made.log_group_name, None);
            }
        }
    }
}

/// The input of a step, if it is one of this operation.
fn read<C: Call>(operation: &Operation, input: &Value) -> Option<C::Input> {
    let own = C::OPERATION;
    let is = own.service == operation.service && own.name == operation.name;
    is.then(|| C::Input::from_value(input.clone()).ok()).flatten()
}

fn define(operation: &Operation, input: &Value, observed: &mut Observed) {
    let Some(request) = read::<RegisterTaskDefinition>(operation, input) else { return };
    let held = observed.definitions.get(&request.family);
    let revision = held.and_then(|held| held.definition.revision).unwrap_or_default() + 1;
    let Observed { region, account, .. } = observed;
    let family = request.family.clone();
    let arn = format!("arn:aws:ecs:{region}:{account}:task-definition/{family}:{revision}");
    let tags = request.tags.into_iter().flatten();
    let definition = TaskDefinition {
        task_definition_arn: Some(arn),
        revision: Some(revision),
        container_definitions: Some(request.container_definitions),
        ..Default::default()
    };
    let tags = tags.filter_map(|tag| Some((tag.key?, tag.value?))).collect();
    observed.definitions.insert(family, Definition { definition, tags });
}

fn run(operation: &Operation, input: &Value, observed: &mut Observed) {
    if let Some(made) = read::<CreateService>(operation, input) {
        let CreateServiceRequest { service_name, task_definition, .. } = made.clone();
        let there = Service {
            load_balancers: made.load_balancers,
            network_configuration: made.network_configuration,
            deployment_configuration: made.deployment_configuration,
            health_check_grace_period_seconds: made.health_check_grace_period_seconds,
            desired_count: made.desired_count,
            enable_execute_command: made.enable_execute_command,
            tags: made.tags,
            ..Default::default()
        };
        observed.services.insert(service_name, steady(there, task_definition));
    }
    if let Some(changed) = read::<UpdateService>(operation, input)
        && let Some(there) = observed.services.remove(&changed.service)
    {
        let there = Service {
            enable_execute_command: changed.enable_execute_command.or(there.enable_execute_command),
            network_configuration: changed.network_configuration.or(there.network_configuration),
            deployment_configuration: changed.deployment_configuration,
            health_check_grace_period_seconds: changed.health_check_grace_period_seconds,
            desired_count: changed.desired_count.or(there.desired_count),
            ..there
        };
        observed.services.insert(changed.service, steady(there, changed.task_definition));
    }
}

fn scale(operation: &Operation, input: &Value, observed: &mut Observed) {
    let Some(id) = scaled_id(operation, input) else { return };
    let service = id.rsplit('/').next().unwrap_or_default().to_owned();
    scaled(operation, input, observed.scaling.entry(service).or_default());
}

/// The id of the service whose scaling a step changes.
fn scaled_id(operation: &Operation, input: &Value) -> Option<String> {
    let register = read::<RegisterScalableTarget>(operation, input).map(|it| it.resource_id);
    let policy = || read::<PutScalingPolicy>(operation, input).map(|it| it.resource_id);
    let action = || read::<PutScheduledAction>(operation, input).map(|it| it.resource_id);
    let no_policy = || read::<DeleteScalingPolicy>(operation, input).map(|it| it.resource_id);
    let no_action = || read::<DeleteScheduledAction>(operation, input).map(|it| it.resource_id);
    let none = || read::<DeregisterScalableTarget>(operation, input).map(|it| it.resource_id);
    register.or_else(policy).or_else(action).or_else(no_policy).or_else(no_action).or_else(none)
}

/// A service's scaling after a step that changes it.
pub(crate) fn scaled(operation: &Operation, input: &Value, held: &mut Scaling) {
    if let Some(made) = read::<RegisterScalableTarget>(operation, input) {
        let mut target = held.target.take().unwrap_or_default();
        target.min_capacity = made.min_capacity.unwrap_or(target.min_capacity);
        target.max_capacity = made.max_capacity.unwrap_or(target.max_capacity);
        held.target = Some(target);
    }
    if let Some(made) = read::<PutScalingPolicy>(operation, input) {
        held.policies.retain(|policy| policy.policy_name != made.policy_name);
        held.policies.push(ScalingPolicy {
            policy_name: made.policy_name,
            target_tracking_scaling_policy_configuration: made
                .target_tracking_scaling_policy_configuration,
            ..Default::default()
        });
    }
    if let Some(made) = read::<PutScheduledAction>(operation, input) {
        held.actions.retain(|it| it.scheduled_action_name != made.scheduled_action_name);
        held.actions.push(ScheduledAction {
            scheduled_action_name: made.scheduled_action_name,
            schedule: made.schedule.unwrap_or_default(),
            timezone: made.timezone,
            scalable_target_action: made.scalable_target_action,
            ..Default::default()
        });
    }
    if let Some(gone) = read::<DeleteScalingPolicy>(operation, input) {
        held.policies.retain(|policy| policy.policy_name != gone.policy_name);
    }
    if let Some(gone) = read::<DeleteScheduledAction>(operation, input) {
        held.actions.retain(|it| it.scheduled_action_name != gone.scheduled_action_name);
    }
    if read::<DeregisterScalableTarget>(operation, input).is_some() {
        *held = Scaling::default();
    }
}

/// A service that runs this definition in full.
fn steady(service: Service, definition: Option<String>) -> Service {
    let primary = Deployment {
        status: Some("PRIMARY".to_owned()),
        rollout_state: Some("COMPLETED".to_owned()),
        task_definition: definition.clone(),
        ..Default::default()
    };
    Service {
        running_count: service.desired_count,
        task_definition: definition,
        deployments: Some(vec![primary]),
        ..service
    }
}
