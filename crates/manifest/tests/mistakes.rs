//! Manifests with mistakes, and what is said of them.
//!
//! Each `mistakes/*.yml` has beside it an `.out` with one line a diagnostic:
//! `line:column+length code message | hint`. A first line `# resolve: environment NAME=value ...`
//! resolves the manifest too. `UPDATE=1 cargo test -p manifest` writes the `.out` files anew; read
//! the difference before you keep it.

use manifest::{Code, Diagnostic, not_yet, parse, resolve};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mistakes");

#[test]
fn every_mistake_is_said_at_its_place() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = said(&read(&case));
        let kept = case.with_extension("out");
        if updating() {
            write(&kept, &found);
        } else if !kept.exists() || read(&kept) != found {
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "these differ from their .out (UPDATE=1 keeps them):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_code_has_a_case() {
    let all: String = cases().iter().map(|case| read(&case.with_extension("out"))).collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.id())
        .filter(|id| !all.contains(&format!(" {id} ")))
        .collect();
    assert!(missing.is_empty(), "no case under tests/mistakes shows {missing:?}");
}

#[test]
fn every_case_has_a_mistake_and_no_secret_is_said() {
    for case in cases() {
        let said = read(&case.with_extension("out"));
        assert!(!said.trim().is_empty(), "{}", case.display());
        assert!(!said.contains("hunter2"), "{}", case.display());
    }
}

/// What is said of a manifest, one line a diagnostic and related place.
fn said(source: &str) -> String {
    let (manifest, mut diagnostics) = parse(source);
    let asked = source.lines().next().and_then(|line| line.strip_prefix("# resolve: "));
    if let (Some(manifest), Some(asked)) = (manifest, asked) {
        let mut words = asked.split_whitespace();
        let environment = words.next().unwrap_or_default();
        let pairs = words.filter_map(|word| word.split_once('='));
        let variables: BTreeMap<String, String> =
            pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (resolved, more) = resolve(&manifest, environment, &variables);
        diagnostics.extend(more);
        diagnostics.extend(resolved.iter().flat_map(not_yet));
    }
    diagnostics.iter().map(line).collect()
}

fn line(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, span, message, hint, related, conceal, .. } = diagnostic;
    let hint = hint.as_ref().map(|hint| format!(" | {hint}")).unwrap_or_default();
    let hint = if *conceal { hint + " (concealed)" } else { hint };
    let place = format!("{}:{}+{}", span.line, span.column, span.len());
    let mut text = format!("{place} {code} {message}{hint}\n");
    for other in related {
        let place = format!("{}:{}+{}", other.span.line, other.span.column, other.span.len());
        let _ = writeln!(text, "    {place} {}", other.label);
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "a test reads its cases")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a case and its .out can be read")
}

#[expect(clippy::disallowed_methods, reason = "a test keeps what it is told to keep")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("an .out can be written");
}

#[expect(clippy::disallowed_methods, reason = "a person says whether to keep the new output")]
fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FOLDER).expect("the folder of cases is there");
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .collect();
    cases.sort();
    cases
}
