//! Rows from what a script says of them.

use super::{ContainerLine, ContainerOption, Create, Manner, ServiceOption};
use crate::build;
use crate::sim::Behaviour;
use model::{Span, Timestamp};
use world::cluster::StrategyItem;
use world::definition::{
    AwsLogs, Dependency, DependencyCondition, HealthCheck, HealthCommand, RestartPolicy, SecretRef,
};
use world::secret::{SecretContent, SecretVersion};
use world::service::{BreakerThreshold, DeploymentAlarms, PauseHook, ServiceLaunch};
use world::{ContainerSpec, SecretItem, Service, Tags, TargetGroup};

/// A container as its line says.
pub(super) fn container(line: &ContainerLine) -> Result<ContainerSpec, String> {
    let mut spec = build::container(&line.definition, &line.name);
    for option in &line.options {
        set_container(&mut spec, option)?;
    }
    Ok(spec)
}

fn set_container(spec: &mut ContainerSpec, option: &ContainerOption) -> Result<(), String> {
    match option {
        ContainerOption::NonEssential => spec.essential = false,
        ContainerOption::Health(interval, retries) => {
            spec.health_check = Some(HealthCheck {
                command: HealthCommand::Shell("true".to_owned()),
                interval: *interval,
                timeout: Span::seconds(5),
                retries: *retries,
                start_period: Span::ZERO,
            });
        }
        ContainerOption::StartPeriod(span) => {
            let check = spec.health_check.as_mut().ok_or("`health` comes before its period")?;
            check.start_period = *span;
        }
        ContainerOption::After(container, word) => spec
            .depends_on
            .push(Dependency { container: container.as_str().into(), condition: condition(word)? }),
        ContainerOption::StartTimeout(span) => spec.start_timeout = Some(*span),
        ContainerOption::StopTimeout(span) => spec.stop_timeout = Some(*span),
        ContainerOption::Secret(name, from) => {
            spec.secrets.push(SecretRef { name: name.clone(), value_from: from.clone() });
        }
        ContainerOption::Logs { group, create } => {
            spec.log = Some(AwsLogs {
                group: group.clone(),
                create_group: *create == Create::Yes,
                prefix: "ecs".to_owned(),
            });
        }
        ContainerOption::Restart(attempt_period) => {
            spec.restart = Some(RestartPolicy {
                ignored_exit_codes: Vec::new(),
                attempt_period: *attempt_period,
            });
        }
        ContainerOption::IgnoredExit(code) => {
            let policy = spec.restart.as_mut().ok_or("`restart` comes before its exceptions")?;
            policy.ignored_exit_codes.push(*code);
        }
    }
    Ok(())
}

fn condition(word: &str) -> Result<DependencyCondition, String> {
    Ok(match word {
        "START" => DependencyCondition::Start,
        "COMPLETE" => DependencyCondition::Complete,
        "SUCCESS" => DependencyCondition::Success,
        "HEALTHY" => DependencyCondition::Healthy,
        other => return Err(format!("`{other}` is no condition")),
    })
}

/// What containers of an image do.
pub(super) fn behaviour(behaviour: &mut Behaviour, manner: &Manner) {
    match manner {
        Manner::Behaves => *behaviour = Behaviour::default(),
        Manner::PullsIn(span) => behaviour.pull = *span,
        Manner::CannotBePulled => behaviour.pull_fails = Some(PULL_FAILED.to_owned()),
        Manner::StartsIn(span) => behaviour.start = *span,
        Manner::CannotStart => behaviour.start_fails = Some(START_FAILED.to_owned()),
        Manner::Exits(code, after) => behaviour.exits = Some((*after, *code)),
        Manner::IgnoresSignals => behaviour.stops = None,
        Manner::StopsIn(span) => behaviour.stops = Some(*span),
        Manner::ListensAfter(span) => behaviour.listens = Some(*span),
        Manner::NeverListens => behaviour.listens = None,
        Manner::HealthyAfter(span) => behaviour.passes = Some(*span),
        Manner::NeverHealthy => behaviour.passes = None,
    }
}

