//! Lines to verbs, and back.

use super::{ContainerLine, ContainerOption, Create, Manner, Room, ServiceOption, Verb, Waiter};
use crate::sim::Answer;
use model::{Pace, Span};
use std::fmt;
use std::str::{FromStr, SplitWhitespace};
use world::AlarmState;
use world::service::deployment::StopType;
use world::service::{HookAction, Stage, Strategy, TrafficShare};

/// A line that is none, or that can't be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// The verbs of a script with their lines' numbers. Empty lines and `#` comments say nothing.
pub(super) fn script(text: &str) -> Result<Vec<(usize, Verb)>, ScriptError> {
    let lines = text.lines().enumerate().map(|(at, line)| {
        let line = line.split_once('#').map_or(line, |(line, _)| line);
        (at + 1, line.trim())
    });
    let lines = lines.filter(|(_, line)| !line.is_empty());
    lines
        .map(|(at, line)| {
            let verb = line.parse().map_err(|why| ScriptError { line: at, why })?;
            Ok((at, verb))
        })
        .collect()
}

/// The words of a line, one after the other.
struct Words<'a>(SplitWhitespace<'a>);

impl<'a> Words<'a> {
    fn next(&mut self, what: &str) -> Result<&'a str, String> {
        self.0.next().ok_or_else(|| format!("{what} is missing"))
    }

    fn text(&mut self, what: &str) -> Result<String, String> {
        self.next(what).map(str::to_owned)
    }

    fn number<T: FromStr>(&mut self, what: &str) -> Result<T, String> {
        let word = self.next(what)?;
        word.parse().map_err(|_| format!("`{word}` is no {what}"))
    }

    fn span(&mut self) -> Result<Span, String> {
        span(self.next("a time")?)
    }

    /// All remaining words, each read with what follows it.
    fn rest<T>(
        &mut self,
        mut read: impl FnMut(&str, &mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut all = Vec::new();
        while let Some(word) = self.0.next() {
            all.push(read(word, self)?);
        }
        Ok(all)
    }
}

impl FromStr for Verb {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let mut words = Words(line.split_whitespace());
        let word = words.next("a verb")?;
        for read in [setting, asking, mishap, watching] {
            if let Some(verb) = read(word, &mut words)? {
                return match words.0.next() {
                    Some(more) => Err(format!("`{more}` is too much")),
                    None => Ok(verb),
                };
            }
        }
        Err(format!("`{word}` is no verb"))
    }
}

// === Verbs, by what they are about ===

/// What is there before anybody asks for anything.
fn setting(word: &str, words: &mut Words<'_>) -> Result<Option<Verb>, String> {
    Ok(Some(match word {
        "speed" => Verb::Speed(Pace::new(words.number("speed")?).map_err(|e| e.to_string())?),
        "container" => Verb::Container(Box::new(ContainerLine {
            definition: words.text("a definition")?,
            name: words.text("a container")?,
            options: words.rest(container_option)?,
        })),
        "image" => Verb::Image { image: words.text("an image")?, manner: manner(words)? },
        "group" => {
            let (name, interval, delay) = group(words)?;
            Verb::Group { name, interval, delay }
        }
        "pair" => {
            let (name, interval, delay) = group(words)?;
            Verb::Pair { name, interval, delay }
        }
        "alarm" => alarm(words)?,
        "parameter" => Verb::Parameter(words.text("a name")?, words.text("a value")?),
        "secret" => Verb::Secret(words.text("a name")?, words.text("a value")?),
        "log-group" => Verb::LogGroup(words.text("a name")?),
        _ => return Ok(None),
    }))
}

