//! `docs/check.md`: every rule in words. `UPDATE=1` writes it anew.

#![expect(clippy::disallowed_methods, reason = "the page is a file; only the test reads it")]

use std::path::Path;

#[test]
fn the_page_of_the_rules_is_what_they_say_themselves() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/check.md");
    let page = check::page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/check.md is not what the rules say: UPDATE=1 writes it anew");
}

#[test]
fn a_rule_is_explained_and_a_slip_finds_its_name() {
    assert!(check::explain(check::rule("health-path").unwrap()).contains("404"));
    assert_eq!(check::rule("helth-path").unwrap_err(), "did you mean `health-path`?");
    let names: std::collections::BTreeSet<_> = check::RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), check::RULES.len(), "no name is given twice");
}
