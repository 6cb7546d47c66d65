//! How a new revision takes the old one's place: strategy and lifecycle hooks, parsed and shown
//! (reference §3.8).

use crate::ecs::fault;
use crate::ecs::fault::service as refuse;
use api::Fault;
use api::ecs::{
    self, CanaryConfiguration, DeploymentLifecycleHook,
    DeploymentLifecycleHookTimeoutConfiguration, LinearConfiguration,
};
use world::service::{HookAction, PauseHook, Stage, Strategy, TrafficShare};

/// How many pauses there may be (reference §3.8).
const MOST_PAUSES: usize = 10;

/// The longest time that a pause may take, in minutes: 14 days.
const LONGEST_PAUSE: i32 = 20_160;

/// A pause's minutes when nothing is said.
const DEFAULT_PAUSE: i32 = 1440;

/// The strategy after a change; what is not given stays.
pub(super) fn parse(
    standing: Strategy,
    given: &ecs::DeploymentConfiguration,
) -> Result<Strategy, Fault> {
    let linear = given.linear_configuration.as_ref();
    let canary = given.canary_configuration.as_ref();
    let word = given.strategy.as_deref().unwrap_or(standing.as_str());
    if linear.is_some() && word != "LINEAR" {
        return Err(refuse::foreign_configuration("linearConfiguration", "LINEAR"));
    }
    if canary.is_some() && word != "CANARY" {
        return Err(refuse::foreign_configuration("canaryConfiguration", "CANARY"));
    }
    match word {
        "ROLLING" => Ok(Strategy::Rolling),
        "BLUE_GREEN" => Ok(Strategy::BlueGreen),
        "LINEAR" => parse_linear(standing, linear),
        "CANARY" => parse_canary(standing, canary),
        _ => {
            let words = ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"];
            Err(fault::not_one_of("strategy", &words))
        }
    }
}

fn parse_linear(
    standing: Strategy,
    given: Option<&LinearConfiguration>,
) -> Result<Strategy, Fault> {
    let (step, minutes) = match standing {
        Strategy::Linear { step, bake_minutes } => (step, bake_minutes),
        _ => (TrafficShare::tenths(100), 6),
    };
    let percent = given.and_then(|given| given.step_percent);
    let baked = given.and_then(|given| given.step_bake_time_in_minutes);
    Ok(Strategy::Linear {
        step: share("stepPercent", percent, 3.0)?.unwrap_or(step),
        bake_minutes: bake("stepBakeTimeInMinutes", baked)?.unwrap_or(minutes),
    })
}

fn parse_canary(
    standing: Strategy,
    given: Option<&CanaryConfiguration>,
) -> Result<Strategy, Fault> {
    let (first, minutes) = match standing {
        Strategy::Canary { first, bake_minutes } => (first, bake_minutes),
        _ => (TrafficShare::tenths(50), 10),
    };
    let percent = given.and_then(|given| given.canary_percent);
    let baked = given.and_then(|given| given.canary_bake_time_in_minutes);
    Ok(Strategy::Canary {
        first: share("canaryPercent", percent, 0.1)?.unwrap_or(first),
        bake_minutes: bake("canaryBakeTimeInMinutes", baked)?.unwrap_or(minutes),
    })
}

fn share(member: &str, given: Option<f64>, least: f64) -> Result<Option<TrafficShare>, Fault> {
    let Some(percent) = given else { return Ok(None) };
    let share = TrafficShare::from_percent(percent).filter(|share| share.percent() >= least);
    share.map(Some).ok_or_else(|| refuse::no_share(member, least))
}

fn bake(member: &str, given: Option<i32>) -> Result<Option<u32>, Fault> {
    given.map(|minutes| super::configuration::within(member, minutes, (0, 1440))).transpose()
}

/// The hooks after a change: a list that is given replaces the one there was.
pub(super) fn parse_hooks(
    standing: &[PauseHook],
    given: Option<&[DeploymentLifecycleHook]>,
) -> Result<Vec<PauseHook>, Fault> {
    let Some(given) = given else { return Ok(standing.to_vec()) };
    if given.len() > MOST_PAUSES {
        return Err(fault::too_many("pause lifecycle hooks", MOST_PAUSES));
    }
    given.iter().map(parse_hook).collect()
}

