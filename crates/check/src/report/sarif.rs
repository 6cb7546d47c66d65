//! Findings as SARIF 2.1.0, which GitHub and editors show.

use crate::finding::{Edit, Finding, Severity};
use crate::rules::RULES;
use serde_json::{Value, json};
use source::Place;

/// A log of one run. Paths count from the folder that was checked.
#[must_use]
pub fn sarif(found: &[Finding], version: &str) -> Value {
    let rules = RULES.iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.title },
            "fullDescription": { "text": rule.why },
            "help": { "text": rule.fix },
            "defaultConfiguration": { "level": rule.severity.word() },
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "neargate",
                "version": version,
                "rules": rules.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let index = RULES.iter().position(|rule| rule.id == finding.rule);
    let level = match finding.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let lines = [&finding.message].into_iter().chain(&finding.evidence).chain(&finding.help);
    let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut out = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": text },
        "locations": [location(&finding.place, None)],
    });
    if let Some(index) = index {
        out["ruleIndex"] = index.into();
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|it| location(&it.place, Some(&it.label)));
        out["relatedLocations"] = related.collect();
    }
    if let Some(edit) = &finding.edit {
        out["fixes"] = json!([fix(edit)]);
    }
    out
}

fn location(place: &Place, label: Option<&str>) -> Value {
    let mut out = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.file), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": place.line.max(1),
                "startColumn": place.column.max(1),
                "byteOffset": place.start,
                "byteLength": place.end.saturating_sub(place.start),
            },
        },
    });
    if let Some(label) = label {
        out["message"] = json!({ "text": label });
    }
    out
}

fn fix(edit: &Edit) -> Value {
    json!({
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&edit.file), "uriBaseId": "%SRCROOT%" },
            "replacements": [{
                "deletedRegion": {
                    "byteOffset": edit.start,
                    "byteLength": edit.end.saturating_sub(edit.start),
                },
                "insertedContent": { "text": edit.text },
            }],
        }],
    })
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let encode = |byte: u8| {
        if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(encode).collect()
}
