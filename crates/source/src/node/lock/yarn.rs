//! `yarn.lock`, classic and later: the ranges in the headings of its entries.

use super::Locked;
use crate::place::Lines;

pub(super) fn read(text: &str) -> Locked {
    let lines = Lines::of("", text);
    let headings = lines
        .iter()
        .map(|(_, line)| line)
        .filter(|line| line.ends_with(':') && !line.starts_with([' ', '#']) && line.contains('@'));
    let ranges = headings.flat_map(|line| line.trim_end_matches(':').split(", "));
    let ranges = ranges.flat_map(|range| range.trim_matches('"').split(", ")).filter_map(|range| {
        // A scope's own `@` stands first.
        let at = range.get(1..)?.find('@')? + 1;
        let (name, range) = (range.get(..at)?, range.get(at + 1..)?);
        let range = range.trim_matches('"');
        Some((name.to_owned(), range.strip_prefix("npm:").unwrap_or(range).to_owned()))
    });
    Locked::Ranges(ranges.collect())
}
