//! A command's line, and the words that it is cut into.
//!
//! AWS's agent in a container starts no shell around a command: it cuts the line as the library
//! `google/shlex` does and runs the words. So variables, pipes and `&&` take a shell of their own.

/// Why a line has no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWords {
    /// A quote has no end.
    #[error("EOF found when expecting closing quote")]
    OpenQuote,
    /// A backslash stands at the end.
    #[error("EOF found after escape character")]
    OpenEscape,
    /// There are none.
    #[error("the command is empty")]
    Empty,
}

/// Between which quotes a character stands.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Single,
    Double,
    Comment,
}

/// The words of a line.
///
/// # Errors
/// When a quote or an escape is left open, or no word is there.
pub fn split(line: &str) -> Result<Vec<String>, NoWords> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut within = Within::Nothing;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (within, c) {
            (Within::Nothing, ' ' | '\t' | '\r' | '\n') => words.extend(word.take()),
            (Within::Nothing, '#') if word.is_none() => within = Within::Comment,
            (Within::Nothing, '\'') => within = begin(&mut word, Within::Single),
            (Within::Nothing, '"') => within = begin(&mut word, Within::Double),
            (Within::Single, '\'') | (Within::Double, '"') | (Within::Comment, '\n') => {
                within = Within::Nothing;
            }
            (Within::Nothing | Within::Double, '\\') => {
                let escaped = characters.next().ok_or(NoWords::OpenEscape)?;
                word.get_or_insert_default().push(escaped);
            }
            (Within::Comment, _) => {}
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match within {
        Within::Single | Within::Double => Err(NoWords::OpenQuote),
        Within::Nothing | Within::Comment if words.is_empty() => Err(NoWords::Empty),
        Within::Nothing | Within::Comment => Ok(words),
    }
}

/// A line that is cut into these words, also by a shell.
#[must_use]
pub fn join<T: AsRef<str>>(words: &[T]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| quote(word.as_ref())).collect();
    quoted.join(" ")
}

/// An empty pair of quotes is a word, too.
fn begin(word: &mut Option<String>, within: Within) -> Within {
    word.get_or_insert_default();
    within
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_cut_as_awss_agent_cuts_them() {
        for (line, expected) in [
            ("/bin/sh", Ok(&["/bin/sh"][..])),
            ("  ls   -l\t/tmp ", Ok(&["ls", "-l", "/tmp"])),
            ("sh -c 'echo \"a b\"; exit 3'", Ok(&["sh", "-c", "echo \"a b\"; exit 3"])),
            (r#"echo "a \"b\" $X" c\ d"#, Ok(&["echo", "a \"b\" $X", "c d"])),
            (r"echo 'a\b' ''", Ok(&["echo", r"a\b", ""])),
            ("echo a'b'\"c\" # the end", Ok(&["echo", "abc"])),
            ("echo a#b", Ok(&["echo", "a#b"])),
            ("a && b | c", Ok(&["a", "&&", "b", "|", "c"])),
            ("echo 'a", Err(NoWords::OpenQuote)),
            ("echo \"a", Err(NoWords::OpenQuote)),
            ("echo a\\", Err(NoWords::OpenEscape)),
            ("  ", Err(NoWords::Empty)),
            ("# nothing", Err(NoWords::Empty)),
        ] {
            let expected: Result<Vec<String>, _> =
                expected.map(|words| words.iter().map(|&word| word.to_owned()).collect());
            assert_eq!(split(line), expected, "{line}");
        }
    }

    #[test]
    fn words_that_need_no_quotes_have_none() {
        assert_eq!(join(&["ls", "-l", "/tmp/a_b.c"]), "ls -l /tmp/a_b.c");
        assert_eq!(join(&["echo", "it's", ""]), r"echo 'it'\''s' ''");
    }

    proptest! {
        #[test]
        fn a_line_has_the_words_that_it_was_made_of(words in proptest::collection::vec(".*", 1..5)) {
            prop_assert_eq!(split(&join(&words)), Ok(words));
        }
    }
}
