//! `.dockerignore`: what a build does not see of its context.

use source::Snapshot;

/// The patterns of a context, in order; the last that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ignored {
    patterns: Vec<Pattern>,
    /// Whether there is a file of patterns at all.
    pub(crate) is_there: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    parts: Vec<String>,
    brings_back: bool,
}

impl Ignored {
    /// The patterns for a Dockerfile: those beside it that bear its name, else those of the context.
    pub(crate) fn of(snapshot: &Snapshot, context: &str, dockerfile: &str) -> Self {
        let own = format!("{dockerfile}.dockerignore");
        let usual = crate::image::join(context, ".dockerignore");
        let is_there = snapshot.has(&own) || snapshot.has(&usual);
        let text = snapshot.text(&own).or_else(|| snapshot.text(&usual)).unwrap_or_default();
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let patterns = lines.map(|line| {
            let bare = line.strip_prefix('!');
            let path = crate::image::join("", bare.unwrap_or(line).trim());
            let parts = path.split('/').map(str::to_owned).collect();
            Pattern { parts, brings_back: bare.is_some() }
        });
        Self { patterns: patterns.collect(), is_there }
    }

    /// Whether a path, or a folder around it, is left out.
    pub(crate) fn covers(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let mut covered = false;
        for pattern in &self.patterns {
            let fits = (1..=parts.len()).any(|length| fits(&pattern.parts, &parts[..length]));
            if fits {
                covered = !pattern.brings_back;
            }
        }
        covered
    }
}

/// Whether a pattern fits a whole path, part by part; `**` is any number of parts.
fn fits(pattern: &[String], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => {
            fits(rest, path) || path.split_first().is_some_and(|(_, after)| fits(pattern, after))
        }
        (Some((first, rest)), Some((part, after))) => like(first, part) && fits(rest, after),
        _ => false,
    }
}

/// Whether a word fits a pattern of `*` and `?`.
fn like(pattern: &str, word: &str) -> bool {
    match pattern.chars().next() {
        None => word.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            let mut starts = word.char_indices().map(|(at, _)| at).chain([word.len()]);
            starts.any(|at| like(rest, &word[at..]))
        }
        Some(first) => {
            let mut letters = word.chars();
            let fits = letters.next().is_some_and(|letter| first == '?' || first == letter);
            fits && like(&pattern[first.len_utf8()..], letters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_that_fits_decides() {
        let text = "# no\nnode_modules\n**/dist\n*.md\n!README.md\n";
        let snapshot: Snapshot = [(".dockerignore", text)].into_iter().collect();
        let ignored = Ignored::of(&snapshot, "", "Dockerfile");
        for (path, covered) in [
            ("node_modules/a/b.js", true),
            ("packages/a/node_modules/b.js", false),
            ("packages/a/dist/b.js", true),
            ("NOTES.md", true),
            ("README.md", false),
            ("docs/NOTES.md", false),
            ("distant.js", false),
        ] {
            assert_eq!(ignored.covers(path), covered, "{path}");
        }
    }
}
