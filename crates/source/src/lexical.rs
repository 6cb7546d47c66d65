//! Words, texts, numbers and signs: as much of a language as can be had without parsing it.
//!
//! Comments are gone, strings are whole. What is found by a pattern of tokens is probably what it looks
//! like; facts from here are [`Likely`](crate::Certainty) at best unless the words leave no doubt.

use crate::Place;
use crate::place::Lines;

/// How a language writes comments and strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Python,
    Go,
    Rust,
    Java,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Token<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind<'t>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind<'t> {
    Word(&'t str),
    /// What stands between the quotes, as written.
    Text(&'t str),
    Number(&'t str),
    Sign(char),
}

/// A file's tokens.
#[derive(Debug)]
pub(crate) struct Lexed<'t> {
    pub(crate) lines: Lines<'t>,
    pub(crate) tokens: Vec<Token<'t>>,
}

/// A place where a pattern fits.
#[derive(Debug, Clone)]
pub(crate) struct Fit<'t> {
    /// The index of its first token.
    pub(crate) at: usize,
    /// The index after its last one.
    pub(crate) after: usize,
    /// What stands where the pattern has a `$`.
    pub(crate) caught: Vec<&'t str>,
}

impl<'t> Token<'t> {
    /// A string's content.
    pub(crate) fn text(&self) -> Option<&'t str> {
        if let Kind::Text(text) = self.kind { Some(text) } else { None }
    }

    /// A word.
    pub(crate) fn word(&self) -> Option<&'t str> {
        if let Kind::Word(word) = self.kind { Some(word) } else { None }
    }

    /// A number.
    pub(crate) fn number(&self) -> Option<u32> {
        let Kind::Number(number) = self.kind else { return None };
        number.replace('_', "").trim_end_matches(|it: char| it.is_alphabetic()).parse().ok()
    }

    /// Whether it is this sign.
    pub(crate) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

impl<'t> Lexed<'t> {
    pub(crate) fn of(file: &'t str, text: &'t str, dialect: Dialect) -> Self {
        Self { lines: Lines::of(file, text), tokens: tokens(text, dialect) }
    }

    /// Every place where a pattern fits. A pattern is words and signs with blanks between; `$t` is any
    /// string, `$w` any word, `$n` any number.
    pub(crate) fn find(&self, pattern: &str) -> Vec<Fit<'t>> {
        let pieces: Vec<&str> = pattern.split_whitespace().collect();
        (0..self.tokens.len()).filter_map(|at| self.fit(at, &pieces)).collect()
    }

    /// Whether a pattern fits anywhere.
    pub(crate) fn has(&self, pattern: &str) -> bool {
        !self.find(pattern).is_empty()
    }

    fn fit(&self, at: usize, pieces: &[&str]) -> Option<Fit<'t>> {
        let mut caught = Vec::new();
        for (offset, piece) in pieces.iter().enumerate() {
            match (self.tokens.get(at + offset)?.kind, *piece) {
                (Kind::Text(text), "$t") => caught.push(text),
                (Kind::Word(word), "$w") => caught.push(word),
                (Kind::Number(number), "$n") => caught.push(number),
                (Kind::Word(word), piece) if word == piece => {}
                (Kind::Sign(sign), piece) if piece.chars().eq([sign]) => {}
                _ => return None,
            }
        }
        Some(Fit { at, after: at + pieces.len(), caught })
    }

    /// Where a pattern fits.
    pub(crate) fn place(&self, fit: &Fit<'_>) -> Place {
        let first = self.tokens.get(fit.at).map_or(0, |token| token.start);
        let last = self.tokens.get(fit.after.saturating_sub(1)).map_or(first, |token| token.end);
        self.lines.place(first, last)
    }

    /// The tokens from an index to the end of the bracket that is open there, or of the file.
    pub(crate) fn rest_of_bracket(&self, from: usize) -> &[Token<'t>] {
        let tokens = self.tokens.get(from..).unwrap_or_default();
        let mut depth = 0_usize;
        let end = tokens.iter().position(|token| match token.kind {
            Kind::Sign('(' | '[' | '{') => {
                depth += 1;
                false
            }
            Kind::Sign(')' | ']' | '}') if depth == 0 => true,
            Kind::Sign(')' | ']' | '}') => {
                depth -= 1;
                false
            }
            _ => false,
        });
        &tokens[..end.unwrap_or(tokens.len())]
    }

    /// The value of a named argument in the bracket that is open at an index: `name = value`.
    pub(crate) fn named(&self, from: usize, name: &str) -> Option<Token<'t>> {
        let inside = self.rest_of_bracket(from);
        let at = inside.windows(2).position(|pair| {
            pair[0].word() == Some(name) && (pair[1].is('=') || pair[1].is(':'))
        })?;
        inside.get(at + 2).copied()
    }
}

