//! Each rule on small trees: those that it finds something in, and near ones that it leaves alone.
//!
//! `rules/NAME.txt` holds cases, each after a line `>>> broken: what` or `>>> fine: what`; a case is a
//! tree in which `=== path` begins a file. What is said of broken ones stands in `rules/NAME.out`
//! (`UPDATE=1` writes it; read the difference before you keep it).

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the cases are files; only the tests read them"
)]

use check::{Finding, RULES, Subject, Written};
use source::Snapshot;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

struct Case<'t> {
    is_broken: bool,
    what: &'t str,
    text: &'t str,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let parts = text.split(">>> ").skip(1).filter_map(|part| part.split_once('\n'));
    let case = |(head, text)| {
        let (kind, what) = str::split_once(head, ": ").unwrap();
        assert!(matches!(kind, "broken" | "fine"), "{head}");
        Case { is_broken: kind == "broken", what, text }
    };
    parts.map(case).collect()
}

/// What every rule finds in a tree; its `neargate.yml` is the manifest.
fn found(tree: &str) -> Vec<Finding> {
    let files = format!("\n{tree}");
    let files = files.split("\n=== ").skip(1).filter_map(|file| file.split_once('\n'));
    let snapshot: Snapshot = files.map(|(path, text)| (path.trim(), text)).collect();
    let reading = source::read(&snapshot);
    let Some(text) = snapshot.text("neargate.yml") else {
        return check::check(&Subject { snapshot: &snapshot, reading: &reading, manifest: None });
    };
    let (manifest, mistakes) = manifest::parse(text);
    let manifest = manifest.unwrap_or_else(|| panic!("{mistakes:?}"));
    let none = BTreeMap::new();
    let environments = manifest.environments().iter();
    let environments: Vec<_> = environments
        .map(|name| {
            let (resolved, mistakes) = manifest::resolve(&manifest, name, &none);
            resolved.unwrap_or_else(|| panic!("{mistakes:?}"))
        })
        .collect();
    let written = Written { file: "neargate.yml", text, environments: &environments };
    check::check(&Subject { snapshot: &snapshot, reading: &reading, manifest: Some(written) })
}

fn said(finding: &Finding) -> String {
    let at = |place: &source::Place| format!("{}:{}:{}", place.file, place.line, place.column);
    let mut out = format!("{} {}", finding.severity.word(), at(&finding.place));
    if let Some(service) = &finding.service {
        write!(out, " {service} in {}", finding.environments.join(", ")).unwrap();
    }
    writeln!(out, ": {}", finding.message).unwrap();
    for related in &finding.related {
        writeln!(out, "    {}: {}", at(&related.place), related.label).unwrap();
    }
    finding.help.iter().for_each(|help| writeln!(out, "    help: {help}").unwrap());
    finding.edit.iter().for_each(|edit| writeln!(out, "    fix: {:?}", edit.text).unwrap());
    out
}

#[test]
fn every_rule_finds_what_is_broken_and_leaves_the_rest_alone() {
    let mut wrong: Vec<String> = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.reads_files()) {
        let path = folder().join(format!("{}.txt", rule.id));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut out = String::new();
        let mut kinds = [0, 0];
        for case in cases(&text) {
            let found = found(case.text);
            let own: Vec<&Finding> = found.iter().filter(|it| it.rule == rule.id).collect();
            kinds[usize::from(case.is_broken)] += 1;
            if own.is_empty() == case.is_broken {
                wrong.push(format!("{}, {}: {own:#?}", rule.id, case.what));
            }
            if own.iter().any(|it| it.severity > rule.severity) {
                wrong.push(format!("{} says worse than it may: {own:#?}", rule.id));
            }
            if case.is_broken {
                writeln!(out, "{}", case.what).unwrap();
                own.iter().for_each(|it| out += &format!("  {}", said(it).replace('\n', "\n  ")));
                out.truncate(out.trim_end().len());
                out.push_str("\n\n");
            }
        }
        if kinds.contains(&0) {
            wrong.push(format!("{} needs cases of both kinds", rule.id));
        }
        let recorded = path.with_extension("out");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&recorded, &out).unwrap();
        }
        if out != fs::read_to_string(&recorded).unwrap_or_default() {
            wrong.push(format!("{} says something else than was recorded:\n{out}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_file_of_cases_belongs_to_a_rule() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(check::rule(&name).is_ok(), "{name} is no rule");
    }
}

/// A fix that is written leaves nothing of its finding.
#[test]
fn what_is_fixed_is_not_found_again() {
    for rule in RULES.iter().filter(|rule| rule.reads_files()) {
        let text = fs::read_to_string(folder().join(format!("{}.txt", rule.id))).unwrap();
        for case in cases(&text).into_iter().filter(|case| case.is_broken) {
            let before = found(case.text);
            let fixed = before.iter().filter(|it| it.rule == rule.id && it.edit.is_some()).count();
            if fixed == 0 {
                continue;
            }
            let after = found(&edited(case.text, &before));
            let left = after.iter().filter(|it| it.rule == rule.id).count();
            let total = before.iter().filter(|it| it.rule == rule.id).count();
            assert!(left <= total - fixed, "{}, {}: {after:#?}", rule.id, case.what);
        }
    }
}

fn edited(tree: &str, found: &[Finding]) -> String {
    let text = format!("\n{tree}");
    let files = text.split("\n=== ").skip(1).filter_map(|file| file.split_once('\n'));
    let mut out = String::new();
    for (path, text) in files {
        let edits = found.iter().filter_map(|it| it.edit.clone());
        let edits: Vec<_> = edits.filter(|edit| edit.file == path.trim()).collect();
        writeln!(out, "=== {path}\n{}", check::apply(text, &edits)).unwrap();
    }
    out
}
