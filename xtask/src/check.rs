//! Everything that CI runs, in the order in which it fails fastest.

mod repeat;

use std::path::Path;
use std::process::Command;

/// A step's name and how it is done.
type Step = (&'static str, fn(&Path) -> Result<(), String>);

const STEPS: [Step; 5] = [
    ("format", |root| step(root, &["cargo", "fmt", "--all", "--", "--check"])),
    ("walls, sizes, names", |root| step(root, &["cargo", "xtask", "tidy"])),
    ("lints", |root| step(root, &LINTS)),
    ("tests", repeat::run),
    ("documentation", |root| step(root, &DOCUMENTATION)),
];

const LINTS: [&str; 8] =
    ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];

const DOCUMENTATION: [&str; 6] =
    ["cargo", "doc", "--workspace", "--no-deps", "--locked", "--quiet"];

/// Runs every step; the first that fails ends the run.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    for (name, run) in STEPS {
        say(name);
        run(root).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

fn step(root: &Path, words: &[&str]) -> Result<(), String> {
    let status = line(root, words)?.status().map_err(|e| format!("{}: {e}", words.join(" ")))?;
    if status.success() { Ok(()) } else { Err(format!("`{}`: {status}", words.join(" "))) }
}

/// A command line in the workspace's folder.
fn line(root: &Path, words: &[&str]) -> Result<Command, String> {
    let (program, arguments) = words.split_first().ok_or("a step without a command")?;
    let mut command = Command::new(program);
    command.current_dir(root).args(arguments).env("RUSTDOCFLAGS", "-D warnings");
    Ok(command)
}

#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn say(step: &str) {
    eprintln!("\n=== {step}");
}
