//! The word that was probably meant.

use std::cmp::Reverse;

/// The word of `known` that is nearest to `word`, if one is near enough to be worth naming.
///
/// Case, hyphens and underscores do not count, so `stopTimeout` finds `stop_timeout`.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = plain(word);
    // One slip in three letters is a slip; more is another word. Very short words need one to be
    // found at all.
    let tolerance = (word.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        // Of equals the longer: letters are forgotten more often than added.
        .min_by_key(|(distance, candidate)| (*distance, Reverse(candidate.len())))
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", or the list of what there is when nothing is near and the list is short.
#[must_use]
pub fn suggest<'w>(word: &str, known: impl IntoIterator<Item = &'w str> + Clone) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let words: Vec<String> = known.into_iter().map(|word| format!("`{word}`")).collect();
    match words.len() {
        0 => None,
        1 => Some(format!("there is only {}", words[0])),
        _ => Some(format!("there are {}", listed(&words))),
    }
}

/// `a`, `b` and `c`; long lists end in "and 20 more".
pub(crate) fn listed(words: &[String]) -> String {
    // Twelve words are still read; the reference page has the rest.
    const SHOWN: usize = 12;
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] if words.len() <= SHOWN => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} more", words[..SHOWN].join(", "), words.len() - SHOWN),
    }
}

fn plain(word: &str) -> Vec<char> {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        // Nobody's word is longer; this keeps the table small for a text pasted as a key.
        .take(64)
        .collect()
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_none() {
        let known = ["port", "path", "stop_timeout", "secrets"];
        for (word, expected) in [
            ("prot", Some("port")),
            ("pot", Some("port")),
            ("stopTimeout", Some("stop_timeout")),
            ("stop-timout", Some("stop_timeout")),
            ("secret", Some("secrets")),
            ("replicas", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(nearest("min", ["max", "main", "min_"]), Some("min_"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let words: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        assert!(listed(&words).ends_with("11 and 8 more"));
        assert_eq!(listed(&words[..3]), "0, 1 and 2");
    }
}
