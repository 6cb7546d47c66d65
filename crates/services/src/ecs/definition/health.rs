//! A container's health check: `CMD` or `CMD-SHELL`, and four numbers (reference §1.6).

use crate::ecs::fault;
use api::Fault;
use api::ecs;
use model::Span;
use std::ops::RangeInclusive;
use world::definition::{HealthCheck, HealthCommand};

/// What holds where a number is not given.
pub(super) const INTERVAL: i32 = 30;
/// Seconds that a run may take.
pub(super) const TIMEOUT: i32 = 5;
/// Failures in a row that make a container unhealthy.
pub(super) const RETRIES: i32 = 3;

/// Parses a health check.
pub(super) fn parse(given: &ecs::HealthCheck, container: &str) -> Result<HealthCheck, Fault> {
    let number = |member, value: i32, range: RangeInclusive<i32>| match value {
        low if low < *range.start() => {
            Err(fault::definition::check_below(member, *range.start(), container))
        }
        high if high > *range.end() => {
            Err(fault::definition::check_above(member, *range.end(), container))
        }
        fits => Ok(fits.unsigned_abs()),
    };
    let seconds = |count: u32| Span::seconds(count.into());
    Ok(HealthCheck {
        command: command(&given.command, container)?,
        interval: seconds(number("interval", given.interval.unwrap_or(INTERVAL), 5..=300)?),
        timeout: seconds(number("timeout", given.timeout.unwrap_or(TIMEOUT), 2..=60)?),
        retries: number("retries", given.retries.unwrap_or(RETRIES), 1..=10)?,
        start_period: seconds(number("startPeriod", given.start_period.unwrap_or(0), 0..=300)?),
    })
}

/// Docker joins what follows `CMD-SHELL` with nothing: it takes the first word as the line.
fn command(words: &[String], container: &str) -> Result<HealthCommand, Fault> {
    match words {
        [kind, line, ..] if kind == "CMD-SHELL" => Ok(HealthCommand::Shell(line.clone())),
        [kind, program @ ..] if kind == "CMD" && !program.is_empty() => {
            Ok(HealthCommand::Exec(program.to_vec()))
        }
        _ => Err(fault::definition::check_command(container)),
    }
}
