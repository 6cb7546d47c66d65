//! An entry as a line: 34 fields with blanks between them.

use super::Entry;
use crate::http1::{Conduct, Oddity};
use model::Timestamp;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

impl Entry {
    /// The line of a request that is over.
    pub(super) fn line(&self, now: SystemTime) -> String {
        let (target, group) = match &self.target {
            Some((id, group)) => (id.to_string(), &**group),
            None => ("-".to_owned(), "-"),
        };
        let target_status = word(self.answered.map(|(_, status)| status));
        let (cipher, protocol) =
            self.agreed.map_or(("-", "-"), |agreed| (agreed.cipher, agreed.version));
        let (domain, certificate) = match &self.shown {
            Some(shown) => (shown.domain.as_deref().unwrap_or("-"), shown.certificate.as_str()),
            None => ("-", "-"),
        };
        let (class, reason) = class(self.conduct);
        let fields = [
            self.kind.to_owned(),
            time(now),
            self.balancer.to_string(),
            self.client.to_string(),
            target.clone(),
            self.times().join(" "),
            word(self.status),
            target_status.clone(),
            self.traffic.received.to_string(),
            self.traffic.sent.to_string(),
            quoted(&self.request),
            quoted(&self.user_agent),
            cipher.to_owned(),
            protocol.to_owned(),
            group.to_owned(),
            quoted(&self.trace),
            quoted(domain),
            quoted(certificate),
            word(self.priority),
            time(self.created),
            quoted(self.action),
            quoted(self.redirect.as_deref().unwrap_or("-")),
            quoted("-"),
            quoted(&target),
            quoted(&target_status),
            quoted(class),
            quoted(reason),
            format!("TID_{:032x}", self.connection),
            // What transforms of rules would have made of it; rules have none here.
            [quoted("-"), quoted("-"), quoted("-")].join(" "),
            self.client.ip().to_string(),
        ];
        fields.join(" ")
    }

    /// How long it took: until the request was on its way, until the target answered, until the
    /// client was. -1 stands for what did not happen.
    fn times(&self) -> [String; 3] {
        let none = || "-1".to_owned();
        let Some(sent) = self.sent else { return [none(), none(), none()] };
        let way = seconds(sent.saturating_duration_since(self.arrived));
        match self.answered {
            // The head of an answer goes on in the moment in which it comes.
            Some((at, _)) => {
                [way, seconds(at.saturating_duration_since(sent)), seconds(Duration::ZERO)]
            }
            None => [way, none(), none()],
        }
    }
}

fn seconds(span: Duration) -> String {
    format!("{:.3}", span.as_secs_f64())
}

fn word<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// In quotation marks; what could end the line or the marks is written as its code.
fn quoted(text: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | 0..=0x1f | 0x7f.. => format!("\\x{byte:02X}"),
        byte => char::from(byte).to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// `2026-11-20T08:18:58.123456Z`.
fn time(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    let ((year, month, day), second) = (at.date(), at.of_day() / 1000);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let micros = since.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

/// AWS's class of a request's conduct, and its reason.
fn class(conduct: Conduct) -> (&'static str, &'static str) {
    let name = |oddity| match oddity {
        Oddity::BothTeClPresent => "BothTeClPresent",
        Oddity::DuplicateContentLength => "DuplicateContentLength",
        Oddity::GetHeadZeroContentLength => "GetHeadZeroContentLength",
        Oddity::SuspiciousHeader => "SuspiciousHeader",
        Oddity::UndefinedContentLengthSemantics => "UndefinedContentLengthSemantics",
        Oddity::UndefinedTransferEncodingSemantics => "UndefinedTransferEncodingSemantics",
        Oddity::NonCompliantHeader => "NonCompliantHeader",
    };
    match conduct {
        Conduct::Fine => ("-", "-"),
        Conduct::Acceptable(oddity) => ("Acceptable", name(oddity)),
        Conduct::Ambiguous(oddity) => ("Ambiguous", name(oddity)),
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, time};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn nothing_ends_a_line_or_its_quotation_marks() {
        assert_eq!(quoted("a b/1.0 (c)"), "\"a b/1.0 (c)\"");
        assert_eq!(quoted("a\"b\\c\nd\u{e4}"), r#""a\x22b\x5Cc\x0Ad\xC3\xA4""#);
    }

    #[test]
    fn times_have_microseconds() {
        let at = UNIX_EPOCH + Duration::from_micros(1_795_162_738_000_042);
        assert_eq!(time(at), "2026-11-20T08:18:58.000042Z");
    }
}
