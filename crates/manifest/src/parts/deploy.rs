//! `deploy`: how a new version takes the place of the old one (reference §3).

use crate::cx::Cx;
use crate::kind::{
    Choice, Format, command, decimal, flag, formatted, list, minutes, one_of, part, record,
    seconds, whole,
};
use crate::{Code, Command, Diagnostic};
use model::Span;

/// A CloudWatch alarm's name.
static ALARM: Format = Format::new(
    "the name of an alarm",
    "have no spaces at its ends",
    r"^\S(.*\S)?$",
    255,
    "shop-prod-errors",
);

static STRATEGIES: [Choice<Strategy>; 4] = [
    Choice::new("rolling", Strategy::Rolling, "new tasks replace old ones a few at a time"),
    Choice::new(
        "blue_green",
        Strategy::BlueGreen,
        "all requests move at once to a second set of tasks",
    ),
    Choice::new("linear", Strategy::Linear, "requests move in equal steps"),
    Choice::new(
        "canary",
        Strategy::Canary,
        "a small share of the requests moves first, then the rest",
    ),
];

static BREAKERS: [Choice<Breaker>; 3] = [
    Choice::new(
        "rollback",
        Breaker::Rollback,
        "the deployment fails and the old version comes back",
    ),
    Choice::new("stop", Breaker::Stop, "the deployment fails and stays where it is"),
    Choice::new("none", Breaker::None, "tasks are started for ever"),
];

part! {
    /// How a new version takes the place of the old one.
    pub struct Deploy as DeployRead, short "strategy", check check_fit {
        /// How requests move to the new version.
        strategy: Strategy = one_of(&STRATEGIES),
            [default "rolling", because "needs no second set of tasks and loses no request"];
        /// The least healthy tasks while a deployment runs, in percent of the count, rounded up.
        min: u32 = whole::<u32>(0, 100),
            [default "100", because "capacity never drops while a version rolls out"],
            elsewhere ["minimum_healthy_percent", "minimumHealthyPercent"];
        /// The most tasks while a deployment runs, in percent of the count, rounded down.
        max: u32 = whole::<u32>(100, 200),
            [default "200", because "the new version can start beside the old one"],
            elsewhere ["maximum_percent", "maximumPercent"];
        /// What happens when the new version's tasks keep failing.
        breaker: Breaker = one_of(&BREAKERS),
            [default "rollback", because "AWS's default starts a broken version again and again"],
            elsewhere ["circuit_breaker"];
        /// Alarms that fail the deployment when they go off, by name.
        alarms: Vec<String> = list(formatted(&ALARM), 0, 100),
            [default "[]", because "an alarm has to exist first"], elsewhere ["rollback_alarms"];
        /// For `strategy: canary`.
        canary: Canary = record::<Canary>(),
            [default "{}", because "see there"];
        /// For `strategy: linear`.
        linear: Linear = record::<Linear>(),
            [default "{}", because "see there"];
        /// How long old tasks stay beside the new ones after all requests have moved. Until then a
        /// rollback takes seconds. Rolling deployments use it to watch their alarms.
        bake: Option<Span> = minutes(0, 1440),
            [optional "5 minutes; none for `rolling` without `alarms`"],
            elsewhere ["bake_time"];
        /// Whether the deployment waits for `neargate promote` before requests move. Not for
        /// `rolling`, which has no such moment.
        approve: bool = flag(),
            [default "false", because "a deployment that nobody watches should end"];
    }
}

part! {
    /// A small share first, then the rest.
    pub struct Canary as CanaryRead {
        /// The first share, in percent of the requests.
        percent: f64 = decimal(0.1, 100.0),
            [default "5", because "AWS's default"];
        /// How long the first share is watched.
        bake: Span = minutes(0, 1440),
            [default "10m", because "AWS's default"];
    }
}

part! {
    /// Equal steps.
    pub struct Linear as LinearRead {
        /// A step, in percent of the requests.
        percent: f64 = decimal(3.0, 100.0),
            [default "10", because "AWS's default"];
        /// How long each step but the last is watched.
        bake: Span = minutes(0, 1440),
            [default "6m", because "AWS's default"];
    }
}

part! {
    /// A task that runs once before the new version takes requests: a migration.
    pub struct Before as BeforeRead, short "command" {
        /// What is run, in the new version's image with the service's variables and secrets. If it
        /// fails, the deployment stops and the old version stays.
        command: Command = command(), [required];
        /// How long it may take.
        timeout: Span = seconds(1, 86_400),
            [default "15m", because
                "most migrations take seconds, and one that hangs must not hang all"];
    }
}

/// How requests move to the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// New tasks replace old ones a few at a time.
    Rolling,
    /// All at once.
    BlueGreen,
    /// In equal steps.
    Linear,
    /// A small share first.
    Canary,
}

/// What happens when the new version's tasks keep failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// Fail, and bring the old version back.
    Rollback,
    /// Fail, and leave everything where it is.
    Stop,
    /// Go on for ever.
    None,
}

// === impl Deploy ===

impl Deploy {
    /// How long old tasks stay beside the new ones after all requests have moved.
    #[must_use]
    pub fn bake(&self) -> Span {
        self.bake.unwrap_or(match self.strategy {
            Strategy::Rolling if self.alarms.is_empty() => Span::ZERO,
            _ => Span::minutes(5),
        })
    }

    /// Whether a deployment of `count` tasks can neither stop an old task nor start a new one. With
    /// 1 task at 100/100, one has to stay and no second may start (reference §3.3).
    #[must_use]
    pub fn is_stuck_at(&self, count: u32) -> bool {
        is_stuck(self.min, self.max, count)
    }
}

/// The least healthy tasks, rounded up, leave none to stop, and the most, rounded down, none to
/// start.
pub(super) fn is_stuck(min: u32, max: u32, count: u32) -> bool {
    let (count, min, max) = (u64::from(count), u64::from(min), u64::from(max));
    count > 0 && (count * min).div_ceil(100) >= count && count * max / 100 <= count
}

/// Keys that belong to a strategy other than the one chosen.
fn check_fit(deploy: &DeployRead, cx: &mut Cx<'_>) {
    let Some(strategy) = deploy.strategy else { return };
    let rolling = strategy == Strategy::Rolling;
    let misfits = [
        ("canary", strategy != Strategy::Canary, "`strategy: canary`"),
        ("linear", strategy != Strategy::Linear, "`strategy: linear`"),
        ("approve", rolling && deploy.approve == Some(true), "every strategy but `rolling`"),
        ("min", !rolling && cx.given("min"), "`strategy: rolling`"),
        ("max", !rolling && cx.given("max"), "`strategy: rolling`"),
    ];
    for (key, misfit, home) in misfits {
        if misfit && cx.given(key) {
            let message = format!("`{key}` has no effect here: it belongs to {home}");
            cx.report(Diagnostic::new(Code::Excluded, cx.key_place(key), message));
        }
    }
}
