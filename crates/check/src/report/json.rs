//! Findings as JSON, for programs.

use crate::finding::{Finding, Severity};
use serde_json::{Value, json as value};
use source::Place;

/// The findings with their number by severity.
#[must_use]
pub fn json(found: &[Finding]) -> Value {
    let count = |severity: Severity| found.iter().filter(|it| it.severity == severity).count();
    value!({
        "findings": found.iter().map(one).collect::<Vec<_>>(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notes": count(Severity::Note),
    })
}

fn one(finding: &Finding) -> Value {
    let related = finding.related.iter();
    let related = related.map(|it| value!({ "place": place(&it.place), "label": it.label }));
    let edit = finding.edit.as_ref();
    value!({
        "rule": finding.rule,
        "severity": finding.severity.word(),
        "message": finding.message,
        "place": place(&finding.place),
        "label": finding.label,
        "related": related.collect::<Vec<_>>(),
        "evidence": finding.evidence,
        "help": finding.help,
        "fix": edit.map(|it| value!({
            "file": it.file, "start": it.start, "end": it.end, "text": it.text,
        })),
        "service": finding.service,
        "environments": finding.environments,
    })
}

fn place(place: &Place) -> Value {
    value!({
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "start": place.start,
        "end": place.end,
    })
}
