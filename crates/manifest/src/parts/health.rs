//! `health`: how the load balancer decides that a task can take requests.

use crate::cx::Cx;
use crate::kind::{Format, formatted, formatted_or_number, parsed, part, seconds, whole};
use crate::{Code, Diagnostic};
use model::Span;
use std::fmt;
use std::ops::RangeInclusive;

/// The path of a health check (reference §4.1).
static PATH: Format =
    Format::new("a path", "begin with `/` and have no spaces", r"^/[^\s#]*$", 1024, "/health");

/// The statuses that a target group can expect (reference §4.1: 200 to 499).
static CODES: Format = Format::new(
    "HTTP statuses",
    "be made of statuses and ranges from 200 to 499",
    r"^[234][0-9][0-9](-[234][0-9][0-9])?(,[234][0-9][0-9](-[234][0-9][0-9])?)*$",
    200,
    "200,204-299",
);

/// AWS takes 68 years; a task that has not come up within a day never will.
const LONGEST_GRACE: u32 = 86_400;

part! {
    /// How the load balancer decides that a task can take requests. A task that fails is replaced;
    /// a new one gets no requests before it passes.
    pub struct Health as HealthRead, short "path", check check_times {
        /// What the load balancer asks for. It has to answer without a login, and should fail when
        /// the task can't work.
        path: String = formatted(&PATH),
            [default "/", because
                "AWS's default; most services have something better, such as `/health`"];
        /// Time between two checks of a task.
        interval: Span = seconds(5, 300),
            [default "10s", because
                "AWS's 30s would leave a broken task in service for a minute and a half"];
        /// How long a check may take; shorter than `interval`.
        timeout: Span = seconds(2, 120),
            [default "5s", because
                "AWS's default; a health check that takes longer fails its users too"];
        /// Successes in a row that make a task healthy again. A new task needs only one.
        healthy: u32 = whole::<u32>(2, 10),
            [default "2", because
                "the least; AWS's 5 keeps a recovered task out of service for longer"];
        /// Failures in a row that make a task unhealthy.
        unhealthy: u32 = whole::<u32>(2, 10),
            [default "3", because "one slow moment is no failure, half a minute is"];
        /// How long a new task may fail before it counts against it. Longer than the slowest start.
        grace: Span = seconds(0, LONGEST_GRACE),
            [default "60s", because
                "with AWS's 0s, a service that starts slowly kills its own tasks for ever"],
            elsewhere ["grace_period", "health_check_grace_period"];
        /// The statuses that count as success: one, several, or ranges.
        codes: StatusCodes = parsed(formatted_or_number(&CODES, 200..=499), parse_codes),
            [default "200", because
                "AWS's default; a redirect to a login page is no sign of health"],
            elsewhere ["success_codes", "matcher"];
    }
}

/// The HTTP statuses that a health check takes for success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCodes {
    ranges: Vec<RangeInclusive<u16>>,
}

// === impl StatusCodes ===

impl StatusCodes {
    /// Whether a status is a success.
    #[must_use]
    pub fn contains(&self, status: u16) -> bool {
        self.ranges.iter().any(|range| range.contains(&status))
    }
}

/// As a target group's matcher takes it: `200,204-299`.
impl fmt::Display for StatusCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.ranges.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (first, last) = (range.start(), range.end());
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

fn parse_codes(text: &str) -> Result<StatusCodes, String> {
    let ranges = text.split(',').map(parse_range).collect::<Result<_, _>>()?;
    Ok(StatusCodes { ranges })
}

fn parse_range(text: &str) -> Result<RangeInclusive<u16>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    // The pattern has seen to three digits each.
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err(format!("has the range `{text}`, which ends before it begins")),
    }
}

fn check_times(health: &HealthRead, cx: &mut Cx<'_>) {
    if let (Some(timeout), Some(interval)) = (health.timeout, health.interval) {
        check_timeout(timeout, interval, cx);
    }
}

/// AWS refuses a check that may last as long as its interval (reference §4.1).
pub(super) fn check_timeout(timeout: Span, interval: Span, cx: &mut Cx<'_>) {
    if timeout < interval {
        return;
    }
    let field = if cx.given("timeout") { "timeout" } else { "interval" };
    let message = format!(
        "`timeout` is {timeout} and `interval` {interval}: a check must end before the next"
    );
    let mistake = Diagnostic::new(Code::TimeoutNotBelowInterval, cx.place(field), message);
    cx.report(mistake.hint("a timeout below the interval"));
}
