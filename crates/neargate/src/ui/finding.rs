//! A finding as lines, and as JSON: what is wrong, what speaks for it, what to do.
//!
//! Pure: from what was found to text.

use console::Style;
use plan::Finding;
use plan::diagnosis::Severity;
use serde_json::{Value, json};

/// How many lines of a log are shown to people; programs get all that were kept.
const LOG_LINES: usize = 12;

/// A finding as lines, for the stream that the style is for.
pub(crate) fn lines(service: &str, finding: &Finding, style: Style) -> Vec<String> {
    let mut lines = vec![head(service, finding, style)];
    lines.extend(tasks(finding).map(|text| format!("    {text}")));
    lines.extend(finding.evidence.iter().map(|fact| format!("    {fact}")));
    lines.extend(finding.log.iter().take(LOG_LINES).map(|line| format!("    │ {line}")));
    if let Some(more) = finding.log.len().checked_sub(LOG_LINES).filter(|more| *more > 0) {
        lines.push(format!("    │ … {more} more: neargate logs {service}"));
    }
    lines.extend(finding.todo.iter().map(|what| format!("    → {what}")));
    lines
}

/// A finding as one line: its title, and the name of its cause.
pub(crate) fn title(finding: &Finding) -> String {
    format!("{} ({})", finding.title, finding.cause.code())
}

/// A finding as JSON.
pub(crate) fn as_json(finding: &Finding) -> Value {
    json!({
        "cause": finding.cause.code(),
        "meaning": finding.cause.meaning(),
        "severity": severity(finding),
        "title": finding.title,
        "evidence": finding.evidence,
        "log": finding.log,
        "todo": finding.todo,
        "tasks": finding.tasks,
        "at": finding.at.map(|at| at.to_string()),
    })
}

fn head(service: &str, finding: &Finding, style: Style) -> String {
    let mark = match finding.severity {
        Severity::Failure => style.red().apply_to("✗"),
        Severity::Warning => style.yellow().apply_to("!"),
    };
    format!("{mark} {service}: {}", title(finding))
}

/// Which tasks it is about; the newest is named as other commands name it.
fn tasks(finding: &Finding) -> Option<String> {
    let newest: String = finding.tasks.first()?.chars().take(8).collect();
    let at = finding.at.map(|at| format!(", {at}")).unwrap_or_default();
    Some(match finding.tasks.len() - 1 {
        0 => format!("task {newest}{at}"),
        1 => format!("task {newest}{at}, and another one"),
        others => format!("task {newest}{at}, and {others} others"),
    })
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Failure => "failure",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::diagnosis::Cause;

    #[test]
    fn a_finding_is_a_compact_block() {
        let finding = Finding {
            cause: Cause::ModuleNotFound,
            severity: Severity::Failure,
            title: "module not found: express".to_owned(),
            evidence: vec!["container api: exit code 1".to_owned()],
            log: (0..14).map(|number| format!("line {number}")).collect(),
            todo: vec!["install it".to_owned()],
            tasks: vec!["0123456789abcdef".to_owned(), "f".to_owned()],
            at: None,
        };
        let lines: Vec<String> = lines("api", &finding, Style::new())
            .iter()
            .map(|line| console::strip_ansi_codes(line).into_owned())
            .collect();
        assert_eq!(lines[0], "✗ api: module not found: express (module-not-found)");
        assert_eq!(lines[1], "    task 01234567, and another one");
        assert_eq!(lines[2], "    container api: exit code 1");
        assert_eq!(lines[3], "    │ line 0");
        assert_eq!(lines[15], "    │ … 2 more: neargate logs api");
        assert_eq!(lines[16], "    → install it");
        assert_eq!(lines.len(), 17);
    }
}
