//! `docs/cloudformation.md` names every type that stacks can have.

#![expect(clippy::disallowed_methods, reason = "a test that holds a page against its source")]

use std::path::Path;

#[test]
fn the_page_names_every_type_and_no_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cloudformation.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let kinds: Vec<&str> = services::cloudformation::kinds().collect();
    for kind in &kinds {
        assert!(named.contains(kind), "docs/cloudformation.md does not name {kind}");
    }
    for name in &named {
        assert!(kinds.contains(name), "docs/cloudformation.md names {name}, which is not there");
    }
}
