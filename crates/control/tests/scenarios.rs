//! Plays every script in `scenarios/` and compares what it shows with the recorded `.out`.
//!
//! `UPDATE=1 cargo test -p control --test scenarios` records anew; the difference is then read as
//! any other change.

#![expect(clippy::disallowed_methods, reason = "scripts and recordings are files")]

use std::path::{Path, PathBuf};
use std::{env, fs};

#[test]
fn every_script_shows_what_was_recorded() {
    let scripts = scripts();
    assert!(!scripts.is_empty(), "the scripts are there");
    let faults: Vec<String> = scripts.iter().filter_map(|script| check(script).err()).collect();
    assert!(faults.is_empty(), "{}\n(UPDATE=1 records anew)", faults.join("\n"));
}

#[test]
fn no_recording_has_lost_its_script() {
    for recording in files("out") {
        assert!(recording.with_extension("txt").exists(), "{}", recording.display());
    }
}

#[test]
fn every_line_reads_back_as_it_is_shown() {
    for script in scripts() {
        let text = fs::read_to_string(&script).unwrap();
        for line in text.lines() {
            let line = line.split_once('#').map_or(line, |(line, _)| line).trim();
            if let Ok(verb) = line.parse::<testkit::Verb>() {
                let shown = verb.to_string();
                assert_eq!(shown.parse::<testkit::Verb>(), Ok(verb), "{shown}");
            }
        }
    }
}

fn check(script: &Path) -> Result<(), String> {
    let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(script).map_err(|e| format!("{name}: {e}"))?;
    let shown = testkit::script::play(&text).map_err(|e| format!("{name}: {e}"))?;
    let recording = script.with_extension("out");
    if env::var_os("UPDATE").is_some() {
        return fs::write(&recording, shown).map_err(|e| format!("{name}: {e}"));
    }
    let recorded = fs::read_to_string(&recording).unwrap_or_default();
    match recorded.lines().zip(shown.lines()).position(|(was, is)| was != is) {
        None if recorded == shown => Ok(()),
        None => Err(format!("{name}: the recording has another length")),
        Some(at) => {
            let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_owned();
            let (was, is) = (line(&recorded), line(&shown));
            Err(format!("{name}, line {} of the recording:\n  was {was}\n  is  {is}", at + 1))
        }
    }
}

fn scripts() -> Vec<PathBuf> {
    files("txt")
}

fn files(extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
