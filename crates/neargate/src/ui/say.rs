//! Talk, on standard error, and data, on standard output.
//!
//! Colour never carries meaning alone, and is left out when `NO_COLOR` is set or nobody watches.

use console::{Style, Term};
use serde::Serialize;
use std::io::Write as _;

/// Tells something.
pub(crate) fn note(text: &str) {
    write_error(text);
}

/// Tells of something that was done.
pub(crate) fn done(text: &str) {
    write_error(&format!("{} {text}", Style::new().for_stderr().green().apply_to("✓")));
}

/// Tells of something to mind.
pub(crate) fn warn(text: &str) {
    write_error(&format!("{} {text}", Style::new().for_stderr().yellow().apply_to("warning:")));
}

/// Tells of a failure.
pub(crate) fn error(text: &str) {
    write_error(&format!("{} {text}", Style::new().for_stderr().red().bold().apply_to("error:")));
}

/// Tells what to do next.
pub(crate) fn hint(text: &str) {
    write_error(&format!("{} {text}", Style::new().for_stderr().cyan().apply_to("hint:")));
}

/// Prints a line of data.
#[expect(clippy::exit, reason = "a reader that has gone (`| head`) wants no more, and no error")]
pub(crate) fn data(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as JSON.
pub(crate) fn json(value: &impl Serialize) {
    data(&serde_json::to_string_pretty(value).unwrap_or_default());
}

fn write_error(text: &str) {
    // Nobody is left to be told that telling failed.
    let _written = Term::stderr().write_line(text);
}
