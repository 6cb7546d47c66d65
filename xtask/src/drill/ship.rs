//! Ships the five example systems to environments of their own, through the region's AWS endpoint: from
//! nothing, again, changed, broken, and away.
//!
//! Their databases stand in the environment `local`, as an RDS would stand elsewhere. What is measured
//! hangs on AWS's waits and not on the binary, so the one is used that is built fastest.

mod broken;
mod counter;
mod site;
mod system;
mod timed;
mod walk;

use super::house::House;
use super::machine::Driver;
use super::options::Options;
use super::{print, say};
use crate::bench::machine;
use std::path::{Path, PathBuf};
use std::process::Command;
use system::System;
use walk::{Phase, Walk};

/// The drill.
pub(super) fn run(root: &Path, options: &Options) -> Result<(), String> {
    let systems: Vec<&System> = system::ALL
        .iter()
        .filter(|it| options.example == system::EVERY || it.name == options.example)
        .collect();
    if systems.is_empty() {
        return Err(format!("{} is not among the systems that are shipped", options.example));
    }
    let about = machine::describe(&machine::load());
    let mut house = House::open_with(root, build(root)?, Driver::Docker, options.speed)?;
    let mut faults = Vec::new();
    let mut lines = vec![about, Walk::head()];
    for system in systems {
        say(&format!("{}: its database, and the images", system.name));
        match Walk::of(root, &mut house, system) {
            Ok(walk) => lines.extend(walk.lines()),
            Err(why) => faults.push(format!("{}: {why}", system.name)),
        }
    }
    lines.iter().for_each(|line| print(line));
    match faults.as_slice() {
        [] => house.close(),
        faults => Err(format!("{}\nthe region's log: {}", faults.join("\n"), house.log.display())),
    }
}

fn build(root: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["build", "--quiet", "--package", "neargate"]);
    let status = cargo.status().map_err(|why| format!("cargo: {why}"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    status
        .success()
        .then(|| target.join("debug/neargate"))
        .ok_or_else(|| format!("cargo: {status}"))
}

/// How a phase is told while the drill goes on.
fn told(phase: &Phase) -> String {
    format!("{}: {:.1} s, {} calls", phase.name, phase.seconds, phase.calls)
}
