//! Where in the tree a fact stands.

use serde::Serialize;

/// A stretch of one file's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file's path from the tree's root, with `/`.
    pub file: String,
    /// The line of the first character, from 1.
    pub line: u32,
    /// The column of the first character, in characters, from 1.
    pub column: u32,
    /// The first byte's offset in the file.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

/// A text whose offsets can be told as lines and columns.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'t> {
    file: &'t str,
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(file: &'t str, text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { file, text, starts }
    }

    /// The file that the text is of.
    pub(crate) fn file(&self) -> &'t str {
        self.file
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The place between two offsets; offsets outside the text mean its end.
    pub(crate) fn place(&self, start: usize, end: usize) -> Place {
        let start = start.min(self.text.len());
        let end = end.clamp(start, self.text.len());
        let line = self.starts.partition_point(|begin| *begin <= start) - 1;
        let before = self.text.get(self.starts[line]..start).unwrap_or_default();
        Place {
            file: self.file.to_owned(),
            line: count(line + 1),
            column: count(before.chars().count() + 1),
            start: count(start),
            end: count(end),
        }
    }

    /// Each line with the offset at which it begins, without its line break.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &'t str)> + use<'t, '_> {
        let text = self.text;
        let ends = self.starts.iter().skip(1).copied().chain([text.len() + 1]);
        self.starts.iter().copied().zip(ends).map(move |(start, end)| {
            let line = text.get(start..end.saturating_sub(1)).unwrap_or_default();
            (start, line.strip_suffix('\r').unwrap_or(line))
        })
    }
}

/// Lines and columns are counted in 32 bits; files are limited to far less.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_not_bytes() {
        let lines = Lines::of("a.js", "é\nüber x\n");
        let place = lines.place(lines.text().find('x').unwrap(), 100);
        assert_eq!((place.line, place.column, place.end), (2, 6, 11));
        assert_eq!(lines.place(999, 3).line, 3);
    }

    #[test]
    fn lines_come_without_their_breaks() {
        let lines = Lines::of("a", "one\r\ntwo\n");
        let all: Vec<_> = lines.iter().collect();
        assert_eq!(all, [(0, "one"), (5, "two"), (9, "")]);
        assert_eq!(Lines::of("a", "").iter().collect::<Vec<_>>(), [(0, "")]);
    }
}
