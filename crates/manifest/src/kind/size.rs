//! CPU, memory and images. Which pairs Fargate has is [`model::FargateSize`]'s to say.

use super::number::to_u32;
use super::{Kind, Shape};
use crate::cx::Cx;
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use serde_json::{Value as Json, json};

/// CPU units: `256`, `0.25` and `"1 vCPU"`. 1024 units are a vCPU.
pub(crate) fn cpu() -> impl Kind<Value = u32> {
    Amount {
        what: "an amount of CPU",
        hint: "such as `256` or `0.25`, both a quarter of a vCPU, or `1 vCPU`",
        most: 16_384,
        parse: parse_cpu,
        pattern: r"^[0-9]*\.?[0-9]+ ?([vV][cC][pP][uU])?$",
    }
}

/// MiB: `512`, `1GB`, `"1.5 GB"`. As with AWS, 1 GB is 1024 MiB.
pub(crate) fn memory() -> impl Kind<Value = u32> {
    Amount {
        what: "an amount of memory",
        hint: "such as `512`, which is MiB, `2GB` or `2 GB`",
        most: 122_880,
        parse: parse_memory,
        pattern: r"^[0-9]*\.?[0-9]+ ?([mMgG][iI]?[bB])?$",
    }
}

/// MB of an image: `154`, `154MB`, `1.2GB`. As with Docker, 1 GB is 1000 MB.
pub(crate) fn image_size() -> impl Kind<Value = u32> {
    Amount {
        what: "a size",
        hint: "such as `154`, which is MB, `154MB` or `1.2 GB`",
        most: 100_000,
        parse: parse_image_size,
        pattern: r"^[0-9]*\.?[0-9]+ ?([mMgG][bB])?$",
    }
}

/// A bare number up to this is vCPUs, a larger one CPU units: Fargate's largest size has 16 vCPUs,
/// and its smallest has 256 units.
const MOST_VCPUS: f64 = 16.0;

struct Amount {
    what: &'static str,
    hint: &'static str,
    most: u32,
    parse: fn(&str) -> Option<f64>,
    pattern: &'static str,
}

// === impl Amount ===

impl Kind for Amount {
    type Value = u32;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<u32> {
        let text = cx.text(node, self.what)?;
        let (name, shown) = (cx.name(), cx.quote(node.span));
        let Some(amount) = (self.parse)(&text.text) else {
            let message = format!("{name} is {}, not {shown}", self.what);
            cx.report(Diagnostic::new(Code::BadFormat, node.span, message).hint(self.hint));
            return None;
        };
        let units = to_u32(amount).filter(|units| (1..=self.most).contains(units));
        if units.is_none() {
            let message = format!("{name} is {shown}: {}", self.limits());
            cx.report(Diagnostic::new(Code::OutOfRange, node.span, message).hint(self.hint));
            return None;
        }
        units
    }

    fn shape(&self) -> Shape {
        let text: Json = json!({"type": "string", "pattern": self.pattern});
        let number = json!({"type": "number", "exclusiveMinimum": 0, "maximum": self.most});
        let schema = json!({"anyOf": [number, text]});
        Shape::scalar(format!("{}, {}", self.what, self.hint), schema)
    }
}

impl Amount {
    fn limits(&self) -> String {
        format!("it is a whole number of units from 1 to {}", self.most)
    }
}

/// CPU units of `256`, `0.25` or `1 vCPU`.
fn parse_cpu(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    if let Some(vcpus) = lower.strip_suffix("vcpu") {
        return positive(vcpus).map(|vcpus| vcpus * 1024.0);
    }
    positive(&lower).map(|number| if number <= MOST_VCPUS { number * 1024.0 } else { number })
}

/// MiB of `512`, `512MB` or `2 GB`.
fn parse_memory(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    for (suffix, factor) in [("gib", 1024.0), ("gb", 1024.0), ("mib", 1.0), ("mb", 1.0)] {
        if let Some(number) = lower.strip_suffix(suffix) {
            return positive(number).map(|number| number * factor);
        }
    }
    positive(&lower)
}

/// MB of `154`, `154MB` or `1.2 GB`.
fn parse_image_size(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    for (suffix, factor) in [("gb", 1000.0), ("mb", 1.0)] {
        if let Some(number) = lower.strip_suffix(suffix) {
            return positive(number).map(|number| number * factor);
        }
    }
    positive(&lower)
}

/// Digits with at most one point, and perhaps a space behind them.
fn positive(text: &str) -> Option<f64> {
    let digits = text.strip_suffix(' ').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_read_in_units_and_in_vcpus() {
        for (text, expected) in [
            ("256", Some(256.0)),
            ("0.25", Some(256.0)),
            (".25 vcpu", Some(256.0)),
            ("1 vCPU", Some(1024.0)),
            ("16", Some(16_384.0)),
            ("17", Some(17.0)),
            ("lots", None),
            ("", None),
            ("-1", None),
        ] {
            assert_eq!(parse_cpu(text), expected, "{text}");
        }
    }

    #[test]
    fn memory_is_read_in_mebibytes_and_gigabytes() {
        for (text, expected) in [
            ("512", Some(512.0)),
            ("512MB", Some(512.0)),
            ("1GB", Some(1024.0)),
            ("1 GB", Some(1024.0)),
            ("0.5 GiB", Some(512.0)),
            ("1TB", None),
            ("GB", None),
        ] {
            assert_eq!(parse_memory(text), expected, "{text}");
        }
    }

    #[test]
    fn images_are_counted_as_docker_counts_them() {
        for (text, expected) in [
            ("154", Some(154.0)),
            ("154MB", Some(154.0)),
            ("1.2 GB", Some(1200.0)),
            ("1GiB", None),
            ("MB", None),
        ] {
            assert_eq!(parse_image_size(text), expected, "{text}");
        }
    }
}
