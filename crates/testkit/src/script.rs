//! Scripts: what a person does with a region, line by line, and what they would see.
//!
//! ```text
//! container web:1 app health 10s*3     a definition, container by container
//! group web delay 30s                  a target group behind a load balancer
//! service web web:1 count 2 group web  CreateService
//! watch 60s                            time passes, and what happens is shown
//! update web web:2                     UpdateService
//! until web steady 5m                  time passes until the service is steady
//! fail web.1 exit 1                    a container of the first task of `web` exits
//! show
//! ```
//!
//! A line is a [`Verb`]; it can be parsed, shown and run. Everything else is in the files of this
//! module.

mod parse;
mod run;
mod set;
mod show;
mod wait;
mod write;

pub use parse::ScriptError;

use crate::Sim;
use crate::sim::Answer;
use model::{Pace, Span};
use world::AlarmState;
use world::service::deployment::StopType;
use world::service::{HookAction, Stage, Strategy};

/// A line of a script.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// `speed 20`: AWS-side waits are divided by it. Only as the first line.
    Speed(Pace),
    /// `container web:1 app …`: a container of a definition, which is made with its first one.
    Container(Box<ContainerLine>),
    /// `image web:1/app …`: what containers of an image do.
    Image {
        /// The image: definition and container.
        image: String,
        /// What they do.
        manner: Manner,
    },
    /// `group web …`: a target group that a listener leads to.
    Group {
        /// Its name.
        name: String,
        /// Between two checks.
        interval: Option<Span>,
        /// The deregistration delay in seconds.
        delay: Option<u64>,
    },
    /// `pair web …`: two target groups, `web` and `web-2`, the load balancer that leads to them, and
    /// the load balancer `web-test` for test requests.
    Pair {
        /// Its name.
        name: String,
        /// Between two checks.
        interval: Option<Span>,
        /// The deregistration delay in seconds.
        delay: Option<u64>,
    },
    /// `alarm errors ALARM looks-back 3m`: an alarm and its state.
    Alarm {
        /// Its name.
        name: String,
        /// Its state.
        state: AlarmState,
        /// How long its metric is looked back on.
        looks_back: Option<Span>,
    },
    /// `parameter /db value`.
    Parameter(String, String),
    /// `secret db value`.
    Secret(String, String),
    /// `log-group /web`.
    LogGroup(String),
    /// `service web web:1 …`: `CreateService`.
    Service {
        /// Its name.
        name: String,
        /// What it runs.
        definition: String,
        /// Everything else.
        options: Vec<ServiceOption>,
    },
    /// `update web …`: `UpdateService`.
    Update {
        /// The service.
        name: String,
        /// What it is to run, when that changes.
        definition: Option<String>,
        /// What else changes.
        options: Vec<ServiceOption>,
    },
    /// `stop-deployment web`, with `abort`: `StopServiceDeployment`.
    StopDeployment(String, StopType),
    /// `continue web`, with `rollback`: `ContinueServiceDeployment` wherever it waits.
    Continue(String, HookAction),
    /// `delete web`: `DeleteService` with force.
    Delete(String),
    /// `run job:1`: `RunTask`.
    Run(String),
    /// `stop web.1`: `StopTask`.
    Stop(String),
    /// `deregister web.1`: `DeregisterTargets` by somebody else than the service.
    Deregister(String),
    /// `unlisten web`: `DeleteListener`, so that nothing leads to a group.
    Unlisten(String),
    /// `listen web`: `CreateListener`, so that a group gets traffic again.
    Listen(String),
    /// `ungroup web`: `DeleteTargetGroup` with its listener.
    Ungroup(String),
    /// `fail web.1 exit 1`: a container exits by itself.
    Fail {
        /// The task.
        task: String,
        /// The container, `app` when not said.
        container: Option<String>,
        /// The exit code.
        code: i32,
    },
    /// `starve web.1`: the container `app` of a task is killed for the memory that it takes.
    Starve(String),
    /// `answer web.1 503`, `nothing`, `refused`: what requests to a task come to.
    Answer {
        /// The task.
        task: String,
        /// What they come to.
        answer: Answer,
    },
    /// `health web.1 1`: what the health checks of a task's containers exit with.
    Health {
        /// The task.
        task: String,
        /// The exit code.
        code: i32,
    },
    /// `tick 30s`: time passes.
    Tick(Span),
    /// `watch 30s`: time passes, and what happens is shown.
    Watch(Span),
    /// `until web steady 5m`: time passes until a service or a task is as said.
    Until {
        /// Who.
        who: String,
        /// `steady`, `INACTIVE`, a task's phase, `gone`.
        state: String,
        /// How long that may take.
        limit: Span,
    },
    /// `crash 5s`: the region is killed and comes back after a while.
    Crash(Span),
    /// `interrupt 5s`: the region is killed as soon as an action is under way, and comes back after a
    /// while; nothing happens when none is within two minutes.
    Interrupt(Span),
    /// `subnets full`, `subnets free`: whether new tasks find an address.
    Subnets(Room),
    /// `wait web services-stable`: the waiter of AWS's clients, and when it ends.
    Wait(String, Waiter),
    /// `show`: services, deployments, tasks, and what is waited for.
    Show,
    /// `deployments web`: the service's deployments as `DescribeServiceDeployments` shows them.
    Deployments(String),
    /// `rollouts web`: `deployments[]` of `DescribeServices`, with states, reasons and dates.
    Rollouts(String),
    /// `times web.1`: when a task came to what AWS shows a date for.
    Times(String),
    /// `events web`: the service's events since they were last shown.
    Events(String),
}

