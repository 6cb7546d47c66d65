//! Sizes, names and markers of files.

use super::source::{self, Source};
use crate::codegen::MARKER;
use std::path::Path;

/// The longest a file may be before its tests (ARCHITECTURE.md's rooms stay readable in one go).
const LONGEST: usize = 600;
/// Names that say nothing of what is inside.
const EMPTY_WORDS: [&str; 6] = ["common", "util", "utils", "helper", "manager", "misc"];

/// Faults of single files.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for file in source::all(root)? {
        let path = &file.path;
        if file.is_generated() != file.text.starts_with(MARKER) {
            faults.push(format!(
                "{path}: generated code, and only that, lies in `generated` and says so"
            ));
        }
        if file.is_generated() {
            continue;
        }
        let lines = file.lines().count();
        if lines > LONGEST && !file.is_test() {
            faults.push(format!("{path}: {lines} lines before its tests; the limit is {LONGEST}"));
        }
        if EMPTY_WORDS.iter().any(|word| path.split(['/', '.']).any(|part| part == *word)) {
            faults.push(format!("{path}: a name that says nothing"));
        }
        if !file.text.starts_with("//!") && !file.is_test() {
            faults.push(format!("{path}: does not open with what it is for (`//!`)"));
        }
        faults.extend(lints(&file));
    }
    Ok(faults)
}

/// Lints are lifted by `expect`, which fails when it is no longer needed.
fn lints(file: &Source) -> Vec<String> {
    let lifted = file.lines().filter(|(_, line)| line.trim_start().starts_with("#[allow("));
    let fault = |(at, _)| format!("{}:{at}: `#[allow]`; use `#[expect(…, reason = …)]`", file.path);
    lifted.map(fault).collect()
}
