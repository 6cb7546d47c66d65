//! Measures what the product promises, and its peers beside it, in one run on this machine.
//!
//! `cargo xtask bench [NAME...]` builds the release binary and prints a table: each figure, the same
//! of a peer or a bound where there is one, the bar, and whether it is met. Rounds of the compared
//! programs alternate, so that whatever else the machine does happens to all of them; what is
//! printed are medians. What a figure means is said in `docs/benchmarks.md`.
//!
//! It needs Linux, `taskset` and two processors. A peer that is missing is named, and the figures
//! that need it are left open.

pub(crate) mod aws;
pub(crate) mod balancer;
mod build;
mod check;
mod control;
pub(crate) mod docker;
mod h2load;
pub(crate) mod http;
mod load;
pub(crate) mod machine;
mod memory;
mod peer;
pub(crate) mod process;
pub(crate) mod region;
mod registry;
mod rollout;
mod scale;
mod start;
mod table;

pub(crate) use rollout::serve;

use region::Binary;
use std::path::{Path, PathBuf};
use std::{env, fs};
use table::Figure;

/// What one bench finds.
type Found = Result<Vec<Figure>, String>;

/// A bench's name, and how it measures.
type Bench = (&'static str, fn(&Bed) -> Found);

/// In the order of the table.
const BENCHES: [Bench; 9] = [
    ("start", start::measure),
    ("memory", memory::measure),
    ("control", control::measure),
    ("balancer", balancer::measure),
    ("registry", registry::measure),
    ("rollout", rollout::measure),
    ("scale", scale::measure),
    ("check", check::measure),
    ("build", build::measure),
];

/// The one that takes minutes; it runs only when it is named.
const ON_REQUEST: &str = "build";

/// What every bench stands on.
pub(crate) struct Bed {
    /// The workspace's folder.
    root: PathBuf,
    /// A folder for what the benches make; they leave it empty.
    folder: PathBuf,
    /// The release binary.
    binary: Binary,
}

/// Runs the benches that are named on the command line, or all but the build.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let asked: Vec<String> = env::args().skip(2).collect();
    if let Some(unknown) = asked.iter().find(|name| BENCHES.iter().all(|(known, _)| known != name))
    {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        return Err(format!("there is no bench `{unknown}`: they are {names}"));
    }
    let before = machine::load();
    let folder = root.join("target/bench/run");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    say("building the release binary");
    let binary = Binary::build(root)?;
    let bed = Bed { root: root.to_path_buf(), folder, binary };
    let wanted = |name: &str| match asked.is_empty() {
        true => name != ON_REQUEST,
        false => asked.iter().any(|asked| asked == name),
    };
    let mut figures = Vec::new();
    for (name, measure) in BENCHES.into_iter().filter(|(name, _)| wanted(name)) {
        say(name);
        figures.extend(measure(&bed).map_err(|why| format!("{name}: {why}"))?);
    }
    print(&machine::describe(&before));
    print(&table::draw(&figures));
    Ok(())
}

/// The middle one of some samples.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[length / 2],
        length => f64::midpoint(sorted[length / 2 - 1], sorted[length / 2]),
    }
}

/// Tells how far the run is.
#[expect(clippy::print_stderr, reason = "a chore speaks to the terminal")]
fn say(what: &str) {
    eprintln!("=== {what}");
}

#[expect(clippy::print_stdout, reason = "a chore's result is data")]
fn print(text: &str) {
    println!("{text}");
}
