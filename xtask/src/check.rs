//! Everything that CI runs, in the order in which it fails fastest.

use std::path::Path;
use std::process::Command;

/// A step's name and its command line.
const STEPS: [(&str, &[&str]); 5] = [
    ("format", &["cargo", "fmt", "--all", "--", "--check"]),
    ("walls, sizes, names", &["cargo", "xtask", "tidy"]),
    (
        "lints",
        &["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
    ),
    ("tests", &["cargo", "test", "--workspace", "--locked"]),
    ("documentation", &["cargo", "doc", "--workspace", "--no-deps", "--locked", "--quiet"]),
];

/// Runs every step; the first that fails ends the run.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    for (name, line) in STEPS {
        say(name);
        step(root, line).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

fn step(root: &Path, line: &[&str]) -> Result<(), String> {
    let (program, arguments) = line.split_first().ok_or("a step without a command")?;
    let mut command = Command::new(program);
    command.current_dir(root).args(arguments).env("RUSTDOCFLAGS", "-D warnings");
    let status = command.status().map_err(|e| format!("{program}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{}`: {status}", line.join(" "))) }
}

#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn say(step: &str) {
    eprintln!("\n=== {step}");
}