/// What a client asks for.
fn asking(word: &str, words: &mut Words<'_>) -> Result<Option<Verb>, String> {
    Ok(Some(match word {
        "service" => Verb::Service {
            name: words.text("a service")?,
            definition: words.text("a definition")?,
            options: words.rest(service_option)?,
        },
        "update" => update(words)?,
        "stop-deployment" => {
            let name = words.text("a service")?;
            let how = match words.0.next() {
                None => StopType::RollBack,
                Some("abort") => StopType::Abort,
                Some(other) => return Err(format!("a deployment can't be stopped by `{other}`")),
            };
            Verb::StopDeployment(name, how)
        }
        "continue" => {
            let name = words.text("a service")?;
            let action = match words.0.next() {
                None => HookAction::Continue,
                Some("rollback") => HookAction::Rollback,
                Some(other) => return Err(format!("a deployment can't `{other}`")),
            };
            Verb::Continue(name, action)
        }
        "delete" => Verb::Delete(words.text("a service")?),
        "run" => Verb::Run(words.text("a definition")?),
        "stop" => Verb::Stop(words.text("a task")?),
        "deregister" => Verb::Deregister(words.text("a task")?),
        "unlisten" => Verb::Unlisten(words.text("a group")?),
        "listen" => Verb::Listen(words.text("a group")?),
        "ungroup" => Verb::Ungroup(words.text("a group")?),
        _ => return Ok(None),
    }))
}

/// What goes wrong.
fn mishap(word: &str, words: &mut Words<'_>) -> Result<Option<Verb>, String> {
    Ok(Some(match word {
        "fail" => fail(words)?,
        "starve" => Verb::Starve(words.text("a task")?),
        "subnets" => Verb::Subnets(match words.next("`full` or `free`")? {
            "full" => Room::Full,
            "free" => Room::Free,
            other => return Err(format!("subnets can't be `{other}`")),
        }),
        "answer" => Verb::Answer { task: words.text("a task")?, answer: answer(words)? },
        "health" => Verb::Health { task: words.text("a task")?, code: words.number("exit code")? },
        "crash" => Verb::Crash(words.span()?),
        "interrupt" => Verb::Interrupt(words.span()?),
        _ => return Ok(None),
    }))
}

/// Time, and what it shows.
fn watching(word: &str, words: &mut Words<'_>) -> Result<Option<Verb>, String> {
    Ok(Some(match word {
        "tick" => Verb::Tick(words.span()?),
        "watch" => Verb::Watch(words.span()?),
        "until" => Verb::Until {
            who: words.text("a service or task")?,
            state: words.text("a state")?,
            limit: words.span()?,
        },
        "wait" => {
            let service = words.text("a service")?;
            let word = words.next("a waiter")?;
            let found = Waiter::ALL.into_iter().find(|waiter| waiter.as_str() == word);
            Verb::Wait(service, found.ok_or_else(|| format!("`{word}` is no waiter"))?)
        }
        "rollouts" => Verb::Rollouts(words.text("a service")?),
        "times" => Verb::Times(words.text("a task")?),
        "show" => Verb::Show,
        "deployments" => Verb::Deployments(words.text("a service")?),
        "events" => Verb::Events(words.text("a service")?),
        _ => return Ok(None),
    }))
}

// === Single verbs ===

fn alarm(words: &mut Words<'_>) -> Result<Verb, String> {
    let name = words.text("an alarm")?;
    let state = alarm_state(words.next("a state")?)?;
    let looks_back = match words.0.next() {
        None => None,
        Some("looks-back") => Some(words.span()?),
        Some(other) => return Err(format!("an alarm has no `{other}`")),
    };
    Ok(Verb::Alarm { name, state, looks_back })
}

fn alarm_state(word: &str) -> Result<AlarmState, String> {
    let states = [AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData];
    let found = states.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| format!("`{word}` is no state of an alarm"))
}

type GroupLine = (String, Option<Span>, Option<u64>);

fn group(words: &mut Words<'_>) -> Result<GroupLine, String> {
    let name = words.text("a name")?;
    let (mut interval, mut delay) = (None, None);
    while let Some(word) = words.0.next() {
        match word {
            "interval" => interval = Some(words.span()?),
            "delay" => delay = Some(words.span()?.as_millis() / 1000),
            other => return Err(format!("a group has no `{other}`")),
        }
    }
    Ok((name, interval, delay))
}

