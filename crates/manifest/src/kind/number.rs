//! Numbers and truth values.

use super::{Kind, Shape};
use crate::cx::Cx;
use crate::yaml::{Node, is_truth};
use crate::{Code, Diagnostic};
use serde_json::json;
use std::fmt::Display;
use std::marker::PhantomData;

/// A whole number from `least` to `most`, which the type has to hold.
pub(crate) fn whole<N: TryFrom<u32>>(least: u32, most: u32) -> impl Kind<Value = N> {
    Whole { least, most, number: PhantomData }
}

/// A number from `least` to `most` with at most one digit after the point, which is how fine AWS
/// takes shares of the traffic.
pub(crate) fn decimal(least: f64, most: f64) -> impl Kind<Value = f64> {
    Decimal { least, most }
}

/// `true` or `false`.
pub(crate) fn flag() -> impl Kind<Value = bool> {
    Flag
}

// === impl Whole ===

struct Whole<N> {
    least: u32,
    most: u32,
    number: PhantomData<N>,
}

impl<N: TryFrom<u32>> Kind for Whole<N> {
    type Value = N;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<N> {
        const EXPECTED: &str = "a whole number";
        let text = cx.text(node, EXPECTED)?;
        let number = text.text.parse::<f64>().ok().filter(|number| number.fract() == 0.0);
        let Some(number) = number.filter(|_| text.is_bare()) else {
            return not_a_number(node, EXPECTED, number, cx);
        };
        match to_u32(number).filter(|number| (self.least..=self.most).contains(number)) {
            Some(number) => N::try_from(number).ok(),
            None => out_of_range(node, self.least, self.most, cx),
        }
    }

    fn shape(&self) -> Shape {
        let (least, most) = (self.least, self.most);
        let schema = json!({"type": "integer", "minimum": least, "maximum": most});
        Shape::scalar(format!("a whole number from {least} to {most}"), schema)
    }
}

// === impl Decimal ===

struct Decimal {
    least: f64,
    most: f64,
}

impl Kind for Decimal {
    type Value = f64;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<f64> {
        const EXPECTED: &str = "a number with at most one digit after the point";
        let text = cx.text(node, EXPECTED)?;
        let digits = text.text.split_once('.').map_or("", |(_, digits)| digits);
        let number = text.text.parse::<f64>().ok().filter(|number| number.is_finite());
        let Some(number) = number.filter(|_| text.is_bare() && digits.len() <= 1) else {
            return not_a_number(node, EXPECTED, None, cx);
        };
        if number < self.least || number > self.most {
            return out_of_range(node, self.least, self.most, cx);
        }
        Some(number)
    }

    fn shape(&self) -> Shape {
        let (least, most) = (self.least, self.most);
        let schema = json!({"type": "number", "minimum": least, "maximum": most});
        Shape::scalar(format!("a number from {least} to {most}, in steps of 0.1"), schema)
    }
}

/// A number as a `u32`, if it is exactly one.
pub(super) fn to_u32(number: f64) -> Option<u32> {
    // A cast from float saturates: what does not fit becomes a neighbour that is not equal to it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "compared below")]
    let whole = number as u32;
    (f64::from(whole) == number).then_some(whole)
}

/// Reports a scalar that is no number of the expected form; perhaps it is one in quotes.
fn not_a_number<T>(node: &Node, expected: &str, quoted: Option<f64>, cx: &mut Cx<'_>) -> Option<T> {
    let message = format!("{} is {expected}, not {}", cx.name(), cx.quote(node.span));
    let label = format!("not {expected}");
    let hint = quoted.map(|number| format!("leave the quotes out: `{number}`"));
    cx.report(Diagnostic::new(Code::WrongType, node.span, message).label(label).maybe_hint(hint));
    None
}

/// Reports a number outside its limits.
fn out_of_range<T>(
    node: &Node,
    least: impl Display,
    most: impl Display,
    cx: &mut Cx<'_>,
) -> Option<T> {
    let message =
        format!("{} is {}: it goes from {least} to {most}", cx.name(), cx.quote(node.span));
    cx.report(Diagnostic::new(Code::OutOfRange, node.span, message));
    None
}

// === impl Flag ===

struct Flag;

impl Kind for Flag {
    type Value = bool;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<bool> {
        const EXPECTED: &str = "`true` or `false`";
        let text = cx.text(node, EXPECTED)?;
        if text.is_bare() && is_truth(&text.text) {
            return Some(text.text.eq_ignore_ascii_case("true"));
        }
        let message = format!("{} is {EXPECTED}, not {}", cx.name(), cx.quote(node.span));
        let hint = match text.text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" | "1" => Some("write `true`".to_owned()),
            "no" | "off" | "false" | "0" => Some("write `false`".to_owned()),
            _ => None,
        };
        cx.report(Diagnostic::new(Code::WrongType, node.span, message).maybe_hint(hint));
        None
    }

    fn shape(&self) -> Shape {
        Shape::scalar("`true` or `false`", json!({"type": "boolean"}))
    }
}
