//! Which files of a folder stay out: the patterns of a `.dockerignore`.
//!
//! Docker's rules: patterns are matched against whole paths from the folder's root; `*` and `?` stop
//! at slashes, `**` does not; a pattern that matches a folder covers what is in it; `!` brings back;
//! the last pattern that matches decides. Pure: it knows paths, not files.

use std::iter::Peekable;
use std::str::Chars;

/// The patterns of a `.dockerignore`, in order. No patterns keep everything in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// Whether it brings back what an earlier pattern left out.
    brings_back: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This character.
    Char(char),
    /// `?`: any character but a slash.
    One,
    /// `*`: any characters but slashes.
    Many,
    /// `**` at the end: anything.
    Rest,
    /// `**/`: any number of folders, none included.
    Folders,
    /// `[a-z]` or `[^a-z]`: one of these ranges, or none of them.
    Class { negated: bool, ranges: Vec<(char, char)> },
}

// === impl Ignore ===

impl Ignore {
    /// Reads the text of a `.dockerignore`. Every text is one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines();
        let lines = lines.filter(|line| !line.starts_with('#'));
        Self { patterns: lines.filter_map(|line| Pattern::parse(line.trim())).collect() }
    }

    /// The same patterns and, deciding over them, those of another text.
    #[must_use]
    pub fn and(mut self, text: &str) -> Self {
        self.patterns.extend(Self::parse(text).patterns);
        self
    }

    /// The same patterns, but the file at `path` is kept whatever they say.
    #[must_use]
    pub fn and_keep(mut self, path: &str) -> Self {
        let parts = path.chars().map(Part::Char).collect();
        self.patterns.push(Pattern { brings_back: true, parts });
        self
    }

    /// Whether the file or folder at `path` stays out; `path` is relative, with slashes.
    #[must_use]
    pub fn leaves_out(&self, path: &str) -> bool {
        let decisive = self.patterns.iter().rev().find(|pattern| pattern.covers(path));
        decisive.is_some_and(|pattern| !pattern.brings_back)
    }

    /// Whether something below the folder at `path` may be brought back, although the folder stays
    /// out: then its contents have to be looked at.
    #[must_use]
    pub fn may_bring_back_below(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.patterns.iter().filter(|pattern| pattern.brings_back).any(|pattern| {
            let (literal, is_whole) = pattern.literal_start();
            literal.starts_with(&below) || (!is_whole && below.starts_with(&literal))
        })
    }
}

// === impl Pattern ===

impl Pattern {
    fn parse(line: &str) -> Option<Self> {
        let (brings_back, text) = match line.strip_prefix('!') {
            Some(text) => (true, text.trim()),
            None => (false, line),
        };
        let clean = clean(text);
        let parts = parts(clean.chars().peekable());
        (!clean.is_empty()).then_some(Self { brings_back, parts })
    }

    /// Whether the pattern matches the path or a folder above it.
    fn covers(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().any(|end| {
            let chars: Vec<char> = path[..end].chars().collect();
            matches(&self.parts, &chars)
        })
    }

    /// The text before the first wildcard, and whether that is all.
    fn literal_start(&self) -> (String, bool) {
        let literal = self.parts.iter().map_while(|part| match part {
            Part::Char(char) => Some(*char),
            _ => None,
        });
        let literal: String = literal.collect();
        let is_whole = literal.chars().count() == self.parts.len();
        (literal, is_whole)
    }
}

/// A path without leading slashes, empty and `.` parts, and with `..` resolved as far as it goes.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn parts(mut chars: Peekable<Chars<'_>>) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some(char) = chars.next() {
        parts.push(match char {
            '*' if chars.next_if_eq(&'*').is_some() => {
                let folders = chars.next_if_eq(&'/').is_some() || chars.peek().is_some();
                if folders { Part::Folders } else { Part::Rest }
            }
            '*' => Part::Many,
            '?' => Part::One,
            '[' => class(&mut chars),
            '\\' => Part::Char(chars.next().unwrap_or('\\')),
            char => Part::Char(char),
        });
    }
    parts
}

