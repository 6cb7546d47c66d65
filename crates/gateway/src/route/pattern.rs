//! Patterns with `*` (any run of characters, also none) and `?` (exactly one).

/// A pattern, compiled.
#[derive(Debug)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
    case: Case,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Byte(u8),
    One,
    Run,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Minded,
    Ignored,
}

impl Pattern {
    /// A pattern of hosts and header values.
    pub(super) fn ignoring_case(text: &str) -> Self {
        let pieces = text.bytes().map(|byte| piece(byte.to_ascii_lowercase())).collect();
        Self { pieces, case: Case::Ignored }
    }

    /// A pattern of paths. `&` may be written `&amp;`, as AWS documents it.
    pub(super) fn path(text: &str) -> Self {
        let pieces = text.replace("&amp;", "&").bytes().map(piece).collect();
        Self { pieces, case: Case::Minded }
    }

    /// A pattern of query parameters, where a backslash takes the next character literally.
    pub(super) fn query(text: &str) -> Self {
        let mut bytes = text.bytes().map(|byte| byte.to_ascii_lowercase());
        let mut pieces = Vec::new();
        while let Some(byte) = bytes.next() {
            pieces.push(match byte {
                b'\\' => Piece::Byte(bytes.next().unwrap_or(b'\\')),
                other => piece(other),
            });
        }
        Self { pieces, case: Case::Ignored }
    }

    /// Whether all of `text` matches.
    ///
    /// On a mismatch the latest run takes one more character, and matching goes on behind it.
    /// Earlier runs need not be tried again, so the cost is at most pattern × text.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let (mut at, mut here) = (0, 0);
        let mut latest_run: Option<(usize, usize)> = None;
        while here < text.len() {
            match self.pieces.get(at) {
                Some(Piece::Run) => {
                    latest_run = Some((at + 1, here));
                    at += 1;
                    continue;
                }
                Some(piece) if self.fits(*piece, text[here]) => {
                    at += 1;
                    here += 1;
                    continue;
                }
                Some(_) | None => {}
            }
            let Some((behind, taken)) = latest_run else { return false };
            latest_run = Some((behind, taken + 1));
            at = behind;
            here = taken + 1;
        }
        self.pieces[at..].iter().all(|piece| *piece == Piece::Run)
    }

    fn fits(&self, piece: Piece, byte: u8) -> bool {
        match (piece, self.case) {
            (Piece::Byte(wanted), Case::Minded) => wanted == byte,
            (Piece::Byte(wanted), Case::Ignored) => wanted == byte.to_ascii_lowercase(),
            (Piece::One, _) => true,
            (Piece::Run, _) => false,
        }
    }
}

fn piece(byte: u8) -> Piece {
    match byte {
        b'*' => Piece::Run,
        b'?' => Piece::One,
        byte => Piece::Byte(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn check(pattern: &Pattern, cases: &[(&str, bool)]) {
        for (text, expected) in cases {
            assert_eq!(pattern.matches(text.as_bytes()), *expected, "{text} in {pattern:?}");
        }
    }

    #[test]
    fn a_run_takes_any_number_of_characters() {
        check(&Pattern::path("*"), &[("", true), ("/", true), ("/a/b", true)]);
        check(&Pattern::path("/img/*"), &[("/img/", true), ("/img/a/b.jpg", true), ("/im", false)]);
        check(
            &Pattern::path("/img/*/pics"),
            &[("/img/2024/pics", true), ("/img/a/pics/b/pics", true), ("/img/a/pics/b", false)],
        );
        check(&Pattern::path("*a*b"), &[("xaxbxb", true), ("ab", true), ("ba", false)]);
    }

    #[test]
    fn a_question_mark_takes_exactly_one_character() {
        check(&Pattern::path("/v?"), &[("/v1", true), ("/v", false), ("/v12", false)]);
    }

    #[test]
    fn a_pattern_without_wildcards_is_exact() {
        check(&Pattern::path("/a"), &[("/a", true), ("/A", false), ("/a/", false), ("", false)]);
        check(&Pattern::path(""), &[("", true), ("/", false)]);
    }

    #[test]
    fn case_is_ignored_where_aws_ignores_it() {
        check(&Pattern::ignoring_case("*.Example.com"), &[("WWW.example.COM", true)]);
        check(&Pattern::ignoring_case("*.example.com"), &[("example.com", false)]);
        check(&Pattern::query("V*"), &[("v1", true), ("V1", true), ("w", false)]);
    }

    #[test]
    fn a_backslash_makes_a_wildcard_literal_in_queries() {
        check(&Pattern::query(r"a\*b"), &[("a*b", true), ("axb", false)]);
        check(&Pattern::query(r"a\?"), &[("a?", true), ("ab", false)]);
        check(&Pattern::query(r"a\\"), &[(r"a\", true)]);
        check(&Pattern::query(r"a\"), &[(r"a\", true)]);
        check(&Pattern::path(r"a\*"), &[(r"a\b", true), ("a*", false)]);
    }

    #[test]
    fn an_ampersand_may_be_written_as_aws_documents_it() {
        check(&Pattern::path("/a&amp;b"), &[("/a&b", true), ("/a&amp;b", false)]);
    }
}
