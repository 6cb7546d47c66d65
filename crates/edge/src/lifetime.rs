//! How long an answer is kept.

use crate::sites::Lifetimes;
use http::header::{CACHE_CONTROL, DATE, EXPIRES};
use http::{HeaderMap, StatusCode};
use std::time::Duration;

/// Statuses of answers that are kept as the origin says.
const KEPT: [u16; 7] = [200, 203, 204, 300, 301, 302, 307];
/// Statuses of errors, which are kept for a while of their own.
const ERRORS: [u16; 11] = [400, 403, 404, 405, 410, 414, 500, 501, 502, 503, 504];
/// How long an error is kept where nobody says.
pub(crate) const ERROR: Duration = Duration::from_secs(10);

/// How long an answer is kept; not at all where that is nothing. `error` is what a page for this
/// status says.
pub(crate) fn of(
    status: StatusCode,
    headers: &HeaderMap,
    held: Lifetimes,
    error: Option<Duration>,
) -> Duration {
    if ERRORS.contains(&status.as_u16()) {
        // What is never kept is not kept when it fails.
        let never = held.most.is_zero();
        return if never { Duration::ZERO } else { error.unwrap_or(ERROR) };
    }
    if !KEPT.contains(&status.as_u16()) {
        return Duration::ZERO;
    }
    match said(headers) {
        Said::Never => held.least,
        Said::For(span) => span.clamp(held.least, held.most.max(held.least)),
        Said::Nothing => held.usual.clamp(held.least, held.most.max(held.least)),
    }
}

/// What an origin says of how long its answer is good.
enum Said {
    Nothing,
    Never,
    For(Duration),
}

fn said(headers: &HeaderMap) -> Said {
    let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives: Vec<String> = values
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().to_ascii_lowercase())
        .collect();
    let never = ["no-store", "no-cache", "private"];
    if directives.iter().any(|one| never.iter().any(|word| one.split('=').next() == Some(word))) {
        return Said::Never;
    }
    let seconds = |name: &str| {
        let mut found = directives.iter().filter_map(|one| one.strip_prefix(name));
        found.next().and_then(|rest| rest.strip_prefix('=')?.trim_matches('"').parse().ok())
    };
    if let Some(seconds) = seconds("s-maxage").or_else(|| seconds("max-age")) {
        return Said::For(Duration::from_secs(seconds));
    }
    expires(headers).map_or(Said::Nothing, Said::For)
}

/// How long `Expires` lies after `Date`. A date that is none is one that has passed.
fn expires(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let until = seconds(text(EXPIRES)?).unwrap_or(0);
    let from = text(DATE).and_then(seconds).unwrap_or_else(now);
    Some(Duration::from_secs(until.saturating_sub(from)))
}

fn now() -> u64 {
    let passed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    passed.map_or(0, |passed| passed.as_secs())
}

/// The seconds since 1970 of a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = text.split_once(", ")?.1.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts.as_slice() else { return None };
    let month = u64::try_from(MONTHS.iter().position(|name| name == month)?).ok()? + 1;
    let (day, year): (u64, u64) = (day.parse().ok()?, year.parse().ok()?);
    let clock: Vec<u64> = time.split(':').filter_map(|part| part.parse().ok()).collect();
    let [hours, minutes, seconds] = clock.as_slice() else { return None };
    // Days of the civil calendar, counted from March so that leap days come last.
    let (shifted, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = shifted * 365 + shifted / 4 - shifted / 100
        + shifted / 400
        + (from_march * 153 + 2) / 5
        + day;
    let days = days.checked_sub(719_469)?;
    Some(days * 86_400 + hours * 3600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn check(status: u16, headers: &[(HeaderName, &'static str)], expected: u64) {
        let given = headers.iter();
        let headers: HeaderMap =
            given.map(|(name, text)| (name.clone(), HeaderValue::from_static(text))).collect();
        let second = Duration::from_secs;
        let held = Lifetimes { least: second(1), usual: second(100), most: second(1000) };
        let found = of(StatusCode::from_u16(status).unwrap(), &headers, held, None);
        assert_eq!(found, second(expected), "{status} {headers:?}");
    }

    #[test]
    fn origins_say_it_within_the_policys_bounds() {
        check(200, &[], 100);
        check(200, &[(CACHE_CONTROL, "max-age=50")], 50);
        check(200, &[(CACHE_CONTROL, "max-age=50, s-maxage=60")], 60);
        check(200, &[(CACHE_CONTROL, "max-age=5000")], 1000);
        check(200, &[(CACHE_CONTROL, "max-age=0")], 1);
        check(200, &[(CACHE_CONTROL, "no-store")], 1);
        check(206, &[], 0);
        check(404, &[(CACHE_CONTROL, "max-age=500")], 10);
    }

    #[test]
    fn expires_counts_from_the_answers_date() {
        let date = (DATE, "Sun, 06 Nov 1994 08:49:37 GMT");
        check(200, &[date.clone(), (EXPIRES, "Sun, 06 Nov 1994 08:50:37 GMT")], 60);
        check(200, &[date, (EXPIRES, "0")], 1);
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
    }
}
