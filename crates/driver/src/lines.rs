//! Bytes into lines. Knows no stream, no clock.

/// The longest line in bytes; a longer one comes in pieces. It is what one event of CloudWatch Logs
/// can hold.
pub(crate) const LONGEST: usize = 256 * 1024;

/// Cuts a stream of bytes into lines.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    pending: Vec<u8>,
}

impl LineSplitter {
    /// Takes bytes in and hands out every line that they complete.
    pub(crate) fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(String)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.append(&bytes[..end], &mut each);
            each(text(&self.pending));
            self.pending.clear();
            bytes = &bytes[end + 1..];
        }
        self.append(bytes, &mut each);
    }

    /// The last line, when it had no end.
    pub(crate) fn finish(&mut self) -> Option<String> {
        (!self.pending.is_empty()).then(|| text(&std::mem::take(&mut self.pending)))
    }

    /// Adds bytes of one line. A line that is exactly as long as allowed is not cut.
    fn append(&mut self, bytes: &[u8], each: &mut impl FnMut(String)) {
        self.pending.extend_from_slice(bytes);
        while self.pending.len() > LONGEST {
            let rest = self.pending.split_off(cut(&self.pending));
            each(text(&self.pending));
            self.pending = rest;
        }
    }
}

/// Where to cut a line that is longer than [`LONGEST`]: not inside a character of UTF-8.
pub(crate) fn cut(line: &[u8]) -> usize {
    let continues = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
    (LONGEST - 3..=LONGEST).rev().find(|at| !continues(line[*at])).unwrap_or(LONGEST)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chunks: &[&[u8]], complete: &[&str], last: Option<&str>) {
        let (mut splitter, mut lines) = (LineSplitter::default(), Vec::new());
        for chunk in chunks {
            splitter.push(chunk, |line| lines.push(line));
        }
        assert_eq!(lines, complete, "{chunks:?}");
        assert_eq!(splitter.finish().as_deref(), last, "{chunks:?}");
        assert_eq!(splitter.finish(), None, "a finished line is given once");
    }

    #[test]
    fn lines_end_at_newlines_wherever_the_chunks_end() {
        check(&[b"one\ntwo\n"], &["one", "two"], None);
        check(&[b"on", b"e\nt", b"wo"], &["one"], Some("two"));
        check(&[b"\n\n"], &["", ""], None);
        check(&[b"kept\r\n"], &["kept\r"], None);
        check(&[], &[], None);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        check(&[b"a\xffb\n"], &["a\u{fffd}b"], None);
    }

    #[test]
    fn a_character_may_come_in_two_chunks() {
        check(&["é".as_bytes().split_at(1).0, "é\n".as_bytes().split_at(1).1], &["é"], None);
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_one_line() {
        let line = "x".repeat(LONGEST);
        check(&[line.as_bytes(), b"\n"], &[&line], None);
    }

    #[test]
    fn a_longer_line_comes_in_pieces_between_characters() {
        let line = format!("{}é and more", "x".repeat(LONGEST - 1));
        check(&[line.as_bytes(), b"\n"], &[&line[..LONGEST - 1], "é and more"], None);
        let long = "y".repeat(2 * LONGEST + 1);
        check(&[long.as_bytes()], &[&long[..LONGEST], &long[..LONGEST]], Some("y"));
    }
}
