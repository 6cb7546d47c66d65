use super::*;
use crate::{Code, has_errors, not_yet, parse, resolve};
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLE: &str = include_str!("../../../../docs/neargate.example.yml");

/// What the schema refuses of a manifest: the path and the reason of each mistake.
fn refusals(source: &str) -> Vec<String> {
    let (root, _) = yaml::build(source);
    let instance = root.as_ref().map_or(Json::Null, value);
    let validator = jsonschema::validator_for(&schema()).unwrap();
    validator
        .iter_errors(&instance)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn the_example_is_accepted_by_schema_and_parser_in_every_environment() {
    assert_eq!(refusals(EXAMPLE), Vec::<String>::new());
    let (manifest, diagnostics) = parse(EXAMPLE);
    assert_eq!(diagnostics, []);
    let manifest = manifest.unwrap();
    for environment in manifest.environments() {
        let (resolved, diagnostics) = resolve(&manifest, environment, &BTreeMap::new());
        assert_eq!(diagnostics, [], "{environment}");
        assert!(resolved.is_some(), "{environment}");
    }
}

#[test]
fn the_example_has_every_key() {
    let (root, _) = yaml::build(EXAMPLE);
    let (mut known, mut given) = (BTreeSet::new(), BTreeSet::new());
    let root_shape = Shape::Record(Root::record);
    note_known(&root_shape, &mut known);
    note_given(root.as_ref().unwrap(), &root_shape, &mut given);
    let missing: Vec<_> = known.difference(&given).collect();
    assert!(missing.is_empty(), "docs/neargate.example.yml does not show {missing:?}");
}

type Key = (&'static str, &'static str);

fn note_known(shape: &Shape, keys: &mut BTreeSet<Key>) {
    match shape {
        Shape::Value(_) => {}
        Shape::List { item: inner, .. } | Shape::Map { value: inner, .. } => {
            note_known(inner, keys);
        }
        Shape::Record(record) => {
            for field in &record().fields {
                keys.insert((record().name, field.name));
                note_known(&field.shape, keys);
            }
        }
    }
}

fn note_given(node: &Node, shape: &Shape, keys: &mut BTreeSet<Key>) {
    match shape {
        Shape::Value(_) => {}
        Shape::List { item, .. } => {
            if let Content::List(items) = &node.content {
                items.iter().for_each(|node| note_given(node, item, keys));
            }
        }
        Shape::Map { value, .. } => {
            node.entries().iter().for_each(|entry| note_given(&entry.value, value, keys));
        }
        Shape::Record(record) => {
            for entry in node.entries() {
                if let Some(field) = record().field(&entry.key) {
                    keys.insert((record().name, field.name));
                    note_given(&entry.value, &field.shape, keys);
                }
            }
        }
    }
}

#[test]
fn not_yet_names_only_keys_that_there_are() {
    let (manifest, _) = parse(EXAMPLE);
    let (resolved, _) = resolve(&manifest.unwrap(), "local", &BTreeMap::new());
    let warnings = not_yet(&resolved.unwrap());
    assert!(warnings.iter().all(|warning| warning.code == Code::NoEffectLocally));
    let named: BTreeSet<&str> =
        warnings.iter().filter_map(|warning| warning.message.split('`').nth(1)).collect();
    let expected = ["foundation", "scale", "static"];
    assert_eq!(named, BTreeSet::from(expected));
}

/// A service's line that parser and schema both refuse.
#[track_caller]
fn both_refuse(line: &str) {
    let source =
        format!("app: shop\nservices:\n  api:\n    image: nginx\n    port: 80\n    {line}\n");
    let fine = source.replace(line, "");
    assert_eq!(refusals(&fine), Vec::<String>::new());
    assert!(!has_errors(&parse(&fine).1));
    assert!(!refusals(&source).is_empty(), "the schema accepts `{line}`");
    assert!(has_errors(&parse(&source).1), "the parser accepts `{line}`");
}

#[test]
fn a_wrong_key_type_word_number_or_form_is_refused_by_both() {
    for line in [
        "prot: 80",
        "count: three",
        "count: \"3\"",
        "count: 1.5",
        "count: 6000",
        "routes: {paths: [/a]}",
        "routes: [a]",
        "routes: [/a, /b c]",
        "health: up",
        "health: {interval: 4}",
        "health: {interval: 4s 5}",
        "health: {codes: 500}",
        "health: {healthy: 1}",
        "health: [a]",
        "cpu: lots",
        "memory: -1",
        "env: [A=b]",
        "env: {A: [b]}",
        "env: {1A: b}",
        "secrets: {A: hunter2}",
        "deploy: rollin",
        "deploy: {breaker: true}",
        "deploy: {strategy: canary, canary: {percent: 101}}",
        "read_only: yes",
        "platform: windows",
        "logs: 31",
        "logs: {retention: 30 d}",
        "stop_timeout: soon",
        "drain: 3601",
        "command: []",
        "command: {a: b}",
        "scale: {max: 3, schedule: [{when: daily}]}",
        "ulimits: {nofile: many}",
        "sidecars: {Otel: otel}",
        "sidecars: {otel: {image: otel, wait_for: {api: ready}}}",
        "tags: {a: {b: c}}",
        "depends_on: db",
        "user: a b",
    ] {
        both_refuse(line);
    }
}

#[test]
fn every_form_of_a_value_is_accepted_by_both() {
    for line in [
        "count: ${COUNT:-3}",
        "count: \"${COUNT}\"",
        "count:",
        "routes: /a",
        "routes: [/a, {host: b.c}, {path: [/d, /e], host: [f.g]}]",
        "health: /up",
        "health: {interval: 5, timeout: 2s, codes: \"200,204-299\"}",
        "health: {interval: 1m 30s}",
        "cpu: 0.5",
        "cpu: 1 vCPU",
        "memory: 1 GB",
        "env: {A: 1.10, B: true, C: yes, D: \"${app}\"}",
        "secrets: {A: ssm:/x, B: \"secretsmanager:x:key\", C: \"${SECRET}\"}",
        "deploy: blue_green",
        "command: node server.js",
        "command: [node, server.js, 1, true]",
        "logs: 30",
        "logs: 30d",
        "logs: forever",
        "ulimits: {nofile: 1000}",
        "sidecars: {otel: otel}",
        "before: [npm, run, migrate]",
        "user: 1000",
        "stickiness: 7d",
    ] {
        let source =
            format!("app: shop\nservices:\n  api:\n    image: nginx\n    port: 80\n    {line}\n");
        assert_eq!(refusals(&source), Vec::<String>::new(), "{line}");
        let (_, diagnostics) = parse(&source);
        assert!(!has_errors(&diagnostics), "{line}: {diagnostics:?}");
    }
}
