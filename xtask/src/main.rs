//! The house's own chores. `cargo xtask` lists them.

mod bench;
mod check;
mod codegen;
mod drill;
mod picture;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A chore's name, what it does, and how.
type Chore = (&'static str, &'static str, fn(&Path) -> Result<(), String>);

const CHORES: [Chore; 7] = [
    ("check", "everything that CI runs: format, lints, walls, tests, examples", check::run),
    (
        "tidy",
        "the house's own rules: walls, sizes, names (UPDATE=1 redraws docs/rooms.out)",
        tidy::run,
    ),
    (
        "codegen",
        "make crates/api/src/generated anew from AWS's models (fetched once, by hash, from PyPI)",
        codegen::run,
    ),
    ("picture", "draw docs/up.svg, README's picture, from a real run (Linux)", picture::run),
    ("bench", "the figures that docs/benchmarks.md explains, measured on this machine", bench::run),
    (
        "drill",
        "100 rollouts under load, 200 crashes, or five systems shipped: nothing may fail (Linux)",
        drill::run,
    ),
    (
        "serve",
        "serve one page at $PORT: the container that `bench` and `drill` deploy",
        bench::serve,
    ),
];

fn main() -> ExitCode {
    let asked = std::env::args().nth(1).unwrap_or_default();
    let Some((_, _, run)) = CHORES.iter().find(|(name, _, _)| *name == asked) else {
        return usage();
    };
    match run(&root()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&format!("{asked}: {why}")),
    }
}

/// The workspace's folder, which holds this package's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn usage() -> ExitCode {
    for (name, what, _) in CHORES {
        eprintln!("cargo xtask {name:<10} {what}");
    }
    ExitCode::from(2)
}

#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn fail(why: &str) -> ExitCode {
    eprintln!("xtask: {why}");
    ExitCode::FAILURE
}