/// The second word is a definition when it looks like one: `update web web:2 count 3`.
fn update(words: &mut Words<'_>) -> Result<Verb, String> {
    let name = words.text("a service")?;
    let mut definition = None;
    if words.0.clone().next().is_some_and(|word| word.contains(':')) {
        definition = Some(words.text("a definition")?);
    }
    Ok(Verb::Update { name, definition, options: words.rest(service_option)? })
}

fn fail(words: &mut Words<'_>) -> Result<Verb, String> {
    let task = words.text("a task")?;
    let (container, exit) = match words.next("`exit`")? {
        "exit" => (None, "exit"),
        name => (Some(name.to_owned()), words.next("`exit`")?),
    };
    if exit != "exit" {
        return Err(format!("`exit` is missing before `{exit}`"));
    }
    Ok(Verb::Fail { task, container, code: words.number("exit code")? })
}

fn answer(words: &mut Words<'_>) -> Result<Answer, String> {
    Ok(match words.next("an answer")? {
        "nothing" => Answer::Nothing,
        "refused" => Answer::Refused,
        code => Answer::Status(code.parse().map_err(|_| format!("`{code}` is no answer"))?),
    })
}

fn manner(words: &mut Words<'_>) -> Result<Manner, String> {
    Ok(match words.next("what it does")? {
        "behaves" => Manner::Behaves,
        "pulls-in" => Manner::PullsIn(words.span()?),
        "cannot-be-pulled" => Manner::CannotBePulled,
        "starts-in" => Manner::StartsIn(words.span()?),
        "cannot-start" => Manner::CannotStart,
        "exits" => {
            let code = words.number("exit code")?;
            match words.next("`after`")? {
                "after" => Manner::Exits(code, words.span()?),
                other => return Err(format!("`after` is missing before `{other}`")),
            }
        }
        "ignores-signals" => Manner::IgnoresSignals,
        "stops-in" => Manner::StopsIn(words.span()?),
        "listens-after" => Manner::ListensAfter(words.span()?),
        "never-listens" => Manner::NeverListens,
        "healthy-after" => Manner::HealthyAfter(words.span()?),
        "never-healthy" => Manner::NeverHealthy,
        other => return Err(format!("a container can't do `{other}`")),
    })
}

// === Options ===

fn container_option(word: &str, words: &mut Words<'_>) -> Result<ContainerOption, String> {
    Ok(match word {
        "nonessential" => ContainerOption::NonEssential,
        "health" => {
            let (interval, retries) = pair(words.next("interval*retries")?, '*')?;
            let retries = retries.parse().map_err(|_| format!("`{retries}` is no number"))?;
            ContainerOption::Health(span(interval)?, retries)
        }
        "start-period" => ContainerOption::StartPeriod(words.span()?),
        "after" => ContainerOption::After(words.text("a container")?, words.text("a condition")?),
        "start-timeout" => ContainerOption::StartTimeout(words.span()?),
        "stop-timeout" => ContainerOption::StopTimeout(words.span()?),
        "secret" => {
            let (name, from) = pair(words.next("NAME=from")?, '=')?;
            ContainerOption::Secret(name.to_owned(), from.to_owned())
        }
        "logs" => ContainerOption::Logs { group: words.text("a group")?, create: Create::No },
        "new-logs" => ContainerOption::Logs { group: words.text("a group")?, create: Create::Yes },
        "restart" => ContainerOption::Restart(words.span()?),
        "ignored-exit" => ContainerOption::IgnoredExit(words.number("exit code")?),
        other => return Err(format!("a container has no `{other}`")),
    })
}

