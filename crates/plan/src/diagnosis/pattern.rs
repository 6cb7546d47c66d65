//! Patterns of log lines, as data: what programs write when they fail in a certain way.

use super::cause::Cause;
use super::scene::{Diagnosis, Scene};
use regex_lite::Regex;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Lines that tell a cause.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The cause.
    pub(super) cause: Cause,
    /// What happened; what was captured follows.
    title: &'static str,
    /// What such lines look like, one alternative an item. The first group captures what the line is
    /// about.
    lines: Expressions,
    /// What some line must look like besides, for patterns that alone would fit too much; nothing for
    /// others.
    besides: Expressions,
    /// What to do, given what was captured.
    todo: fn(&Scene<'_>, &[String]) -> Vec<String>,
}

/// Expressions that are compiled when they are first needed.
#[derive(Debug)]
pub(super) struct Expressions {
    texts: &'static [&'static str],
    compiled: OnceLock<Vec<Regex>>,
}

/// The most things that a title names.
const NAMED: usize = 5;

// === impl Expressions ===

impl Expressions {
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        Self { texts, compiled: OnceLock::new() }
    }

    pub(super) fn all(&self) -> &[Regex] {
        let compile = |text: &&str| Regex::new(text).expect("a test compiles every expression");
        self.compiled.get_or_init(|| self.texts.iter().map(compile).collect())
    }

    /// What a text is about, if it fits: empty where the expression captures nothing.
    pub(super) fn capture<'t>(&self, text: &'t str) -> Option<&'t str> {
        let captures = self.all().iter().find_map(|regex| regex.captures(text))?;
        Some(captures.get(1).map_or("", |held| held.as_str()))
    }
}

// === impl Pattern ===

impl Pattern {
    /// A pattern of lines that tell the cause alone.
    pub(super) const fn new(
        cause: Cause,
        title: &'static str,
        lines: &'static [&'static str],
        todo: fn(&Scene<'_>, &[String]) -> Vec<String>,
    ) -> Self {
        Self::besides(cause, title, [lines, &[]], todo)
    }

    /// A pattern where some line looks like one of the second expressions besides.
    pub(super) const fn besides(
        cause: Cause,
        title: &'static str,
        [lines, besides]: [&'static [&'static str]; 2],
        todo: fn(&Scene<'_>, &[String]) -> Vec<String>,
    ) -> Self {
        Self {
            cause,
            title,
            lines: Expressions::new(lines),
            besides: Expressions::new(besides),
            todo,
        }
    }

    /// The diagnosis of a log that has such lines.
    pub(super) fn find(&self, scene: &Scene<'_>) -> Option<Diagnosis> {
        let lines = scene.lines();
        if !self.besides.texts.is_empty() {
            lines.iter().find(|(_, line)| self.besides.capture(&line.text).is_some())?;
        }
        let mut first = None;
        let (mut captured, mut known) = (Vec::new(), BTreeSet::new());
        for (place, line) in lines {
            let Some(what) = self.lines.capture(&line.text) else { continue };
            first.get_or_insert(place);
            if !what.is_empty() && captured.len() < NAMED && known.insert(what) {
                captured.push(what.to_owned());
            }
        }
        if scene.case.withheld.is_some() {
            captured.clear();
        }
        let title = match captured.as_slice() {
            [] => self.title.to_owned(),
            captured => format!("{}: {}", self.title, captured.join(", ")),
        };
        let todo = (self.todo)(scene, &captured);
        Some(Diagnosis { todo, ..Diagnosis::new(self.cause, title).line(Some(first?)) })
    }

    /// All expressions, for the test that compiles them.
    #[cfg(test)]
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expressions> {
        [&self.lines, &self.besides].into_iter()
    }
}

/// The diagnosis by the first pattern of a table that fits.
pub(super) fn first(table: &[Pattern], scene: &Scene<'_>) -> Option<Diagnosis> {
    table.iter().find_map(|pattern| pattern.find(scene))
}
