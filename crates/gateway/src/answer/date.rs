//! Dates as HTTP writes them.

use model::Timestamp;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Fri, 20 Nov 2026 08:18:58 GMT`.
pub(crate) fn http_date(now: Timestamp) -> String {
    let (year, month, day) = now.date();
    let seconds = now.seconds();
    // 1970 began on a Thursday, so the list of days does too.
    let weekday = usize::try_from(seconds.div_euclid(86_400).rem_euclid(7)).unwrap_or_default();
    let (hour, minute, second) = (
        seconds.div_euclid(3600).rem_euclid(24),
        seconds.div_euclid(60).rem_euclid(60),
        seconds.rem_euclid(60),
    );
    let month = MONTHS[usize::from(month).saturating_sub(1) % 12];
    let weekday = DAYS[weekday];
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
mod tests {
    use super::http_date;
    use model::Timestamp;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        for (seconds, expected) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_795_162_738, "Fri, 20 Nov 2026 08:18:58 GMT"),
        ] {
            assert_eq!(http_date(Timestamp::from_seconds(seconds)), expected);
        }
    }
}
