//! Which version of Node an image has.

use source::Fact;

/// The versions with long-term support, the preferred one first. An even version is supported for two
/// and a half years; what is no longer is taken only if the project asks for it.
const SUPPORTED: [u32; 5] = [24, 22, 26, 20, 18];

/// The first supported version that all of a project's wishes allow; the preferred one where it has
/// none. `None` if none is allowed.
pub(super) fn node(wishes: &[Fact<String>]) -> Option<u32> {
    SUPPORTED.into_iter().find(|version| wishes.iter().all(|wish| allows(&wish.value, *version)))
}

/// Whether a range as package.json writes it allows a version: alternatives of comparisons.
fn allows(range: &str, version: u32) -> bool {
    let range = range.trim();
    range.is_empty() || range.split("||").any(|all| allows_all(all, version))
}

fn allows_all(comparisons: &str, version: u32) -> bool {
    // `18 - 22` is a range with two ends.
    if let Some((low, high)) = comparisons.split_once(" - ") {
        return major(low).is_none_or(|low| version >= low)
            && major(high).is_none_or(|high| version <= high);
    }
    // `>= 20` may have a space.
    let joined = comparisons.replace("= ", "=").replace("> ", ">").replace("< ", "<");
    joined.split_whitespace().all(|comparison| compares(comparison, version))
}

/// Only whole versions are compared: the image has the newest of its version.
fn compares(comparison: &str, version: u32) -> bool {
    let (sign, rest) = comparison
        .find(|it: char| !"<>=^~v".contains(it))
        .map_or((comparison, ""), |at| comparison.split_at(at));
    let Some(wanted) = major(rest) else { return true };
    let is_whole = rest.split('.').skip(1).all(|part| matches!(part, "0" | "x" | "*" | ""));
    match sign.trim_end_matches('v') {
        ">=" => version >= wanted,
        // `>20.1` allows a later 20.
        ">" => version > wanted || version == wanted && !is_whole,
        "<=" => version <= wanted,
        "<" => version < wanted || version == wanted && !is_whole,
        _ => version == wanted,
    }
}

/// `lts/*` and other names have no number: they allow everything.
fn major(text: &str) -> Option<u32> {
    text.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_allows_what_npm_says_it_does() {
        for (range, allowed) in [
            ("", vec![24, 22, 26, 20, 18]),
            ("*", vec![24, 22, 26, 20, 18]),
            ("lts/*", vec![24, 22, 26, 20, 18]),
            ("22", vec![22]),
            ("v22.3.0", vec![22]),
            ("20.x", vec![20]),
            ("^20.19.0 || >=22.12", vec![24, 22, 26, 20]),
            (">=20.19", vec![24, 22, 26, 20]),
            (">= 20 < 23", vec![22, 20]),
            (">=18 <=20", vec![20, 18]),
            ("18 - 22", vec![22, 20, 18]),
            (">20", vec![24, 22, 26]),
            ("~24.1", vec![24]),
            ("16", vec![]),
        ] {
            let found: Vec<u32> =
                SUPPORTED.into_iter().filter(|version| allows(range, *version)).collect();
            assert_eq!(found, allowed, "{range}");
        }
    }
}