fn service_option(word: &str, words: &mut Words<'_>) -> Result<ServiceOption, String> {
    Ok(match word {
        "count" => ServiceOption::Count(words.number("count")?),
        "percent" => {
            let (minimum, maximum) = pair(words.next("minimum/maximum")?, '/')?;
            let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
            ServiceOption::Percent(number(minimum)?, number(maximum)?)
        }
        "grace" => ServiceOption::Grace(words.span()?),
        "group" => ServiceOption::Group(words.text("a group")?),
        "breaker" => ServiceOption::Breaker(words.number("count")?),
        "breaker-percent" => ServiceOption::BreakerPercent(words.number("percentage")?),
        "breaker-unbounded" => ServiceOption::BreakerUnbounded(words.number("percentage")?),
        "cumulative" => ServiceOption::Cumulative,
        "rollback" => ServiceOption::Rollback,
        "bake" => ServiceOption::Bake(minutes(words)?),
        "strategy" => {
            let items = words.next("a strategy")?.split(',').map(|item| {
                let (provider, weight) = pair(item, '=')?;
                let weight = weight.parse().map_err(|_| format!("`{weight}` is no weight"))?;
                Ok((provider.to_owned(), weight))
            });
            ServiceOption::Strategy(items.collect::<Result<_, String>>()?)
        }
        "force" => ServiceOption::Force,
        "alarms" => {
            let names = words.next("alarms")?.split(',').map(str::to_owned);
            ServiceOption::Alarms(names.collect())
        }
        other => return deployment_option(other, words),
    })
}

fn deployment_option(word: &str, words: &mut Words<'_>) -> Result<ServiceOption, String> {
    Ok(match word {
        "pair" => ServiceOption::Pair(words.text("a pair")?),
        "rolling" => ServiceOption::Deploys(Strategy::Rolling),
        "blue-green" => ServiceOption::Deploys(Strategy::BlueGreen),
        "linear" => {
            let step = share(words.next("a share")?)?;
            ServiceOption::Deploys(Strategy::Linear { step, bake_minutes: minutes(words)? })
        }
        "canary" => {
            let first = share(words.next("a share")?)?;
            ServiceOption::Deploys(Strategy::Canary { first, bake_minutes: minutes(words)? })
        }
        "pause" => {
            let stage = words.next("a stage")?;
            let found = Stage::ALL.into_iter().find(|held| held.as_str() == stage);
            let found = found.ok_or_else(|| format!("`{stage}` is no stage"))?;
            let action = |words: &mut Words<'_>| match words.next("what happens then")? {
                "CONTINUE" => Ok(HookAction::Continue),
                "ROLLBACK" => Ok(HookAction::Rollback),
                other => Err(format!("a pause can't end in `{other}`")),
            };
            ServiceOption::Pause(found, minutes(words)?, action(words)?)
        }
        other => return Err(format!("a service has no `{other}`")),
    })
}

fn minutes(words: &mut Words<'_>) -> Result<u32, String> {
    let minutes = words.span()?.as_millis() / 60_000;
    Ok(u32::try_from(minutes).unwrap_or(u32::MAX))
}

/// `12.5%`.
fn share(word: &str) -> Result<TrafficShare, String> {
    let percent = word.strip_suffix('%').and_then(|number| number.parse().ok());
    percent.and_then(TrafficShare::from_percent).ok_or_else(|| format!("`{word}` is no share"))
}

fn pair(word: &str, between: char) -> Result<(&str, &str), String> {
    word.split_once(between).ok_or_else(|| format!("`{between}` is missing in `{word}`"))
}

/// `90s`, `250ms`, `5m`, `2h`.
fn span(word: &str) -> Result<Span, String> {
    let digits = word.trim_end_matches(char::is_alphabetic);
    let number: u64 = digits.parse().map_err(|_| format!("`{word}` is no time"))?;
    match &word[digits.len()..] {
        "ms" => Ok(Span::millis(number)),
        "s" => Ok(Span::seconds(number)),
        "m" => Ok(Span::minutes(number)),
        "h" => Ok(Span::minutes(60 * number)),
        unit => Err(format!("`{unit}` is no unit of time")),
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for ScriptError {}