/// What AWS's drivers say (reference §1.5).
const PULL_FAILED: &str = "CannotPullContainerError: pull image manifest has been retried 5 \
    time(s): failed to resolve ref web: web: not found";
const START_FAILED: &str = "CannotStartContainerError: failed to get container status: exec: \
    \"serve\": executable file not found in $PATH";

/// A service with options; answers whether a deployment is forced.
pub(super) fn service(service: &mut Service, options: &[ServiceOption]) {
    let configuration = &mut service.configuration;
    for option in options {
        match option {
            ServiceOption::Count(count) => service.desired_count = *count,
            ServiceOption::Percent(minimum, maximum) => {
                configuration.minimum_percent = *minimum;
                configuration.maximum_percent = *maximum;
            }
            ServiceOption::Grace(span) => service.grace = *span,
            ServiceOption::Group(name) => {
                let groups = name.split(',').map(build::group_arn);
                let balancers = groups.flat_map(|arn| build::registered_in(&arn));
                service.load_balancers = balancers.collect();
            }
            ServiceOption::Pair(name) => service.load_balancers = build::paired_in(name),
            ServiceOption::Deploys(strategy) => configuration.strategy = *strategy,
            ServiceOption::Pause(stage, minutes, action) => configuration.pauses.push(PauseHook {
                stages: vec![*stage],
                timeout_minutes: *minutes,
                action: *action,
            }),
            ServiceOption::Alarms(names) => {
                let names = names.iter().map(|name| name.as_str().into()).collect();
                configuration.alarms = DeploymentAlarms { names, enable: true, rollback: true };
            }
            ServiceOption::Breaker(count) => {
                configuration.breaker.enable = true;
                configuration.breaker.threshold = BreakerThreshold::Count(*count);
            }
            ServiceOption::BreakerPercent(percent) => {
                configuration.breaker.enable = true;
                configuration.breaker.threshold = BreakerThreshold::BoundedPercent(*percent);
            }
            ServiceOption::BreakerUnbounded(percent) => {
                configuration.breaker.enable = true;
                configuration.breaker.threshold = BreakerThreshold::UnboundedPercent(*percent);
            }
            ServiceOption::Cumulative => configuration.breaker.reset_on_healthy = false,
            ServiceOption::Rollback => configuration.breaker.rollback = true,
            ServiceOption::Bake(minutes) => configuration.bake_minutes = *minutes,
            ServiceOption::Strategy(items) => {
                let item = |(provider, weight): &(String, u32)| StrategyItem {
                    provider: provider.clone(),
                    weight: *weight,
                    base: 0,
                };
                service.launch = ServiceLaunch::Strategy(items.iter().map(item).collect());
            }
            ServiceOption::Force => {}
        }
    }
}

/// A target group.
pub(super) fn group(name: &str, interval: Option<Span>, delay: Option<u64>) -> TargetGroup {
    let mut group = build::group(name);
    if let Some(interval) = interval {
        group.check.interval = interval;
    }
    if let Some(delay) = delay {
        let key = "deregistration_delay.timeout_seconds".to_owned();
        group.attributes.insert(key, delay.to_string());
    }
    group
}

/// A secret with one version.
pub(super) fn secret(name: &str, value: &str, now: Timestamp) -> SecretItem {
    let version = SecretVersion {
        value: SecretContent::Text(value.into()),
        created_at: now,
        accessed_at: None,
        stages: vec!["AWSCURRENT".to_owned()],
    };
    SecretItem {
        name: name.into(),
        suffix: "AbCdEf".to_owned(),
        description: None,
        kms_key: None,
        created_at: now,
        changed_at: now,
        accessed_at: None,
        deletion_at: None,
        deleted_at: None,
        versions: [("version-1".to_owned(), version)].into(),
        policy: None,
        tags: Tags::new(),
    }
}