fn parse_hook(given: &DeploymentLifecycleHook) -> Result<PauseHook, Fault> {
    match given.target_type.as_deref() {
        Some("PAUSE") => {}
        None | Some("AWS_LAMBDA") => {
            let why = "it has no Lambda, so hooks are of target type 'PAUSE'";
            let member = "deploymentConfiguration.lifecycleHooks.targetType AWS_LAMBDA";
            return Err(fault::unsupported(member, why));
        }
        Some(_) => return Err(fault::not_one_of("targetType", &["AWS_LAMBDA", "PAUSE"])),
    }
    if given.hook_target_arn.is_some() {
        return Err(refuse::pause_with_target());
    }
    let stages = given.lifecycle_stages.as_deref().unwrap_or_default();
    if stages.is_empty() {
        return Err(refuse::no_stages());
    }
    let timeout = given.timeout_configuration.as_ref();
    let minutes = timeout.and_then(|held| held.timeout_in_minutes).unwrap_or(DEFAULT_PAUSE);
    let action = timeout.and_then(|held| held.action.as_deref());
    Ok(PauseHook {
        stages: stages.iter().map(|stage| parse_stage(stage)).collect::<Result<_, _>>()?,
        timeout_minutes: super::configuration::within(
            "timeoutInMinutes",
            minutes,
            (1, LONGEST_PAUSE),
        )?,
        action: parse_action(action)?.unwrap_or(HookAction::Rollback),
    })
}

fn parse_stage(word: &str) -> Result<Stage, Fault> {
    let pausing = Stage::ALL.into_iter().filter(|stage| stage.takes_pauses());
    let known = Stage::ALL.into_iter().filter(|stage| stage.takes_hooks());
    match known.clone().find(|stage| stage.as_str() == word) {
        Some(stage) if stage.takes_pauses() => Ok(stage),
        Some(_) => {
            let words: Vec<&str> = pausing.map(Stage::as_str).collect();
            Err(fault::not_one_of("lifecycleStages of a PAUSE hook", &words))
        }
        None => {
            let words: Vec<&str> = known.map(Stage::as_str).collect();
            Err(fault::not_one_of("lifecycleStages", &words))
        }
    }
}

/// What a person, or nobody, answers to a pause.
pub(in crate::ecs) fn parse_action(given: Option<&str>) -> Result<Option<HookAction>, Fault> {
    match given {
        None => Ok(None),
        Some("CONTINUE") => Ok(Some(HookAction::Continue)),
        Some("ROLLBACK") => Ok(Some(HookAction::Rollback)),
        Some(_) => Err(fault::not_one_of("action", &["CONTINUE", "ROLLBACK"])),
    }
}

/// Puts strategy and hooks into a configuration as AWS shows it.
pub(super) fn show(
    strategy: Strategy,
    pauses: &[PauseHook],
    shown: ecs::DeploymentConfiguration,
) -> ecs::DeploymentConfiguration {
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    ecs::DeploymentConfiguration {
        strategy: Some(strategy.as_str().to_owned()),
        linear_configuration: match strategy {
            Strategy::Linear { step, bake_minutes } => Some(LinearConfiguration {
                step_percent: Some(step.percent()),
                step_bake_time_in_minutes: Some(int(bake_minutes)),
            }),
            Strategy::Rolling | Strategy::BlueGreen | Strategy::Canary { .. } => None,
        },
        canary_configuration: match strategy {
            Strategy::Canary { first, bake_minutes } => Some(CanaryConfiguration {
                canary_percent: Some(first.percent()),
                canary_bake_time_in_minutes: Some(int(bake_minutes)),
            }),
            Strategy::Rolling | Strategy::BlueGreen | Strategy::Linear { .. } => None,
        },
        lifecycle_hooks: (!pauses.is_empty()).then(|| pauses.iter().map(show_hook).collect()),
        ..shown
    }
}

fn show_hook(hook: &PauseHook) -> DeploymentLifecycleHook {
    DeploymentLifecycleHook {
        target_type: Some("PAUSE".to_owned()),
        lifecycle_stages: Some(hook.stages.iter().map(|at| at.as_str().to_owned()).collect()),
        timeout_configuration: Some(DeploymentLifecycleHookTimeoutConfiguration {
            timeout_in_minutes: i32::try_from(hook.timeout_minutes).ok(),
            action: Some(hook.action.as_str().to_owned()),
        }),
        ..DeploymentLifecycleHook::default()
    }
}
