//! What a change costs in small and in large regions: decisions and the World, with a driver that
//! only counts. The measuring is done by `crates/control/examples/scale.rs`, built as a release is.

use super::table::{Bar, Beside, Figure};
use super::{Bed, Found};
use std::process::Command;

/// What follows from a change must not depend on what else is there.
const SAME: Bar = Bar::AtMost(1.0);
/// The smallest and the other regions, in tasks, as the example prints them.
const SMALL: u32 = 10;
const LARGER: [u32; 2] = [1000, 10_000];

/// Runs the example, and reads its figures.
pub(crate) fn measure(bed: &Bed) -> Found {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&bed.root).args(["run", "--release", "--quiet", "--package", "control"]);
    let output = cargo.args(["--example", "scale"]).output();
    let output = output.map_err(|why| format!("cargo: {why}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let [_, most] = LARGER;
    let rate = find(&printed, "events a second", most)?;
    let memory = find(&printed, "KiB resident", most)? / 1000.0 * 1.024;
    let mut figures = vec![
        Figure::alone(&format!("decisions, {most} tasks"), "events/s", vec![rate], Bar::None),
        Figure::alone(&format!("decisions, {most} tasks, memory"), "MB", vec![memory], Bar::None),
    ];
    for change in ["a lost task", "a deployment"] {
        for size in LARGER {
            figures.push(compared(&printed, "decisions", change, size, SAME)?);
            figures.push(compared(&printed, "µs", change, size, Bar::None)?);
        }
    }
    Ok(figures)
}

/// What a change costs in a region of `size` tasks, beside the same in the smallest.
fn compared(
    printed: &str,
    unit: &'static str,
    change: &str,
    size: u32,
    bar: Bar,
) -> Result<Figure, String> {
    let figure = format!("{unit} {change}");
    let beside = Beside::Samples("10 tasks", vec![find(printed, &figure, SMALL)?]);
    let ours = vec![find(printed, &figure, size)?];
    Ok(Figure::compared(&format!("{change} among {size} tasks"), unit, ours, beside, bar))
}

/// The value of a printed figure.
fn find(printed: &str, what: &str, tasks: u32) -> Result<f64, String> {
    let wanted = format!("{what}\t{tasks}\t");
    let value = printed.lines().find_map(|line| line.strip_prefix(&wanted)?.parse().ok());
    value.ok_or_else(|| format!("no figure `{what}` for {tasks} tasks in: {printed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_name_and_size() {
        let printed = "µs a lost task\t10\t86.5\nµs a lost task\t1000\t90.0\n";
        assert_eq!(find(printed, "µs a lost task", 1000), Ok(90.0));
        assert!(find(printed, "µs a lost task", 100).is_err());
    }
}
