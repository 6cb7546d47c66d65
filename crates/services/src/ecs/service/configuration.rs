//! `deploymentConfiguration`: parsed, merged and shown.

use super::strategy;
use crate::ecs::fault;
use api::Fault;
use api::ecs::{self, DeploymentCircuitBreaker, ThresholdConfiguration};
use world::World;
use world::service::{
    BreakerThreshold, CircuitBreaker, DeploymentAlarms, DeploymentConfiguration, Strategy,
};

/// What holds where nothing is given (reference §3.1).
const DEFAULT: DeploymentConfiguration = DeploymentConfiguration {
    minimum_percent: 100,
    maximum_percent: 200,
    breaker: CircuitBreaker {
        enable: false,
        rollback: false,
        reset_on_healthy: true,
        threshold: BreakerThreshold::BoundedPercent(50),
    },
    alarms: DeploymentAlarms { names: Vec::new(), enable: false, rollback: false },
    strategy: Strategy::Rolling,
    bake_minutes: 0,
    pauses: Vec::new(),
};

const THRESHOLD_TYPES: [&str; 3] = ["BOUNDED_PERCENT", "UNBOUNDED_PERCENT", "COUNT"];

/// The configuration of a new service.
pub(super) fn parse(
    world: &World,
    given: Option<&ecs::DeploymentConfiguration>,
) -> Result<DeploymentConfiguration, Fault> {
    merge(world, &DEFAULT, given)
}

/// A configuration after a change: what is not given stays.
pub(super) fn merge(
    world: &World,
    standing: &DeploymentConfiguration,
    given: Option<&ecs::DeploymentConfiguration>,
) -> Result<DeploymentConfiguration, Fault> {
    let Some(given) = given else { return Ok(standing.clone()) };
    check_absent(given)?;
    let number = |member, value: Option<i32>, standing, range| match value {
        Some(value) => within(member, value, range),
        None => Ok(standing),
    };
    let maximum = given.maximum_percent;
    let minimum = given.minimum_healthy_percent;
    let bake = given.bake_time_in_minutes;
    let merged = DeploymentConfiguration {
        maximum_percent: number("maximumPercent", maximum, standing.maximum_percent, (100, 200))?,
        minimum_percent: number(
            "minimumHealthyPercent",
            minimum,
            standing.minimum_percent,
            (0, 100),
        )?,
        bake_minutes: number("bakeTimeInMinutes", bake, standing.bake_minutes, (0, 1440))?,
        breaker: breaker(&standing.breaker, given.deployment_circuit_breaker.as_ref())?,
        alarms: alarms(world, &standing.alarms, given.alarms.as_ref())?,
        strategy: strategy::parse(standing.strategy, given)?,
        pauses: strategy::parse_hooks(&standing.pauses, given.lifecycle_hooks.as_deref())?,
    };
    if merged.minimum_percent == 100 && merged.maximum_percent == 100 {
        return Err(fault::service::no_room());
    }
    Ok(merged)
}

/// A configuration as AWS shows it, with the members that came in July 2026.
pub(in crate::ecs) fn show(
    configuration: &DeploymentConfiguration,
) -> ecs::DeploymentConfiguration {
    let breaker = &configuration.breaker;
    let (kind, value) = match breaker.threshold {
        BreakerThreshold::BoundedPercent(value) => ("BOUNDED_PERCENT", value),
        BreakerThreshold::UnboundedPercent(value) => ("UNBOUNDED_PERCENT", value),
        BreakerThreshold::Count(value) => ("COUNT", value),
    };
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let shown = ecs::DeploymentConfiguration {
        deployment_circuit_breaker: Some(DeploymentCircuitBreaker {
            enable: breaker.enable,
            rollback: breaker.rollback,
            reset_on_healthy_task: Some(breaker.reset_on_healthy),
            threshold_configuration: Some(ThresholdConfiguration {
                r#type: kind.to_owned(),
                value: int(value),
            }),
        }),
        maximum_percent: Some(int(configuration.maximum_percent)),
        minimum_healthy_percent: Some(int(configuration.minimum_percent)),
        alarms: Some(ecs::DeploymentAlarms {
            alarm_names: configuration.alarms.names.iter().map(ToString::to_string).collect(),
            rollback: configuration.alarms.rollback,
            enable: configuration.alarms.enable,
        }),
        bake_time_in_minutes: Some(int(configuration.bake_minutes)),
        ..ecs::DeploymentConfiguration::default()
    };
    strategy::show(configuration.strategy, &configuration.pauses, shown)
}

pub(super) fn within(member: &str, value: i32, (least, most): (i32, i32)) -> Result<u32, Fault> {
    match value {
        low if low < least => Err(fault::service::below(member, least)),
        high if high > most => Err(fault::service::above(member, most)),
        fits => Ok(fits.unsigned_abs()),
    }
}

/// Alarms that are to be watched have to be there; AWS refuses others too (reference §3.6).
fn alarms(
    world: &World,
    standing: &DeploymentAlarms,
    given: Option<&ecs::DeploymentAlarms>,
) -> Result<DeploymentAlarms, Fault> {
    let Some(given) = given else { return Ok(standing.clone()) };
    let parsed = DeploymentAlarms {
        names: given.alarm_names.iter().map(|name| name.as_str().into()).collect(),
        enable: given.enable,
        rollback: given.rollback,
    };
    if parsed.enable && parsed.names.is_empty() {
        return Err(fault::service::no_alarms());
    }
    let missing: Vec<&str> = parsed
        .watched()
        .filter(|name| !world.alarms.contains(*name))
        .map(|name| name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(fault::service::unknown_alarms(&missing));
    }
    Ok(parsed)
}

/// A breaker that is off rolls nothing back.
fn breaker(
    standing: &CircuitBreaker,
    given: Option<&DeploymentCircuitBreaker>,
) -> Result<CircuitBreaker, Fault> {
    let Some(given) = given else { return Ok(standing.clone()) };
    Ok(CircuitBreaker {
        enable: given.enable,
        rollback: given.enable && given.rollback,
        reset_on_healthy: given.reset_on_healthy_task.unwrap_or(standing.reset_on_healthy),
        threshold: match &given.threshold_configuration {
            Some(given) => threshold(given)?,
            None => standing.threshold,
        },
    })
}

fn threshold(given: &ThresholdConfiguration) -> Result<BreakerThreshold, Fault> {
    let most = if given.r#type == "COUNT" { i32::MAX } else { 100 };
    let value = within("thresholdConfiguration.value", given.value, (1, most))?;
    match given.r#type.as_str() {
        "BOUNDED_PERCENT" => Ok(BreakerThreshold::BoundedPercent(value)),
        "UNBOUNDED_PERCENT" => Ok(BreakerThreshold::UnboundedPercent(value)),
        "COUNT" => Ok(BreakerThreshold::Count(value)),
        _ => Err(fault::not_one_of("thresholdConfiguration.type", &THRESHOLD_TYPES)),
    }
}

/// Refuses ways to deploy that are not here; what is switched off asks for nothing.
fn check_absent(given: &ecs::DeploymentConfiguration) -> Result<(), Fault> {
    if given.early_success_criteria.as_ref().is_some_and(|criteria| criteria.enable) {
        let member = "deploymentConfiguration.earlySuccessCriteria";
        let why = "a deployment succeeds when all of its tasks are healthy";
        return Err(fault::unsupported(member, why));
    }
    Ok(())
}
