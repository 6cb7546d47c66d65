//! What moves: progress of long work, and a view that is drawn again in its place. Where nobody
//! watches, both are plain lines.

use super::say;
use console::{Style, Term};
use std::collections::VecDeque;
use std::time::Instant;

/// How many of the newest lines of long work are shown while it goes on.
const LINES: usize = 6;

/// Long work that prints lines. While it goes on the newest are shown; when it fails all that were
/// kept are.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    begun: Instant,
    kept: VecDeque<String>,
    screen: Screen,
}

/// How many lines are kept for a failure.
const KEPT: usize = 200;

impl Progress {
    /// Begins.
    pub(crate) fn begin(what: &str) -> Self {
        let mut screen = Screen::new();
        if screen.is_watched() {
            screen.show(&[format!("… {what}")]);
        } else {
            say::note(what);
        }
        Self { what: what.to_owned(), begun: Instant::now(), kept: VecDeque::new(), screen }
    }

    /// Takes a line.
    pub(crate) fn line(&mut self, line: &str) {
        // Builders colour what goes to their error stream.
        let line = console::strip_ansi_codes(line);
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(line.into_owned());
        if self.screen.is_watched() {
            let seconds = self.begun.elapsed().as_secs();
            let newest = self.kept.iter().skip(self.kept.len().saturating_sub(LINES));
            let newest = newest.map(|line| format!("    {line}"));
            let head = format!("… {} ({seconds} s)", self.what);
            self.screen.show(&[head].into_iter().chain(newest).collect::<Vec<_>>());
        }
    }

    /// Ends, well or not.
    pub(crate) fn end(mut self, well: impl Into<Outcome>) {
        self.screen.show(&[]);
        let seconds = self.begun.elapsed().as_secs_f64();
        match well.into() {
            Outcome::Well => say::done(&format!("{} ({seconds:.1} s)", self.what)),
            Outcome::Badly => self.kept.iter().for_each(|line| say::note(&format!("    {line}"))),
        }
    }
}

/// How long work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Well,
    Badly,
}

impl From<bool> for Outcome {
    fn from(well: bool) -> Self {
        if well { Self::Well } else { Self::Badly }
    }
}

/// Lines at the bottom of the terminal that are drawn again in their place.
#[derive(Debug)]
pub(crate) struct Screen {
    term: Term,
    shown: Vec<String>,
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self { term: Term::stderr(), shown: Vec::new() }
    }

    /// Whether somebody watches.
    pub(crate) fn is_watched(&self) -> bool {
        self.term.is_term()
    }

    /// Shows lines in the place of those shown before.
    pub(crate) fn show(&mut self, lines: &[String]) {
        let width = usize::from(self.term.size().1);
        let height = usize::from(self.term.size().0).saturating_sub(1);
        let cut = |line: &String| console::truncate_str(line, width.max(20), "…").into_owned();
        let fresh: Vec<String> = lines.iter().take(height.max(5)).map(cut).collect();
        if fresh == self.shown || !self.is_watched() {
            return;
        }
        let text: String = fresh.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        // A terminal that is gone can't be told.
        let _cleared = self.term.clear_last_lines(self.shown.len());
        let _written = self.term.write_str(&text);
        self.shown = fresh;
    }

    /// Writes a line above what is shown.
    pub(crate) fn above(&mut self, line: &str) {
        let shown = std::mem::take(&mut self.shown);
        if self.is_watched() {
            let _cleared = self.term.clear_last_lines(shown.len());
        }
        let _written = self.term.write_line(line);
        self.show(&shown);
    }
}

/// A faint text.
pub(crate) fn faint(text: &str) -> String {
    Style::new().for_stderr().dim().apply_to(text).to_string()
}
