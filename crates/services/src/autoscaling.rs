//! Application Auto Scaling: the bounds of services' counts, policies and scheduled actions
//! (reference §5).
//!
//! Bounds hold: a count outside of them is brought back when they are registered. The region collects
//! no metrics, so the alarms of a target tracking policy stay in INSUFFICIENT_DATA, in which AWS does not
//! scale either; steps and schedules are kept, and nothing triggers them.

mod activity;
mod alarms;
mod fault;
mod policy;
mod schedule;
mod steps;
mod tagging;
mod target;
#[cfg(test)]
pub(crate) mod tests;
mod tracking;

use crate::Table;
use api::Fault;
use api::autoscaling::*;
use world::service::ServiceStatus;
use world::{Draft, ScalableTarget as Row, ScalingKey, ServiceKey, World};

/// The only namespace whose resources are here.
const NAMESPACE: &str = "ecs";

/// The only dimension of a service.
const DIMENSION: &str = "ecs:service:DesiredCount";

/// The most rows of a page.
const PAGE: usize = 50;

/// Why no policy acts.
const NO_METRICS: &str = "kept and shown; the region collects no metrics, so nothing triggers it";

/// Why no schedule acts.
const NO_CLOCK: &str = "kept and shown; the region starts no scheduled action";

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("RegisterScalableTarget.RoleARN", "passed over, as on AWS, where a service's own role counts"),
    (
        "RegisterScalableTarget.SuspendedState",
        "kept and shown; nothing scales that it could suspend",
    ),
    ("PutScalingPolicy.StepScalingPolicyConfiguration", NO_METRICS),
    (
        "PutScalingPolicy.TargetTrackingScalingPolicyConfiguration",
        "its alarms are made; the region collects no metrics, so they stay in INSUFFICIENT_DATA",
    ),
    ("PutScheduledAction.Schedule", NO_CLOCK),
    ("PutScheduledAction.Timezone", NO_CLOCK),
    ("PutScheduledAction.StartTime", NO_CLOCK),
    ("PutScheduledAction.EndTime", NO_CLOCK),
    ("PutScheduledAction.ScalableTargetAction", NO_CLOCK),
    (
        "DescribeScalingActivities.IncludeNotScaledActivities",
        "there are none: nothing tries to scale and does not",
    ),
];

/// The operations of Application Auto Scaling.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<RegisterScalableTarget>(target::register)
        .read::<DescribeScalableTargets>(target::describe)
        .write::<DeregisterScalableTarget>(target::deregister)
        .write::<PutScalingPolicy>(policy::put)
        .read::<DescribeScalingPolicies>(policy::describe)
        .write::<DeleteScalingPolicy>(policy::delete)
        .write::<PutScheduledAction>(schedule::put)
        .read::<DescribeScheduledActions>(schedule::describe)
        .write::<DeleteScheduledAction>(schedule::delete)
        .read::<DescribeScalingActivities>(activity::describe)
        .write::<TagResource>(tagging::add)
        .write::<UntagResource>(tagging::remove)
        .read::<ListTagsForResource>(tagging::list)
}

/// The service that a request names: `service/<cluster>/<service>`.
fn resource(namespace: &str, id: &str, dimension: &str) -> Result<ServiceKey, Fault> {
    let key = key(id).filter(|_| namespace == NAMESPACE && dimension == DIMENSION);
    key.ok_or_else(fault::unsupported)
}

/// Whether a row is one that a listing asks for. Without a resource it asks for all of them.
fn asked(
    namespace: &str,
    id: Option<&str>,
    dimension: Option<&str>,
) -> Result<impl Fn(&ServiceKey) -> bool, Fault> {
    let fits = namespace == NAMESPACE && dimension.is_none_or(|dimension| dimension == DIMENSION);
    if dimension.is_some() && id.is_none() {
        return Err(fault::dimension_alone());
    }
    let wanted = id.map(|id| key(id).ok_or_else(fault::unsupported)).transpose()?;
    Ok(move |held: &ServiceKey| fits && wanted.as_ref().is_none_or(|wanted| wanted == held))
}

fn key(id: &str) -> Option<ServiceKey> {
    let (cluster, name) = id.strip_prefix("service/")?.split_once('/')?;
    let fits = !cluster.is_empty() && !name.is_empty() && !name.contains('/');
    fits.then(|| ServiceKey { cluster: cluster.into(), name: name.into() })
}

/// The id by which AWS knows a service here.
fn id(service: &ServiceKey) -> String {
    format!("service/{}/{}", service.cluster, service.name)
}

/// A text that stands among others where the row stands in its table: no name of a cluster or service
/// has a space.
fn order(service: &ServiceKey) -> String {
    format!("{} {}", service.cluster, service.name)
}

/// The same of what a service has several of.
fn place(key: &ScalingKey) -> String {
    format!("{} {}", order(&key.service), key.name)
}

/// The target that a request for something else has to have.
fn target<'w>(world: &'w World, service: &ServiceKey) -> Result<&'w Row, Fault> {
    world.scalable_targets.get(service).ok_or_else(|| fault::no_target(&id(service)))
}

/// Whether ECS has an active service of that name.
fn check_service(draft: &Draft, service: &ServiceKey) -> Result<(), Fault> {
    let there = draft.services.get(service);
    if there.is_some_and(|held| held.status == ServiceStatus::Active) {
        Ok(())
    } else {
        Err(fault::no_service(&id(service)))
    }
}
