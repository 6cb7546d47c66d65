//! The text forms of points in time that AWS's protocols use.

use model::Timestamp;

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The instant that a number of seconds since the epoch means, to the millisecond.
pub(crate) fn from_epoch_seconds(seconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "beyond the range, the nearest is meant")]
    Timestamp::from_millis((seconds * 1000.0).round() as i64)
}

/// Reads ISO 8601 as AWS writes and accepts it: `2026-11-20T07:31:00Z`, with a fraction of a second
/// or an offset such as `+01:00` if need be.
pub(crate) fn parse_iso8601(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let days =
        days(number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?)?;
    let (clock, offset) = split_offset(time)?;
    let mut parts = clock.splitn(3, ':');
    let (hours, minutes, seconds) =
        (number(parts.next()?, 2)?, number(parts.next()?, 2)?, parts.next()?);
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let of_day = of_day(hours, minutes, number(seconds, 2)?)?;
    let millis = (days * 86_400 + of_day - offset * 60) * 1000 + millis(fraction)?;
    Some(Timestamp::from_millis(millis))
}

/// Reads ISO 8601's basic format, which signatures use: `20261120T073100Z`.
pub(crate) fn parse_basic(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || time.len() != 6 {
        return None;
    }
    let part = |text: &str, from: usize, to: usize| number(text.get(from..to)?, to - from);
    let days = days(part(date, 0, 4)?, part(date, 4, 6)?, part(date, 6, 8)?)?;
    let of_day = of_day(part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?)?;
    Some(Timestamp::from_seconds(days * 86_400 + of_day))
}

/// Writes a time as HTTP's headers have it: `Sun, 06 Nov 1994 08:49:37 GMT`, without fractions.
pub(crate) fn to_http(at: Timestamp) -> String {
    let (year, month, day) = at.date();
    let days = at.millis().div_euclid(86_400_000);
    // The epoch was a Thursday.
    let weekday = usize::try_from((days + 4).rem_euclid(7)).unwrap_or_default();
    let month = usize::from(month);
    let of_day = at.of_day() / 1000;
    let (hours, minutes, seconds) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let (weekday, month) = (WEEKDAYS[weekday], MONTHS[month - 1]);
    format!("{weekday}, {day:02} {month} {year:04} {hours:02}:{minutes:02}:{seconds:02} GMT")
}

/// Reads a time as HTTP's headers have it; which day of the week it was is not looked at.
pub(crate) fn parse_http(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day = number(parts.next()?, 2)?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year = number(parts.next()?, 4)?;
    let mut clock = parts.next()?.split(':');
    let (hours, minutes) = (number(clock.next()?, 2)?, number(clock.next()?, 2)?);
    let of_day = of_day(hours, minutes, number(clock.next()?, 2)?)?;
    let days = days(year, i64::try_from(month).ok()? + 1, day)?;
    (parts.next() == Some("GMT")).then(|| Timestamp::from_seconds(days * 86_400 + of_day))
}

/// Writes ISO 8601's basic format, without fractions.
pub(crate) fn to_basic(at: Timestamp) -> String {
    let (year, month, day) = at.date();
    let of_day = at.of_day() / 1000;
    let (hours, minutes, seconds) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}{month:02}{day:02}T{hours:02}{minutes:02}{seconds:02}Z")
}

/// The clock's part and the offset from UTC in minutes.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at(at);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
    Some((clock, if offset.starts_with('-') { -minutes } else { minutes }))
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// A fraction of a second in milliseconds; what is finer is cut off.
fn millis(fraction: &str) -> Option<i64> {
    let plain = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let three: String = fraction.chars().chain("00".chars()).take(3).collect();
    if plain { three.parse().ok() } else { None }
}

/// Seconds since midnight. Second 60 is a leap second, which counts as the next minute's first.
fn of_day(hours: i64, minutes: i64, seconds: i64) -> Option<i64> {
    let valid = hours < 24 && minutes < 60 && seconds <= 60;
    valid.then_some(hours * 3600 + minutes * 60 + seconds)
}

/// Days since the epoch of a date that exists; the inverse of [`Timestamp::date`], by which it
/// is checked. As there, years begin in March, so that the leap day is the last of its year.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let year_from_march = if month > 2 { year } else { year - 1 };
    let month_from_march = (month + 9) % 12;
    let era = year_from_march.div_euclid(400);
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let (same_year, same_month, same_day) = Timestamp::from_seconds(days * 86_400).date();
    let exists = (same_year, i64::from(same_month), i64::from(same_day)) == (year, month, day);
    exists.then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_iso8601(text: &str, expected: Option<&str>) {
        let shown = parse_iso8601(text).map(|at| at.to_string());
        assert_eq!(shown.as_deref(), expected, "{text}");
    }

    #[test]
    fn iso8601_is_read_in_the_forms_that_clients_write() {
        check_iso8601("2026-11-20T07:31:00Z", Some("2026-11-20T07:31:00.000Z"));
        check_iso8601("2026-11-20T07:31:00.5Z", Some("2026-11-20T07:31:00.500Z"));
        check_iso8601("2026-11-20T07:31:00.123456Z", Some("2026-11-20T07:31:00.123Z"));
        check_iso8601("2026-11-20T08:31:00+01:00", Some("2026-11-20T07:31:00.000Z"));
        check_iso8601("2026-11-20T06:01:00-01:30", Some("2026-11-20T07:31:00.000Z"));
        check_iso8601("2000-02-29T23:59:60Z", Some("2000-03-01T00:00:00.000Z"));
        check_iso8601("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00.000Z"));
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in [
            "",
            "yesterday",
            "2026-11-20",
            "2026-11-20T07:31Z",
            "2026-02-30T07:31:00Z",
            "2026-13-01T07:31:00Z",
            "2026-00-01T07:31:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T07:31:00",
            "2026-11-20T07:31:00.Z",
            "+026-11-20T07:31:00Z",
            "2026-11-20T07:31:0éZ",
            "2026-11-20T07:3é:00Z",
        ] {
            check_iso8601(text, None);
        }
    }

    #[test]
    fn the_basic_format_goes_out_as_it_came_in() {
        for text in ["20150830T123600Z", "20240229T235959Z", "19700101T000000Z"] {
            assert_eq!(parse_basic(text).map(to_basic).as_deref(), Some(text));
        }
        for text in ["", "20150830", "20150830T1236Z", "20150231T123600Z", "2015-8-30T123600Z"] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_headers_go_out_as_they_came_in() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 20 Nov 2026 23:59:59 GMT",
            "Thu, 29 Feb 2024 12:00:00 GMT",
        ] {
            assert_eq!(parse_http(text).map(to_http).as_deref(), Some(text));
        }
        for text in
            ["", "06 Nov 1994", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37"]
        {
            assert_eq!(parse_http(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_since_the_epoch_are_rounded_to_the_millisecond() {
        assert_eq!(from_epoch_seconds(1_795_159_860.123_4).millis(), 1_795_159_860_123);
        assert_eq!(from_epoch_seconds(-0.000_6).millis(), -1);
        assert_eq!(from_epoch_seconds(f64::MAX).millis(), i64::MAX);
    }
}
