//! Drills: what must hold when nobody is careful, tried as often as is asked for.
//!
//! `cargo xtask drill rollouts` rolls an example to new versions, one after the other, while clients
//! ask it without a pause; `--kill` kills tasks on the way. `cargo xtask drill crashes` kills the
//! region itself in the middle of its work, again and again. `cargo xtask drill ship` takes the example
//! systems to environments of their own and away again. All run the binary as a user does, in a data directory of their own, and fail when a request failed, an acknowledged change is
//! lost, or something is left behind. What the figures mean is said in `docs/benchmarks.md`.
//!
//! Linux only: processes and their working folders are read from `/proc`.

mod call;
mod chance;
mod crashes;
mod house;
mod machine;
mod options;
mod progress;
mod rollouts;
mod ship;

use options::{Drill, Options};
use std::env;
use std::path::Path;
use std::time::Duration;

/// How long anything may take that must happen. Machines are shared; what matters is that it does.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs the drill that is named on the command line.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let words: Vec<String> = env::args().skip(2).collect();
    let options = Options::parse(&words)?;
    match options.drill {
        Drill::Rollouts => rollouts::run(root, &options),
        Drill::Crashes => crashes::run(root, &options),
        Drill::Ship => ship::run(root, &options),
    }
}

/// Tells how far the drill is.
#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn say(what: &str) {
    eprintln!("=== {what}");
}

#[expect(clippy::print_stdout, reason = "a chore's result is data")]
fn print(text: &str) {
    println!("{text}");
}
