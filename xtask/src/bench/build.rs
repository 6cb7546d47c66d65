//! How long a cold build takes.

use super::region::fresh;
use super::table::{Bar, Figure};
use super::{Bed, Found};
use std::process::Command;
use std::time::Instant;

/// Builds the release binary into an empty target folder, from sources that are here already.
pub(crate) fn measure(bed: &Bed) -> Found {
    let target = fresh(&bed.folder.join("build"))?;
    let fetched = Command::new("cargo").current_dir(&bed.root).arg("fetch").status();
    if !fetched.map_err(|why| format!("cargo: {why}"))?.success() {
        return Err("cargo fetch failed".to_owned());
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&bed.root).args(["build", "--release", "--package", "neargate"]);
    let begun = Instant::now();
    let status = cargo.arg("--target-dir").arg(&target).status();
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    fresh(&target)?;
    if !status.map_err(|why| format!("cargo: {why}"))?.success() {
        return Err("cargo build failed".to_owned());
    }
    Ok(vec![Figure::alone("cold build, release", "minutes", vec![minutes], Bar::Below(8.0))])
}
