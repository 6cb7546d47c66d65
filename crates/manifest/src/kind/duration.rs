//! Lengths of time: `30s`, `5m`, `1m30s`, `500ms`, or plain seconds.

use super::{Kind, Shape};
use crate::cx::Cx;
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use model::Span;
use serde_json::json;

/// A length of time that AWS counts in whole seconds, with the least and most seconds.
pub(crate) fn seconds(least: u32, most: u32) -> impl Kind<Value = Span> {
    Duration { grain: Grain::Second, least, most }
}

/// A length of time that AWS counts in whole minutes, with the least and most minutes.
pub(crate) fn minutes(least: u32, most: u32) -> impl Kind<Value = Span> {
    Duration { grain: Grain::Minute, least, most }
}

/// A number with a unit, several of them, or a number alone.
const PATTERN: &str = r"^([0-9]+(\.[0-9]+)?|([0-9]+(\.[0-9]+)? ?(ms|s|m|h|d) ?)+)$";

/// What AWS counts in.
#[derive(Clone, Copy)]
enum Grain {
    Second,
    Minute,
}

struct Duration {
    grain: Grain,
    /// In grains.
    least: u32,
    most: u32,
}

// === impl Grain ===

impl Grain {
    fn millis(self) -> u64 {
        match self {
            Self::Second => 1000,
            Self::Minute => 60_000,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
        }
    }
}

// === impl Duration ===

impl Duration {
    fn least(&self) -> Span {
        Span::millis(u64::from(self.least) * self.grain.millis())
    }

    fn most(&self) -> Span {
        Span::millis(u64::from(self.most) * self.grain.millis())
    }

    fn range(&self) -> String {
        format!("from {} to {}", say(self.least()), say(self.most()))
    }

    /// What is wrong with a length of time, after a colon.
    fn complaint(&self, span: Span) -> Option<String> {
        if span < self.least() || span > self.most() {
            return Some(format!("it goes {}", self.range()));
        }
        let whole = span.as_millis().is_multiple_of(self.grain.millis());
        (!whole).then(|| format!("it is counted in whole {}", self.grain.name()))
    }
}

impl Kind for Duration {
    type Value = Span;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Span> {
        const EXPECTED: &str = "a length of time";
        let text = cx.text(node, EXPECTED)?;
        let (name, shown) = (cx.name(), cx.quote(node.span));
        let Some(span) = parse(&text.text) else {
            let message = format!("{name} is {EXPECTED}, not {shown}");
            let hint = "such as `30s`, `5m`, `1m30s`, `500ms`, or seconds without a unit";
            cx.report(Diagnostic::new(Code::BadFormat, node.span, message).hint(hint));
            return None;
        };
        if let Some(why) = self.complaint(span) {
            let message = format!("{name} is {shown}: {why}");
            cx.report(Diagnostic::new(Code::OutOfRange, node.span, message));
            return None;
        }
        Some(span)
    }

    fn shape(&self) -> Shape {
        let bound = |span: Span| span.as_millis() / 1000;
        let (least, most) = (bound(self.least()), bound(self.most()));
        let schema = json!({"anyOf": [
            {"type": "number", "minimum": least, "maximum": most},
            {"type": "string", "pattern": PATTERN},
        ]});
        Shape::scalar(format!("a length of time {}", self.range()), schema)
    }
}

/// Milliseconds of `1m30s` and the like; a number alone is seconds.
fn parse(text: &str) -> Option<Span> {
    if let Some(seconds) = number(text) {
        return millis(seconds, 1000.0);
    }
    let (mut rest, mut sum) = (text.trim(), Span::ZERO);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount = number(&rest[..end])?;
        let after = rest[end..].trim_start();
        let unit_end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let factor = match &after[..unit_end] {
            "ms" => 1.0,
            "s" => 1000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            "d" => 86_400_000.0,
            _ => return None,
        };
        sum = sum + millis(amount, factor)?;
        rest = after[unit_end..].trim_start();
    }
    Some(sum)
}

/// Digits with at most one point between them.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let framed = text.starts_with('.') || text.ends_with('.');
    if plain && !framed { text.parse().ok() } else { None }
}

fn millis(amount: f64, factor: f64) -> Option<Span> {
    std::time::Duration::try_from_secs_f64(amount * factor / 1000.0).ok().map(Span::from)
}

/// A limit as a person writes it: `0s`, `90s`, `5m`, `1h`, `7d`.
pub(crate) fn say(span: Span) -> String {
    let seconds = span.as_millis() / 1000;
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let whole =
        units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_they_are_said() {
        for (text, expected) in [
            ("30", Some(Span::seconds(30))),
            ("0.5", Some(Span::millis(500))),
            ("30s", Some(Span::seconds(30))),
            ("1m30s", Some(Span::seconds(90))),
            ("1m 30s", Some(Span::seconds(90))),
            ("500ms", Some(Span::millis(500))),
            ("1.5h", Some(Span::minutes(90))),
            ("1d", Some(Span::minutes(1440))),
            ("", None),
            ("s", None),
            ("-5s", None),
            ("5 x", None),
            ("1.2.3s", None),
            (".5s", None),
            ("1m30", None),
            ("99999999999999999999999d", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
