//! Small trees of every kind, read and compared with what was recorded (`UPDATE=1` records).
//!
//! A tree is one text: `=== path` begins a file. What is recorded is one line a fact.

#![expect(clippy::disallowed_methods, reason = "the trees are files; only the tests read them")]

mod show;

use source::Snapshot;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees")
}

fn tree(text: &str) -> Snapshot {
    let files = text.split("\n=== ").skip(1).filter_map(|file| file.split_once('\n'));
    files.map(|(path, text)| (path.trim(), text)).collect()
}

#[test]
fn every_tree_says_what_was_recorded() {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    names.sort();
    assert!(!names.is_empty());
    for path in names {
        let said = show::reading(&source::read(&tree(&fs::read_to_string(&path).unwrap())));
        let recorded = path.with_extension("out");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&recorded, &said).unwrap();
        }
        let expected = fs::read_to_string(&recorded).unwrap_or_default();
        assert_eq!(said, expected, "{}", path.display());
    }
}

#[test]
fn a_reading_is_plain_json() {
    let text = fs::read_to_string(folder().join("express.txt")).unwrap();
    let json = serde_json::to_value(source::read(&tree(&text))).unwrap();
    let route = &json["projects"][0]["routes"][0];
    assert!(route["place"]["line"].is_u64() && route["certainty"].is_string(), "{route}");
}
