//! A smoke test that can't fail.

use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::text::{self, Line};

pub(super) const RULE: Rule = Rule {
    id: "idle-smoke-test",
    severity: Severity::Warning,
    title: "A smoke test passes whatever the application answers.",
    why: "curl takes 404 and 503 for success unless it is told otherwise: the step that was to verify the \
          deployment is green while the application answers errors.",
    fix: "`curl --fail`, with retries that count errors too: `--retry 5 --retry-all-errors`.",
    limits: "",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let lines = text::all(tree.snapshot, &tree.workflows);
    lines.iter().filter_map(judge).collect()
}

/// A line that is one curl of a health address, whose answer nobody looks at.
fn judge(line: &Line) -> Option<Finding> {
    let command = line.text.trim_start_matches("run:").trim_start_matches("- ").trim();
    let is_looked_at = command.contains(['|', '$', '=', '>', ';', '&'])
        && !command.contains("http://$")
        && !command.contains("https://$")
        && !command.contains("\"$");
    let words = text::words(command);
    let asks_health = words.iter().any(|word| {
        let is_address = word.contains("://") || word.starts_with('$');
        is_address
            && ["/health", "/status", "/ready", "/live", "/ping"].iter().any(|it| word.contains(it))
    });
    let fails = words.iter().any(|word| {
        let is_short = word.starts_with('-') && !word.starts_with("--");
        word.starts_with("--fail")
            || is_short && word.contains('f')
            || word == "-w"
            || word == "--write-out"
    });
    if words.first().is_none_or(|word| word != "curl") || !asks_health || fails || is_looked_at {
        return None;
    }
    let at = line.place.start as usize;
    // The place begins at the line's first word.
    let edit = line.text.starts_with("curl ").then(|| Edit {
        file: line.place.file.clone(),
        start: at + "curl".len(),
        end: at + "curl".len(),
        text: " --fail".to_owned(),
    });
    let found = RULE.at(&line.place, "curl takes 404 and 503 for success: this can't fail");
    Some(found.help("`curl --fail --retry 5 --retry-all-errors …`").edit(edit))
}
