//! Where in the manifest's text something stands.

/// A stretch of the manifest's text. Ordered by where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct TextSpan {
    /// The first byte's offset in the text.
    pub start: usize,
    /// The offset after the last byte; equal to `start` where something is missing.
    pub end: usize,
    /// The line of the first character, from 1.
    pub line: u32,
    /// The column of the first character, in characters, from 1.
    pub column: u32,
}

/// Where a message points that has no place of its own.
pub(crate) const START: TextSpan = TextSpan { start: 0, end: 0, line: 1, column: 1 };

impl TextSpan {
    /// How many bytes it covers.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it is a point between two characters.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The text it covers; empty for a span of another text.
    #[must_use]
    pub fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// The part from byte `from` to byte `to` within this span of `source`.
    pub(crate) fn part(self, source: &str, from: usize, to: usize) -> Self {
        let text = source.get(self.start..).unwrap_or_default();
        let before = text.get(..from).unwrap_or_default();
        let (lines, line_start) = last_line(text, before.len());
        let characters = count(before[line_start..].chars().count());
        let column = if lines == 0 { self.column + characters } else { 1 + characters };
        let line = self.line + count(lines);
        Self { start: self.start + from, end: self.start + to, line, column }
    }
}

/// How many line breaks the first `length` bytes of a text have, and where their last line begins.
/// As YAML has it, `\r` alone is a line break too.
fn last_line(text: &str, length: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let breaks = bytes[..length].iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    breaks.fold((0, 0), |(lines, _), (at, _)| (lines + 1, at + 1))
}

/// Lines and columns are counted in 32 bits; the text is limited to far less.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_counts_lines_and_characters_not_bytes() {
        let source = "k: |\n  é ${X}\n  ${Y}\n";
        let whole = TextSpan { start: 5, end: source.len(), line: 2, column: 1 };
        let at = |needle: &str| {
            let from = source[5..].find(needle).unwrap();
            let part = whole.part(source, from, from + needle.len());
            (part.line, part.column, part.of(source).to_owned())
        };
        assert_eq!(at("${X}"), (2, 5, "${X}".to_owned()));
        assert_eq!(at("${Y}"), (3, 3, "${Y}".to_owned()));
    }
}
