//! The examples are as they should be: nothing is found in them.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the examples are files; only the test reads them"
)]

use check::{Subject, Written};
use source::Snapshot;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Folders that git ignores in the examples.
const WRITTEN: [&str; 8] =
    ["node_modules", "target", "dist", "production", ".next", ".nx", "build-test", "generated"];

fn add(snapshot: &mut Snapshot, root: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let inside = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !WRITTEN.contains(&name.as_str()) {
                add(snapshot, root, &path);
            }
        } else if check::wants(&inside) {
            snapshot.add(&inside, fs::read(&path).unwrap());
        } else {
            snapshot.mention(&inside);
        }
    }
}

#[test]
fn nothing_is_found_in_the_examples() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut wrong = Vec::new();
    let mut checked = 0;
    for entry in fs::read_dir(&examples).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("neargate.yml")) else { continue };
        let mut snapshot = Snapshot::default();
        add(&mut snapshot, &folder, &folder);
        let reading = source::read(&snapshot);
        let manifest = manifest::parse(&text).0.unwrap();
        let none = BTreeMap::new();
        let names = manifest.environments().iter();
        let environments: Vec<_> =
            names.map(|name| manifest::resolve(&manifest, name, &none).0.unwrap()).collect();
        let written = Written { file: "neargate.yml", text: &text, environments: &environments };
        let with = Subject { snapshot: &snapshot, reading: &reading, manifest: Some(written) };
        let without = Subject { manifest: None, ..with };
        for found in check::check(&with).into_iter().chain(check::check(&without)) {
            let at = format!("{}/{}:{}", folder.display(), found.place.file, found.place.line);
            wrong.push(format!("{at}: {} [{}]", found.message, found.rule));
        }
        checked += 1;
    }
    assert!(checked >= 7, "{checked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
