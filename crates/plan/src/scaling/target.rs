//! The bounds of a service's count.

use crate::compare::differences;
use crate::observed::Scaling;
use crate::step::Step;
use api::autoscaling::*;
use manifest::Scale;

/// ECS's namespace.
pub(super) const NAMESPACE: &str = "ecs";

/// A service's count.
pub(super) const DIMENSION: &str = "ecs:service:DesiredCount";

/// A service, as Application Auto Scaling names it.
pub(super) struct Place {
    /// Its cluster.
    pub(super) cluster: String,
    /// Its name.
    pub(super) service: String,
}

impl Place {
    /// `service/<cluster>/<service>`.
    pub(super) fn id(&self) -> String {
        format!("service/{}/{}", self.cluster, self.service)
    }
}

/// Registers the service, or gives it other bounds. Bounds that a scheduled action of the manifest
/// may have set are left alone: the clock moves them on.
pub(super) fn register(place: &Place, scale: &Scale, held: &Scaling) -> Option<Step> {
    let there = held.target.as_ref();
    let why = there.map(|target| {
        let [min, max] = [target.min_capacity, target.max_capacity].map(|count| count.to_string());
        differences([
            ("min", scale.min.to_string(), Some(min)),
            ("max", scale.max.to_string(), Some(max)),
        ])
    });
    let by_clock = there.is_some_and(|held| set_by_clock(scale, held));
    if why.as_ref().is_some_and(Vec::is_empty) || by_clock {
        return None;
    }
    let count = |count: u32| i32::try_from(count).ok();
    let request = RegisterScalableTargetRequest {
        service_namespace: NAMESPACE.to_owned(),
        resource_id: place.id(),
        scalable_dimension: DIMENSION.to_owned(),
        min_capacity: count(scale.min),
        max_capacity: count(scale.max),
        ..Default::default()
    };
    let Scale { min, max, .. } = scale;
    let what = format!("keep service {} between {min} and {max} tasks", place.service);
    Some(Step::call::<RegisterScalableTarget>(what, request).because(why.unwrap_or_default()))
}

/// Whether each bound is the manifest's, or one that its schedule sets.
fn set_by_clock(scale: &Scale, held: &ScalableTarget) -> bool {
    let is = |held: i32, wanted: u32| i64::from(held) == i64::from(wanted);
    let min = scale.schedule.iter().filter_map(|at| at.min).any(|min| is(held.min_capacity, min));
    let max = scale.schedule.iter().filter_map(|at| at.max).any(|max| is(held.max_capacity, max));
    (min || is(held.min_capacity, scale.min)) && (max || is(held.max_capacity, scale.max))
}

/// Ends the scaling of a service; its count stays where it is.
pub(super) fn deregister(place: &Place) -> Step {
    let request = DeregisterScalableTargetRequest {
        service_namespace: NAMESPACE.to_owned(),
        resource_id: place.id(),
        scalable_dimension: DIMENSION.to_owned(),
    };
    let what = format!("end the scaling of service {}", place.service);
    Step::call::<DeregisterScalableTarget>(what, request).because(why())
}

/// Why something of ours goes.
pub(super) fn why() -> [String; 1] {
    ["the manifest no longer has it".to_owned()]
}
