//! Points in time and spans between them, in milliseconds.
//!
//! Milliseconds are what AWS itself shows (ECS answers carry three decimals, Logs whole
//! milliseconds), and they keep arithmetic exact in scripts and tests.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time in milliseconds, never negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(u64);

// === impl Timestamp ===

impl Timestamp {
    /// The instant `millis` after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant `seconds` after the epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long ago `earlier` was; zero when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0).try_into().unwrap_or(0))
    }

    /// Year, month and day in UTC (the proleptic Gregorian calendar).
    #[must_use]
    pub fn date(self) -> (i64, u8, u8) {
        civil(self.seconds().div_euclid(86_400))
    }

    /// Milliseconds since midnight UTC.
    #[must_use]
    pub fn of_day(self) -> u32 {
        u32::try_from(self.0.rem_euclid(86_400_000)).unwrap_or(0)
    }
}

/// Days since the epoch to year, month, day. The algorithm counts in eras of 400 years that begin
/// on 1 March, so that the leap day is the last of its year.
fn civil(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

/// RFC 3339 in UTC with milliseconds, as AWS's XML answers write it: `2026-11-20T07:31:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let of_day = self.of_day();
        let (hours, minutes) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (seconds, millis) = (of_day / 1000 % 60, of_day % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add_unsigned(span.0))
    }
}

impl AddAssign<Span> for Timestamp {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub_unsigned(span.0))
    }
}

// === impl Span ===

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// A span of whole minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// The span in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The span in seconds, fraction included.
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        Duration::from_millis(self.0).as_secs_f64()
    }

    /// The span shortened by `divisor`, rounded up to a whole millisecond so that a wait never
    /// becomes no wait at all. A divisor that is not above zero leaves the span as it is.
    #[must_use]
    pub fn divided_by(self, divisor: f64) -> Self {
        if divisor.is_nan() || divisor <= 0.0 {
            return self;
        }
        let seconds = self.as_seconds() / divisor;
        let nanos = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).as_nanos();
        Self(u64::try_from(nanos.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Self::from_millis(span.0)
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

/// As a person says it: `250ms`, `1.5s`, `4m 10s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, rest) = (self.0 / 60_000, self.0 % 60_000);
        match (minutes, rest) {
            (0, rest) if rest < 1000 => write!(f, "{rest}ms"),
            (0, rest) if rest % 1000 == 0 => write!(f, "{}s", rest / 1000),
            (0, rest) => write!(f, "{}.{}s", rest / 1000, rest % 1000 / 100),
            (minutes, rest) if rest < 1000 => write!(f, "{minutes}m"),
            (minutes, rest) => write!(f, "{minutes}m {}s", rest / 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_date(seconds: i64, expected: &str) {
        assert_eq!(Timestamp::from_seconds(seconds).to_string(), expected);
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        check_date(0, "1970-01-01T00:00:00.000Z");
        check_date(-1, "1969-12-31T23:59:59.000Z");
        check_date(951_782_400, "2000-02-29T00:00:00.000Z");
        check_date(1_795_159_860, "2026-11-20T07:31:00.000Z");
        check_date(4_107_542_399, "2100-02-28T23:59:59.000Z");
        check_date(4_107_542_400, "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn a_divided_wait_is_never_no_wait() {
        assert_eq!(Span::seconds(10).divided_by(20.0), Span::millis(500));
        assert_eq!(Span::millis(1).divided_by(1000.0), Span::millis(1));
        assert_eq!(Span::ZERO.divided_by(20.0), Span::ZERO);
        assert_eq!(Span::seconds(10).divided_by(0.0), Span::seconds(10));
    }

    #[test]
    fn since_is_zero_for_the_future() {
        let (early, late) = (Timestamp::from_millis(5), Timestamp::from_millis(9));
        assert_eq!(late.since(early), Span::millis(4));
        assert_eq!(early.since(late), Span::ZERO);
    }

    #[test]
    fn spans_read_as_people_say_them() {
        for (span, text) in [
            (Span::millis(250), "250ms"),
            (Span::seconds(2), "2s"),
            (Span::millis(1500), "1.5s"),
            (Span::seconds(250), "4m 10s"),
            (Span::minutes(5), "5m"),
        ] {
            assert_eq!(span.to_string(), text);
        }
    }
}