/// The part after `[`. A class without an end takes the rest of the pattern.
fn class(chars: &mut Peekable<Chars<'_>>) -> Part {
    let negated = chars.next_if(|char| matches!(char, '^' | '!')).is_some();
    let mut ranges = Vec::new();
    while let Some(from) = chars.next().filter(|char| *char != ']') {
        let to = chars.next_if_eq(&'-').and_then(|_| chars.next()).unwrap_or(from);
        ranges.push((from, to));
    }
    Part::Class { negated, ranges }
}

fn matches(parts: &[Part], path: &[char]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return path.is_empty() };
    let one = |accepts: bool| accepts && matches(rest, &path[1..]);
    match part {
        Part::Rest => true,
        Part::Char(char) => one(path.first() == Some(char)),
        Part::One => one(path.first().is_some_and(|char| *char != '/')),
        Part::Class { negated, ranges } => one(path.first().is_some_and(|char| {
            let listed = ranges.iter().any(|(from, to)| (from..=to).contains(&char));
            *char != '/' && listed != *negated
        })),
        Part::Many => {
            let most = path.iter().position(|char| *char == '/').unwrap_or(path.len());
            (0..=most).any(|taken| matches(rest, &path[taken..]))
        }
        Part::Folders => {
            let starts = path.iter().enumerate().filter(|(_, char)| **char == '/');
            let starts = starts.map(|(slash, _)| slash + 1).chain([0]);
            starts.into_iter().any(|start| matches(rest, &path[start..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patterns: &str, out: &[&str], kept: &[&str]) {
        let ignore = Ignore::parse(patterns);
        for path in out {
            assert!(ignore.leaves_out(path), "{patterns:?} should leave out {path}");
        }
        for path in kept {
            assert!(!ignore.leaves_out(path), "{patterns:?} should keep {path}");
        }
    }

    #[test]
    fn patterns_match_from_the_root_and_cover_what_is_below() {
        check("node_modules", &["node_modules", "node_modules/a/b.js"], &["app/node_modules"]);
        check("/dist/", &["dist", "dist/index.html"], &["distant"]);
        check("./a/../b", &["b"], &["a"]);
    }

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        check("*.log", &["a.log", ".log"], &["sub/a.log", "a.logs"]);
        check("*/temp*", &["sub/temporary", "sub/temp/x"], &["temp", "a/b/temp"]);
        check("**/*.log", &["a.log", "sub/deep/a.log"], &["a.txt"]);
        check("**/node_modules", &["node_modules", "a/node_modules/x"], &["a/node_modules2"]);
        check("docs/**", &["docs/a", "docs/a/b"], &["docs", "docsa"]);
        check("a/**/z", &["a/z", "a/b/c/z"], &["b/z"]);
        check("temp?", &["tempa"], &["temp", "temp/"]);
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        check("*.md\n!README.md", &["a.md"], &["README.md"]);
        check("*.md\n!README*.md\nREADME-secret.md", &["README-secret.md"], &["README.md"]);
        check("*\n!src", &["package.json"], &["src", "src/a.ts"]);
    }

    #[test]
    fn comments_blank_lines_and_the_root_itself_say_nothing() {
        check("# a\n\n   \n/\n.\n!", &[], &["a", "# a"]);
        check("\u{feff}a", &["a"], &[]);
        check("  padded  ", &["padded"], &[]);
    }

    #[test]
    fn classes_and_escapes_are_read() {
        check("[a-c].txt", &["a.txt", "c.txt"], &["d.txt"]);
        check("[^a-c].txt", &["d.txt"], &["a.txt"]);
        check(r"\*.txt", &["*.txt"], &["a.txt"]);
    }

    #[test]
    fn a_folder_is_entered_only_where_something_may_come_back() {
        let ignore = Ignore::parse("node_modules\ndist\n!dist/keep\n!src/**/x");
        for (folder, expected) in [("dist", true), ("node_modules", false), ("src/a", true)] {
            assert_eq!(ignore.may_bring_back_below(folder), expected, "{folder}");
        }
        assert!(Ignore::parse("a\n!**/b").may_bring_back_below("a"));
    }
}