fn tokens(text: &str, dialect: Dialect) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if let Some(length) = comment(rest, dialect) {
            at += length;
        } else if let Some((open, length, close)) = string(rest, dialect) {
            let inside = text.get(at + open..at + length - close).unwrap_or_default();
            tokens.push(Token { start: at, end: at + length, kind: Kind::Text(inside) });
            at += length;
        } else if first.is_alphanumeric()
            || first == '_'
            || first == '$' && dialect == Dialect::Java
        {
            let is_in = |it: char| it.is_alphanumeric() || it == '_';
            let length = rest.find(|it: char| !is_in(it) && it != '$').unwrap_or(rest.len());
            let word = &rest[..length.max(first.len_utf8())];
            let kind = if first.is_ascii_digit() { Kind::Number(word) } else { Kind::Word(word) };
            tokens.push(Token { start: at, end: at + word.len(), kind });
            at += word.len();
        } else {
            let end = at + first.len_utf8();
            if !first.is_whitespace() {
                tokens.push(Token { start: at, end, kind: Kind::Sign(first) });
            }
            at = end;
        }
    }
    tokens
}

/// The length of a comment that begins here.
fn comment(rest: &str, dialect: Dialect) -> Option<usize> {
    let line = if dialect == Dialect::Python { "#" } else { "//" };
    if rest.starts_with(line) {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let is_block = dialect != Dialect::Python && rest.starts_with("/*");
    is_block.then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

/// A string that begins here: the length of its opening, of all of it, and of its closing.
fn string(rest: &str, dialect: Dialect) -> Option<(usize, usize, usize)> {
    match dialect {
        Dialect::Python => {
            let prefix = rest.find(['"', '\'']).filter(|length| {
                *length <= 2 && rest[..*length].chars().all(|it| "rRbBfFuU".contains(it))
            })?;
            let body = &rest[prefix..];
            let triple = ["\"\"\"", "'''"].iter().find(|quote| body.starts_with(**quote));
            match triple {
                Some(quote) => {
                    let end = body.get(3..)?.find(quote).map_or(body.len(), |end| end + 6);
                    Some((prefix + 3, prefix + end, 3.min(end.saturating_sub(3))))
                }
                None => quoted(body).map(|end| (prefix + 1, prefix + end, 1)),
            }
        }
        Dialect::Go if rest.starts_with('`') => {
            let end = rest.get(1..)?.find('`')? + 2;
            Some((1, end, 1))
        }
        Dialect::Rust if rest.starts_with("r\"") || rest.starts_with("r#") => {
            let hashes = rest[1..].chars().take_while(|it| *it == '#').count();
            let open = 1 + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            if !rest[1 + hashes..].starts_with('"') {
                return None;
            }
            let end = rest.get(open..)?.find(&close)? + open + close.len();
            Some((open, end, close.len()))
        }
        // A lifetime is no character.
        Dialect::Rust if rest.starts_with('\'') => {
            let mut inside = rest.chars().skip(1);
            let first = inside.next()?;
            let is_character = first == '\\' || inside.next() == Some('\'');
            is_character.then(|| quoted(rest)).flatten().map(|end| (1, end, 1))
        }
        Dialect::Java if rest.starts_with("\"\"\"") => {
            let end = rest.get(3..)?.find("\"\"\"")? + 6;
            Some((3, end, 3))
        }
        _ if rest.starts_with(['"', '\'']) => quoted(rest).map(|end| (1, end, 1)),
        _ => None,
    }
}

/// The length of a string in single quotes or double ones, on one line.
fn quoted(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices();
    let (_, quote) = characters.next()?;
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\n' => return None,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, dialect: Dialect) -> Vec<String> {
        let show = |token: &Token<'_>| match token.kind {
            Kind::Word(word) => word.to_owned(),
            Kind::Text(text) => format!("<{text}>"),
            Kind::Number(number) => format!("#{number}"),
            Kind::Sign(sign) => sign.to_string(),
        };
        tokens(text, dialect).iter().map(show).collect()
    }

    #[test]
    fn strings_are_whole_and_comments_are_gone() {
        for (dialect, text, expected) in [
            (
                Dialect::Python,
                "x = f'a{b}' # c\n\"\"\"d\n'e'\"\"\" 8_0",
                "x = <a{b}> <d\n'e'> #8_0",
            ),
            (
                Dialect::Go,
                "a(\"b\\\"c\") // d\n`e \"f\"` /* g */ 'h'",
                "a ( <b\\\"c> ) <e \"f\"> <h>",
            ),
            (
                Dialect::Rust,
                "fn a<'b>(c: &'b str) { r#\"d\"e\"#; '\\n' }",
                "fn a < ' b > ( c : & ' b str ) { <d\"e> ; <\\n> }",
            ),
            (Dialect::Java, "@Get(\"/x\") \"\"\"\n y\"\"\"", "@ Get ( </x> ) <\n y>"),
        ] {
            assert_eq!(shown(text, dialect).join(" "), expected);
        }
    }

    #[test]
    fn a_pattern_catches_what_it_has_no_word_for() {
        let lexed = Lexed::of(
            "a.py",
            "os.environ.get('PORT', 80)\nrun(host='h', x=f(1), port=9)",
            Dialect::Python,
        );
        let fits = lexed.find("environ . get ( $t , $n");
        assert_eq!(fits[0].caught, ["PORT", "80"]);
        let run = &lexed.find("run (")[0];
        assert_eq!(lexed.named(run.after, "host").unwrap().text(), Some("h"));
        assert_eq!(lexed.named(run.after, "port").unwrap().number(), Some(9));
        assert_eq!(lexed.place(run).line, 2);
    }
}
