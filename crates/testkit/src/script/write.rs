//! Verbs to lines: what [`parse`](super::parse) reads again as the same verb.

use super::{ContainerOption, Create, Manner, Room, ServiceOption, Verb};
use crate::sim::Answer;
use model::Span;
use std::fmt;
use world::AlarmState;
use world::service::deployment::StopType;
use world::service::{HookAction, Strategy};

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Speed(pace) => write!(f, "speed {}", pace.speed()),
            Self::Container(line) => {
                write!(f, "container {} {}", line.definition, line.name)?;
                all(f, &line.options)
            }
            Self::Image { image, manner } => write!(f, "image {image} {manner}"),
            Self::Pair { name, interval, delay } => group(f, "pair", name, (*interval, *delay)),
            Self::Alarm { name, state, looks_back } => alarm(f, name, *state, *looks_back),
            Self::Group { name, interval, delay } => group(f, "group", name, (*interval, *delay)),
            Self::Parameter(name, value) => write!(f, "parameter {name} {value}"),
            Self::Secret(name, value) => write!(f, "secret {name} {value}"),
            Self::LogGroup(name) => write!(f, "log-group {name}"),
            Self::Service { name, definition, options } => {
                write!(f, "service {name} {definition}")?;
                all(f, options)
            }
            Self::Update { name, definition, options } => {
                write!(f, "update {name}")?;
                definition.iter().try_for_each(|definition| write!(f, " {definition}"))?;
                all(f, options)
            }
            Self::StopDeployment(name, StopType::RollBack) => write!(f, "stop-deployment {name}"),
            Self::StopDeployment(name, StopType::Abort) => {
                write!(f, "stop-deployment {name} abort")
            }
            Self::Continue(name, HookAction::Continue) => write!(f, "continue {name}"),
            Self::Continue(name, HookAction::Rollback) => write!(f, "continue {name} rollback"),
            Self::Delete(name) => write!(f, "delete {name}"),
            Self::Run(definition) => write!(f, "run {definition}"),
            Self::Stop(task) => write!(f, "stop {task}"),
            Self::Deregister(task) => write!(f, "deregister {task}"),
            Self::Unlisten(group) => write!(f, "unlisten {group}"),
            Self::Listen(group) => write!(f, "listen {group}"),
            Self::Ungroup(group) => write!(f, "ungroup {group}"),
            Self::Fail { task, container, code } => {
                write!(f, "fail {task}")?;
                container.iter().try_for_each(|container| write!(f, " {container}"))?;
                write!(f, " exit {code}")
            }
            Self::Starve(task) => write!(f, "starve {task}"),
            Self::Answer { task, answer } => write!(f, "answer {task} {answer}"),
            Self::Health { task, code } => write!(f, "health {task} {code}"),
            Self::Tick(span) => write!(f, "tick {}", time(*span)),
            Self::Watch(span) => write!(f, "watch {}", time(*span)),
            Self::Until { who, state, limit } => {
                write!(f, "until {who} {state} {}", time(*limit))
            }
            Self::Crash(span) => write!(f, "crash {}", time(*span)),
            Self::Interrupt(span) => write!(f, "interrupt {}", time(*span)),
            Self::Subnets(Room::Full) => f.write_str("subnets full"),
            Self::Subnets(Room::Free) => f.write_str("subnets free"),
            Self::Wait(service, waiter) => write!(f, "wait {service} {}", waiter.as_str()),
            Self::Rollouts(service) => write!(f, "rollouts {service}"),
            Self::Times(task) => write!(f, "times {task}"),
            Self::Show => f.write_str("show"),
            Self::Deployments(service) => write!(f, "deployments {service}"),
            Self::Events(service) => write!(f, "events {service}"),
        }
    }
}

impl fmt::Display for ContainerOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonEssential => f.write_str("nonessential"),
            Self::Health(interval, retries) => write!(f, "health {}*{retries}", time(*interval)),
            Self::StartPeriod(span) => write!(f, "start-period {}", time(*span)),
            Self::After(container, condition) => write!(f, "after {container} {condition}"),
            Self::StartTimeout(span) => write!(f, "start-timeout {}", time(*span)),
            Self::StopTimeout(span) => write!(f, "stop-timeout {}", time(*span)),
            Self::Secret(name, from) => write!(f, "secret {name}={from}"),
            Self::Logs { group, create: Create::No } => write!(f, "logs {group}"),
            Self::Logs { group, create: Create::Yes } => write!(f, "new-logs {group}"),
            Self::Restart(span) => write!(f, "restart {}", time(*span)),
            Self::IgnoredExit(code) => write!(f, "ignored-exit {code}"),
        }
    }
}