/// A container of a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerLine {
    /// The definition: family and revision.
    pub definition: String,
    /// The container.
    pub name: String,
    /// What else is said of it.
    pub options: Vec<ContainerOption>,
}

/// What is said of a container.
#[derive(Debug, Clone, PartialEq)]
pub enum ContainerOption {
    /// `nonessential`.
    NonEssential,
    /// `health 10s*3`: a health check's interval and retries.
    Health(Span, u32),
    /// `start-period 30s` of the health check.
    StartPeriod(Span),
    /// `after db HEALTHY`: a dependency.
    After(String, String),
    /// `start-timeout 20s`.
    StartTimeout(Span),
    /// `stop-timeout 5s`.
    StopTimeout(Span),
    /// `secret DB=/shop/db`.
    Secret(String, String),
    /// `logs /web`, or `new-logs /web`, whose group is made when it is missing.
    Logs {
        /// The group.
        group: String,
        /// Whether it is made when it is missing.
        create: Create,
    },
    /// `restart 60s`: restarts in place after having run that long.
    Restart(Span),
    /// `ignored-exit 3`: does not restart after this exit code.
    IgnoredExit(i32),
}

/// Whether a log group is made when it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether new tasks find an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// They find none.
    Full,
    /// They do.
    Free,
}

/// A waiter of AWS's clients (reference §3.15): it looks every 15 s of the client's own time, 40
/// times at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiter {
    /// `services-stable`.
    Stable,
    /// `services-inactive`.
    Inactive,
}

/// What containers of an image do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    /// `behaves`: as well as can be.
    Behaves,
    /// `pulls-in 20s`.
    PullsIn(Span),
    /// `cannot-be-pulled`.
    CannotBePulled,
    /// `starts-in 3s`.
    StartsIn(Span),
    /// `cannot-start`.
    CannotStart,
    /// `exits 1 after 3s`.
    Exits(i32, Span),
    /// `ignores-signals`.
    IgnoresSignals,
    /// `stops-in 5s`.
    StopsIn(Span),
    /// `listens-after 20s`.
    ListensAfter(Span),
    /// `never-listens`.
    NeverListens,
    /// `healthy-after 20s`: its own health check passes.
    HealthyAfter(Span),
    /// `never-healthy`.
    NeverHealthy,
}

/// What is said of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceOption {
    /// `count 2`.
    Count(u32),
    /// `percent 50/100`: minimum and maximum.
    Percent(u32, u32),
    /// `grace 30s`.
    Grace(Span),
    /// `group web`: port 80 of the container `app` is registered there; `group web,inner` in both.
    Group(String),
    /// `breaker`, with the count of failures that trips it.
    Breaker(u32),
    /// `breaker-percent`, with the share of the desired count, bounded to 3 to 200.
    BreakerPercent(u32),
    /// `breaker-unbounded`, with the share of the desired count, whatever it comes to.
    BreakerUnbounded(u32),
    /// `cumulative`, for the breaker: healthy tasks do not set its count to zero.
    Cumulative,
    /// `rollback`, for the breaker.
    Rollback,
    /// `bake 2m`: between success and `COMPLETED`, in minutes.
    Bake(u32),
    /// `pair web`: port 80 of the container `app` is registered in one of its two groups.
    Pair(String),
    /// `blue-green`, `linear 10% 6m`, `canary 5% 10m`, `rolling`.
    Deploys(Strategy),
    /// `pause POST_SCALE_UP 30m`, with `CONTINUE` or `ROLLBACK` for when nobody comes.
    Pause(Stage, u32, HookAction),
    /// `alarms errors,latency`: they fail deployments, which go back.
    Alarms(Vec<String>),
    /// `strategy FARGATE=1,FARGATE_SPOT=3`: providers and weights.
    Strategy(Vec<(String, u32)>),
    /// `force`: a new deployment although nothing has changed.
    Force,
}

/// Runs a script in a region of its own; answers each line with what it shows.
///
/// # Errors
/// The first line that is none, or that can't be run.
pub fn play(text: &str) -> Result<String, ScriptError> {
    let verbs = parse::script(text)?;
    let mut stage = run::Stage::new(&verbs);
    let mut out = String::new();
    for (line, verb) in &verbs {
        out.push_str(&format!("> {verb}\n"));
        let shown = stage.run(verb).map_err(|why| ScriptError { line: *line, why })?;
        out.push_str(&shown);
    }
    Ok(out)
}

/// Runs lines without showing anything; answers the region. Lines that name a task or a service that
/// is not there are skipped.
///
/// # Panics
/// When a law is broken.
#[must_use]
pub fn endure(verbs: &[Verb]) -> Sim {
    let numbered: Vec<(usize, Verb)> = verbs.iter().cloned().enumerate().collect();
    let mut stage = run::Stage::new(&numbered);
    for verb in verbs {
        drop(stage.run(verb));
    }
    stage.sim
}
