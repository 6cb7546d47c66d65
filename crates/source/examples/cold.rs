//! How long a source tree takes to read, and how much of that is the parser's.
//!
//! `cargo run --release -p source --example cold -- FOLDER [FILES]` reads the first FILES files of a
//! folder that `source` looks into, from disk to reading, and parses its scripts once more by
//! themselves.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads files and the clock, and says what it saw"
)]

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use source::Snapshot;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Each part is taken as the best of so many runs.
const RUNS: usize = 5;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    let most = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(2000);
    let mut files = Vec::new();
    collect(&folder, &mut files, most);
    // Deep trees need a deep stack, here as in the binary.
    let work = move || measure(&folder, &files);
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(work);
    thread.expect("a thread").join().expect("no panic");
}

fn measure(folder: &Path, files: &[PathBuf]) {
    let (load, snapshot) = best(|| {
        let read = |file: &PathBuf| {
            let path = file.strip_prefix(folder).ok()?.to_str()?.to_owned();
            Some((path, std::fs::read(file).ok()?))
        };
        files.iter().filter_map(read).collect::<Snapshot>()
    });
    let (read, reading) = best(|| source::read(&snapshot));
    let (parse, bytes) = best(|| parse(&snapshot));
    let facts = |it: &source::Project| it.routes.len() + it.variables.len() + it.imports.len();
    println!("files     {}", snapshot.len());
    println!("scripts   {:.1} MB", f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6);
    println!("load      {load:?}");
    println!("read      {read:?}");
    println!("parser    {parse:?} of it");
    println!("projects  {}", reading.projects.len());
    println!("facts     {}", reading.projects.iter().map(facts).sum::<usize>());
    println!("unread    {}", reading.unread.len());
}

fn best<T>(work: impl Fn() -> T) -> (Duration, T) {
    let mut shortest: Option<(Duration, T)> = None;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let made = work();
        let took = begun.elapsed();
        if shortest.as_ref().is_none_or(|(least, _)| took < *least) {
            shortest = Some((took, made));
        }
    }
    shortest.expect("there is a run")
}

/// The parser alone, on every script.
fn parse(snapshot: &Snapshot) -> usize {
    let scripts = snapshot
        .texts()
        .filter_map(|(path, text)| SourceType::from_path(path).ok().map(|kind| (kind, text)));
    let mut bytes = 0;
    for (kind, text) in scripts {
        let allocator = Allocator::default();
        std::hint::black_box(Parser::new(&allocator, text, kind).parse());
        bytes += text.len();
    }
    bytes
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, most: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if files.len() >= most || matches!(name, ".git" | "node_modules" | "target") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files, most);
        } else if source::wants(name) {
            files.push(path);
        }
    }
}