impl fmt::Display for ServiceOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "count {count}"),
            Self::Percent(minimum, maximum) => write!(f, "percent {minimum}/{maximum}"),
            Self::Grace(span) => write!(f, "grace {}", time(*span)),
            Self::Group(name) => write!(f, "group {name}"),
            Self::Breaker(count) => write!(f, "breaker {count}"),
            Self::BreakerPercent(percent) => write!(f, "breaker-percent {percent}"),
            Self::BreakerUnbounded(percent) => write!(f, "breaker-unbounded {percent}"),
            Self::Cumulative => f.write_str("cumulative"),
            Self::Rollback => f.write_str("rollback"),
            Self::Bake(minutes) => write!(f, "bake {minutes}m"),
            Self::Strategy(items) => {
                let items = items.iter().map(|(provider, weight)| format!("{provider}={weight}"));
                write!(f, "strategy {}", items.collect::<Vec<_>>().join(","))
            }
            Self::Pair(name) => write!(f, "pair {name}"),
            Self::Deploys(strategy) => deploys(f, *strategy),
            Self::Pause(stage, minutes, action) => {
                write!(f, "pause {} {minutes}m {}", stage.as_str(), action.as_str())
            }
            Self::Alarms(names) => write!(f, "alarms {}", names.join(",")),
            Self::Force => f.write_str("force"),
        }
    }
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behaves => f.write_str("behaves"),
            Self::PullsIn(span) => write!(f, "pulls-in {}", time(*span)),
            Self::CannotBePulled => f.write_str("cannot-be-pulled"),
            Self::StartsIn(span) => write!(f, "starts-in {}", time(*span)),
            Self::CannotStart => f.write_str("cannot-start"),
            Self::Exits(code, after) => write!(f, "exits {code} after {}", time(*after)),
            Self::IgnoresSignals => f.write_str("ignores-signals"),
            Self::StopsIn(span) => write!(f, "stops-in {}", time(*span)),
            Self::ListensAfter(span) => write!(f, "listens-after {}", time(*span)),
            Self::NeverListens => f.write_str("never-listens"),
            Self::HealthyAfter(span) => write!(f, "healthy-after {}", time(*span)),
            Self::NeverHealthy => f.write_str("never-healthy"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(f, "{code}"),
            Self::Nothing => f.write_str("nothing"),
            Self::Refused => f.write_str("refused"),
        }
    }
}

fn group(
    f: &mut fmt::Formatter<'_>,
    verb: &str,
    name: &str,
    (interval, delay): (Option<Span>, Option<u64>),
) -> fmt::Result {
    write!(f, "{verb} {name}")?;
    optional(f, "interval", interval.map(time))?;
    optional(f, "delay", delay.map(|seconds| format!("{seconds}s")))
}

fn deploys(f: &mut fmt::Formatter<'_>, strategy: Strategy) -> fmt::Result {
    match strategy {
        Strategy::Rolling => f.write_str("rolling"),
        Strategy::BlueGreen => f.write_str("blue-green"),
        Strategy::Linear { step, bake_minutes } => {
            write!(f, "linear {}% {bake_minutes}m", step.percent())
        }
        Strategy::Canary { first, bake_minutes } => {
            write!(f, "canary {}% {bake_minutes}m", first.percent())
        }
    }
}

fn all(f: &mut fmt::Formatter<'_>, options: &[impl fmt::Display]) -> fmt::Result {
    options.iter().try_for_each(|option| write!(f, " {option}"))
}

fn alarm(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    state: AlarmState,
    looks_back: Option<Span>,
) -> fmt::Result {
    write!(f, "alarm {name} {}", state.as_str())?;
    optional(f, "looks-back", looks_back.map(time))
}

fn optional(f: &mut fmt::Formatter<'_>, word: &str, value: Option<String>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(f, " {word} {value}"))
}

/// A time in one unit, as scripts have it.
fn time(span: Span) -> String {
    let millis = span.as_millis();
    match millis {
        0 => "0s".to_owned(),
        _ if millis.is_multiple_of(60_000) => format!("{}m", millis / 60_000),
        _ if millis.is_multiple_of(1000) => format!("{}s", millis / 1000),
        _ => format!("{millis}ms"),
    }
}
