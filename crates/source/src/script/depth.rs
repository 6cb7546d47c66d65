//! How deep a script nests, told before it is parsed.
//!
//! The parser descends by recursion, and a stack that runs out ends the process. So what nests deeper
//! than people write is refused by a rough count, which errs on the deep side.

/// The deepest text that is read. What is written by hand stays below 60.
const DEEPEST: usize = 200;

/// Words that open a level without a bracket.
const OPENERS: [&str; 8] = ["else", "typeof", "await", "new", "void", "delete", "yield", "async"];

/// Whether a text nests too deep to be parsed.
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut count = Count::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match rest.find(|next: char| !is_word(next)) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (token, after) = rest.split_at(length);
        count.take(token, after);
        if count.depth() > DEEPEST {
            return true;
        }
        rest = after;
    }
    false
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

#[derive(Default)]
struct Count {
    /// For each open bracket, what was loose before it.
    open: Vec<usize>,
    /// The sum of `open`.
    held: usize,
    /// Levels without brackets since the last statement began.
    loose: usize,
    /// Whether the last token can end an expression.
    ended: bool,
    /// Whether a line or a statement has ended since.
    broken: bool,
}

impl Count {
    fn depth(&self) -> usize {
        self.open.len() + self.held + self.loose
    }

    fn take(&mut self, token: &str, after: &str) {
        match token {
            "\n" => self.broken = true,
            "(" | "[" | "{" => {
                self.open.push(self.loose);
                self.held += self.loose;
                self.loose = 0;
                self.ended = false;
            }
            ")" | "]" | "}" => {
                self.loose = self.open.pop().unwrap_or(0);
                self.held -= self.loose.min(self.held);
                self.ended = true;
            }
            "," => (self.loose, self.ended) = (0, false),
            ";" => self.ended = true,
            "'" | "\"" | "`" => self.ended = true,
            word if word.starts_with(is_word) => self.word(word),
            blank if blank.trim().is_empty() => return,
            sign => self.sign(sign, after),
        }
        self.broken = token == "\n" || token == ";";
    }

    fn word(&mut self, word: &str) {
        // A word on a new line, after what can end an expression, begins a new statement; `else` goes
        // on with one.
        if self.broken && self.ended && word != "else" {
            self.loose = 0;
        }
        let opens = OPENERS.contains(&word);
        self.loose += usize::from(opens);
        self.ended = !opens;
    }

    fn sign(&mut self, sign: &str, after: &str) {
        let opens = match sign {
            "?" | "~" | "@" => true,
            // A chain of members.
            "." => after.starts_with(is_word),
            // Unary where no operand stands before it.
            "!" | "-" | "+" => !self.ended,
            "=" => after.starts_with('>'),
            // An element in an element.
            "<" => after.starts_with(char::is_alphabetic),
            "/" => {
                // `</a>` and `<a/>` end one.
                self.loose = self.loose.saturating_sub(1);
                false
            }
            _ => false,
        };
        self.loose += usize::from(opens);
        self.ended = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_not_too_deep() {
        let statement = "  const a = b ? c : await d.e(f => !g, [1, {h: i.j}])\n";
        let element = "<p className=\"a\">{x ? <b/> : <i>y</i>}</p>\n";
        let waits = "await a(b); new C();\nawait d()\n";
        for text in [
            statement.repeat(500),
            waits.repeat(500),
            format!("return (<div>{}</div>)", element.repeat(300)),
        ] {
            assert!(!is_too_deep(&text), "{text:.60}");
        }
    }

    #[test]
    fn every_way_down_is_counted() {
        for piece in [
            "(",
            "[",
            "{",
            "!",
            "- ",
            "a?b:",
            "a=>",
            "typeof\n",
            "if(a)b\nelse ",
            "if(a)b;else ",
            "<a>",
            ".a",
            "new ",
        ] {
            assert!(is_too_deep(&piece.repeat(5_000)), "{piece:?}");
        }
    }
}
