//! `logs`: where output goes and how long it stays.

use crate::cx::Cx;
use crate::kind::{Format, Kind, Shape, formatted, parsed, part};
use crate::nearest::listed;
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use serde_json::json;

/// The retention periods of CloudWatch Logs, in days (reference §6.3).
const DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// A log group's name (reference §6.3).
static GROUP: Format = Format::new(
    "a log group's name",
    "be made of letters, digits and `_-/.#`",
    r"^[A-Za-z0-9_/.#-]+$",
    512,
    "/shop/api",
);

part! {
    /// What happens to the output of the service's containers.
    pub struct Logs as LogsRead, short "retention" {
        /// How long lines are kept: days, or `forever`.
        retention: Retention = retention(),
            [default "30d", because
                "it reaches into last month; AWS's default keeps and bills for ever"],
            elsewhere ["retention_days", "retentionInDays"];
        /// The log group.
        group: String = parsed(formatted(&GROUP), parse_group),
            [default "/${app}/${env}/${service}", because
                "each environment has its own, and they sort together"], elsewhere ["log_group"];
    }
}

/// How long a log group keeps its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// This many days, a number that CloudWatch Logs offers.
    Days(u32),
    /// Until somebody deletes the group.
    Forever,
}

fn parse_group(name: &str) -> Result<String, String> {
    if name.starts_with("aws/") {
        return Err("begins with `aws/`, which AWS keeps for itself".to_owned());
    }
    Ok(name.to_owned())
}

/// A retention period.
fn retention() -> impl Kind<Value = Retention> {
    RetentionKind
}

struct RetentionKind;

impl Kind for RetentionKind {
    type Value = Retention;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Retention> {
        let text = cx.text(node, "a number of days, or `forever`")?.text;
        if text == "forever" {
            return Some(Retention::Forever);
        }
        let number = text.strip_suffix('d').unwrap_or(&text);
        let days = number.parse().ok();
        if let Some(days) = days.filter(|days| DAYS.contains(days)) {
            return Some(Retention::Days(days));
        }
        let message = format!(
            "`retention` can't be {}: CloudWatch Logs keeps lines for fixed periods",
            cx.quote(node.span)
        );
        let mistake = Diagnostic::new(Code::UnknownWord, node.span, message).hint(near(days));
        cx.report(mistake);
        None
    }

    fn shape(&self) -> Shape {
        let words: Vec<String> = DAYS.iter().map(|days| format!("{days}d")).collect();
        let schema = json!({"anyOf": [
            {"enum": DAYS},
            {"enum": words},
            {"const": "forever"},
        ]});
        Shape::scalar(format!("{}, or `forever`", words.join(" ")), schema)
    }
}

/// The periods next to a number of days, or the usual ones.
fn near(days: Option<u32>) -> String {
    let Some(days) = days else {
        return "such as `7d`, `30d`, `90d`, `365d` or `forever`".to_owned();
    };
    let below = DAYS.iter().rev().find(|known| **known < days);
    let above = DAYS.iter().find(|known| **known > days);
    let nearest: Vec<String> =
        below.into_iter().chain(above).map(|days| format!("`{days}d`")).collect();
    format!("the nearest are {}", listed(&nearest))
}
