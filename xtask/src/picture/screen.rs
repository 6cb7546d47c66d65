//! A terminal that knows as much as our own output needs: lines, colours, going up, clearing.

use std::str::Chars;

/// A character with its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) character: char,
    pub(crate) look: Look,
}

/// How a character looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look {
    /// The foreground: ANSI's 0 to 7.
    pub(crate) colour: Option<u8>,
    pub(crate) bold: bool,
    pub(crate) dim: bool,
}

/// The terminal.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    lines: Vec<Vec<Cell>>,
    row: usize,
    column: usize,
    look: Look,
}

impl Screen {
    /// What was written, line by line.
    pub(crate) fn lines(&self) -> &[Vec<Cell>] {
        let filled = self.lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
        &self.lines[..filled]
    }

    /// Writes text with its control sequences.
    pub(crate) fn write(&mut self, text: &str) {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\n' => self.row += 1,
                '\r' => self.column = 0,
                '\u{1b}' => self.sequence(&mut characters),
                _ => self.put(character),
            }
        }
    }

    fn put(&mut self, character: char) {
        while self.lines.len() <= self.row {
            self.lines.push(Vec::new());
        }
        let line = &mut self.lines[self.row];
        let blank = Cell { character: ' ', look: Look::default() };
        while line.len() <= self.column {
            line.push(blank);
        }
        line[self.column] = Cell { character, look: self.look };
        self.column += 1;
    }

    /// `ESC [ numbers letter`; nothing else is written by us.
    fn sequence(&mut self, characters: &mut Chars<'_>) {
        if characters.next() != Some('[') {
            return;
        }
        let mut numbers = String::new();
        for next in characters.by_ref() {
            if next.is_ascii_alphabetic() {
                return self.control(next, &numbers);
            }
            numbers.push(next);
        }
    }

    fn control(&mut self, letter: char, numbers: &str) {
        let first = || numbers.parse().unwrap_or(1);
        match letter {
            'A' => self.row = self.row.saturating_sub(first()),
            'B' => self.row += first(),
            'K' => {
                if let Some(line) = self.lines.get_mut(self.row) {
                    line.clear();
                }
            }
            'J' => self.lines.truncate(self.row),
            'm' => numbers.split(';').for_each(|number| self.style(number)),
            _ => {}
        }
    }

    fn style(&mut self, number: &str) {
        match number.parse().unwrap_or(0) {
            0 => self.look = Look::default(),
            1 => self.look.bold = true,
            2 => self.look.dim = true,
            colour @ 30..=37 => self.look.colour = Some(colour - 30),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(screen: &Screen) -> Vec<String> {
        let line = |line: &Vec<Cell>| line.iter().map(|cell| cell.character).collect();
        screen.lines().iter().map(line).collect()
    }

    #[test]
    fn lines_are_drawn_again_in_their_place() {
        let mut screen = Screen::default();
        screen.write("one\r\ntwo\r\n\u{1b}[1A\r\u{1b}[2K\u{1b}[32mTWO\u{1b}[0m\r\n");
        assert_eq!(text(&screen), ["one", "TWO"]);
        assert_eq!(screen.lines()[1][0].look.colour, Some(2));
    }
}
