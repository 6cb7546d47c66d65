//! How much of Fargate an environment needs at once, held against what the account may have.
//!
//! What others run in the account is not counted, so enough here is not always enough.

use super::{Lack, Scene};
use crate::wish::Wish;
use manifest::{Service, Strategy};
use std::fmt;

const RULE: &str = "aws-quota";

/// Service Quotas' code for Fargate, and for the processors of its tasks.
pub const PROCESSORS: (&str, &str) = ("fargate", "L-3032A538");

/// Units of CPU in a processor.
const UNITS: u64 = 1024;

/// Processors, in units of which 1024 are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Processors(u64);

impl fmt::Display for Processors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} vCPU", self.0 / UNITS, self.0 % UNITS * 100 / UNITS)
    }
}

/// A rollout that needs more than the account may have never ends: ECS waits for room. One that would
/// only once scaling is at its end is a warning.
pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let Some(quota) = scene.account.processors else { return Vec::new() };
    let (now, most) = (needed(scene.wish, least), needed(scene.wish, most));
    let Some(path) = largest(scene.wish) else { return Vec::new() };
    let hint = format!(
        "raise it: aws service-quotas request-service-quota-increase --service-code {} --quota-code \
         {} --desired-value …; or take smaller tasks, or a smaller `deploy.max`",
        PROCESSORS.0, PROCESSORS.1
    );
    let over = |need: Processors| need.0 as f64 > quota * UNITS as f64;
    let told = |need: Processors, when: &str| {
        format!("a rollout{when} needs {need} at once, and the account may have {quota} of Fargate")
    };
    if over(now) {
        return vec![Lack::error(RULE, path, told(now, ""), hint)];
    }
    match over(most) {
        true => vec![Lack::warning(RULE, path, told(most, " at the end of scaling"), hint)],
        false => Vec::new(),
    }
}

/// Says what has to be compared by hand where the quota could not be asked for.
pub(super) fn remark(wish: &Wish) -> String {
    format!(
        "this environment needs {} at most ({}, `Fargate On-Demand vCPU resource count`)",
        needed(wish, most),
        PROCESSORS.1
    )
}

fn least(service: &Service) -> u32 {
    service.desired_count()
}

fn most(service: &Service) -> u32 {
    service.scale.as_ref().map_or(service.desired_count(), |scale| scale.max)
}

/// What all services need while each rolls out with so many tasks.
fn needed(wish: &Wish, count: fn(&Service) -> u32) -> Processors {
    Processors(wish.services().map(|(_, service)| rolling(service, count(service))).sum())
}

/// While a version rolls out, there are as many tasks as `max` allows, and both versions in full where
/// they come up beside each other.
fn rolling(service: &Service, count: u32) -> u64 {
    let percent = match service.deploy.strategy {
        Strategy::Rolling => service.deploy.max,
        Strategy::BlueGreen | Strategy::Linear | Strategy::Canary => 200,
    };
    let tasks = u64::from(count) * u64::from(percent) / 100;
    tasks * u64::from(service.size().cpu())
}

/// The size of the service that needs most.
fn largest(wish: &Wish) -> Option<String> {
    let all = wish.services().map(|(name, service)| (rolling(service, most(service)), name));
    all.max().map(|(_, name)| format!("services.{name}.cpu"))
}
