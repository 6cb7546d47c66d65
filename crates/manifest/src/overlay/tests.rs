use super::*;
use crate::kind::Part as _;
use crate::parts::service::Service;
use crate::yaml::build;

/// The merged tree in one line.
fn show(node: &Node) -> String {
    let entry = |entry: &Entry| format!("{}: {}", entry.key, show(&entry.value));
    match &node.content {
        Content::Null => "~".to_owned(),
        Content::Broken => "?".to_owned(),
        Content::Scalar(scalar) => scalar.text.clone(),
        Content::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        Content::Mapping(entries) => {
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn check(base: &str, over: &str, expected: &str) {
    let tree = |text: &str| build(text).0.unwrap();
    let merged = merge(&tree(base), &tree(over), &Shape::Record(Service::record));
    assert_eq!(show(&merged), expected, "{base} with {over}");
}

#[test]
fn mappings_merge_key_by_key() {
    check(
        "{port: 1, env: {A: a, B: b}}",
        "{env: {B: c, C: d}}",
        "{port: 1, env: {A: a, B: c, C: d}}",
    );
    check("{}", "{port: 1}", "{port: 1}");
}

#[test]
fn lists_and_scalars_replace() {
    check("{routes: [/a, /b], port: 1}", "{routes: [/c], port: 2}", "{routes: [/c], port: 2}");
    check("{command: [a, b]}", "{command: c}", "{command: c}");
}

#[test]
fn a_key_with_an_empty_value_is_taken_away() {
    check("{port: 1, count: 2}", "{port: ~}", "{count: 2}");
    check("{env: {A: a, B: b}}", "{env: {A: }}", "{env: {B: b}}");
    check("{count: 2}", "{port: ~}", "{count: 2, port: ~}");
}

#[test]
fn a_short_form_counts_as_its_mapping() {
    check("{health: /up}", "{health: {grace: 2m}}", "{health: {path: /up, grace: 2m}}");
    check("{health: {path: /up, grace: 2m}}", "{health: /ok}", "{health: {path: /ok, grace: 2m}}");
    check(
        "{before: [a, b]}",
        "{before: {timeout: 5m}}",
        "{before: {command: [a, b], timeout: 5m}}",
    );
}

#[test]
fn what_is_no_mapping_replaces_whatever_was_there() {
    check("{env: {A: a}}", "{env: [x]}", "{env: [x]}");
    check("{env: [x]}", "{env: {A: a}}", "{env: {A: a}}");
}
