//! `scale`: how many tasks there are, by load and by the clock.

use crate::cx::Cx;
use crate::kind::{Format, formatted, list, part, record, seconds, whole};
use crate::{Code, Diagnostic};
use model::Span;

/// The most tasks of a service (reference §8.2).
pub(crate) const MOST_TASKS: u32 = 5000;

/// When a scheduled action runs (reference §5.4).
static WHEN: Format = Format::new(
    "a schedule",
    "be `cron(...)` with six fields, `rate(...)` or `at(...)`",
    r"^(at\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\)|rate\([1-9][0-9]* (minute|hour|day)s?\)|cron\([^\s()]+( [^\s()]+){5}\))$",
    256,
    "cron(0 7 ? * MON-FRI *)",
);

/// An IANA time zone.
static TIMEZONE: Format = Format::new(
    "a time zone",
    "be a name out of the IANA list",
    r"^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*$",
    64,
    "Europe/Zurich",
);

part! {
    /// How many tasks there are. Each target keeps its metric near the number given; with several,
    /// the one that asks for most tasks wins.
    pub struct Scale as ScaleRead, check check_bounds {
        /// The least tasks.
        min: u32 = whole::<u32>(0, MOST_TASKS),
            [default "1", because
                "the cheapest that still answers; two survive the loss of a zone"];
        /// The most tasks. It bounds the bill and the connections to the database, so there is no
        /// default.
        max: u32 = whole::<u32>(1, MOST_TASKS), [required];
        /// Average CPU of the tasks, in percent of what they have.
        cpu: Option<u32> = whole::<u32>(1, 100),
            [optional "70 if no other target and no schedule is given"],
            elsewhere ["cpu_percentage"];
        /// Average memory of the tasks, in percent of what they have.
        memory: Option<u32> = whole::<u32>(1, 100),
            [optional "memory moves nothing"], elsewhere ["memory_percentage"];
        /// Requests per task and minute.
        requests: Option<u32> = whole::<u32>(1, 10_000_000),
            [optional "requests move nothing"];
        /// Bounds that change by the clock.
        schedule: Vec<Schedule> = list(record::<Schedule>(), 0, 200),
            [default "[]", because "load moves the count, not the clock"];
        /// How long scaling rests after it has acted.
        cooldowns: Cooldowns = record::<Cooldowns>(),
            [default "{}", because "see there"], elsewhere ["cooldown"];
    }
}

part! {
    /// New bounds at a time.
    pub struct Schedule as ScheduleRead, check check_schedule {
        /// When: `cron(minute hour day month weekday year)`, `rate(5 minutes)` or
        /// `at(2026-12-24T18:00:00)`.
        when: String = formatted(&WHEN), [required], elsewhere ["at", "cron"];
        /// The time zone of `when`.
        timezone: String = formatted(&TIMEZONE),
            [default "UTC", because "AWS's default, and it has no summer time"];
        /// The least tasks from then on.
        min: Option<u32> = whole::<u32>(0, MOST_TASKS),
            [optional "as before"];
        /// The most tasks from then on.
        max: Option<u32> = whole::<u32>(0, MOST_TASKS),
            [optional "as before"];
    }
}

part! {
    /// How long scaling rests after it has acted.
    pub struct Cooldowns as CooldownsRead {
        /// After adding tasks.
        scale_out as "out": Span = seconds(0, 86_400),
            [default "60s", because
                "new tasks show in the metrics after a minute; AWS's 300s is late for a rush"];
        /// After removing tasks.
        scale_in as "in": Span = seconds(0, 86_400),
            [default "300s", because "AWS's default; removing in haste costs more than it saves"];
    }
}

// === impl Scale ===

impl Scale {
    /// The CPU target in percent: the one given, or 70 when nothing else would ever scale.
    #[must_use]
    pub fn cpu_target(&self) -> Option<u32> {
        let others = self.memory.is_some() || self.requests.is_some() || !self.schedule.is_empty();
        self.cpu.or((!others).then_some(70))
    }
}

fn check_bounds(scale: &ScaleRead, cx: &mut Cx<'_>) {
    check_order(scale.min, scale.max, cx);
}

fn check_schedule(schedule: &ScheduleRead, cx: &mut Cx<'_>) {
    let (Some(min), Some(max)) = (schedule.min, schedule.max) else { return };
    if min.is_none() && max.is_none() {
        let message = "the schedule changes nothing: it has neither `min` nor `max`";
        cx.report(Diagnostic::new(Code::MissingKey, cx.here(), message));
    }
    check_order(min, max, cx);
}

fn check_order(min: Option<u32>, max: Option<u32>, cx: &mut Cx<'_>) {
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let field = if cx.given("min") { "min" } else { "max" };
        let message = format!("`min` is {min} and `max` {max}");
        let mistake = Diagnostic::new(Code::MinimumAboveMaximum, cx.place(field), message);
        cx.report(mistake.hint("`min` is at most `max`"));
    }
}
