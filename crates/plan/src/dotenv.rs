//! Lines `NAME=value`, as dotenv files hold them and programs print them.

use model::Secret;
use std::collections::BTreeMap;

/// The variables of a text; of several lines with one name the last holds. Lines that are none are
/// passed over, for a program prints others too.
///
/// Without quotes a value ends at ` #` or the line's end. In single quotes nothing has a meaning; in
/// double quotes `\n`, `\r`, `\t`, `\"` and `\\` stand for what they do in a shell's `$'…'`. A value
/// in quotes may have several lines.
#[must_use]
pub fn read(text: &str) -> BTreeMap<String, Secret> {
    let mut variables = BTreeMap::new();
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let line = &text[at..end];
        at = end + 1;
        let Some((name, value)) = named(line) else { continue };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            variables.insert(name.to_owned(), Secret::from(bare(value)));
            continue;
        };
        // It may go on behind the line's end.
        let inside = end - value.len() + 1;
        if let Some((value, used)) = quoted(&text[inside..], quote) {
            variables.insert(name.to_owned(), Secret::from(value));
            at = line_end(text, inside + used) + 1;
        }
    }
    variables
}

/// Where the line ends that a place is in.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// A name and what stands behind its `=`.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let whole = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (starts && whole).then_some((name, value))
}

fn bare(value: &str) -> &str {
    let end = value.find(" #").unwrap_or(value.len());
    value[..end].trim()
}

/// The text up to the closing quote, and how many bytes it took with that quote.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            _ if c == quote => return Some((value, at + 1)),
            '\\' if quote == '"' => match characters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                other @ ('"' | '\\') => value.push(other),
                other => value.extend(['\\', other]),
            },
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        assert_eq!(read(text), expected.collect(), "{text}");
    }

    #[test]
    fn values_are_read_as_dotenv_files_write_them() {
        check("A=1\nB = two words \nexport C=3", &[("A", "1"), ("B", "two words"), ("C", "3")]);
        check("# A=1\n\nB=2 # not this\nC=a#b\n", &[("B", "2"), ("C", "a#b")]);
        check("A=\nB=\"\"\n", &[("A", ""), ("B", "")]);
        check("A='x # \\n'\nB=\"x\\n\\\"y\\\"\" # said\n", &[("A", "x # \\n"), ("B", "x\n\"y\"")]);
        check("A=\"x\ny\"\nB=2", &[("A", "x\ny"), ("B", "2")]);
        check("A='1'", &[("A", "1")]);
        check("B=2\nA=\"1\"", &[("A", "1"), ("B", "2")]);
    }

    #[test]
    fn other_lines_are_passed_over_and_the_last_one_holds() {
        check("ready\nA=1\nlistening on http://x?a=b\nA=2\r\n=3\n", &[("A", "2")]);
        check("A=\"never closed\nB=1\n", &[("B", "1")]);
    }
}
