//! One environment of the manifest.

use crate::finding::Edit;
use crate::subject::Written;
use manifest::{Resolved, TextSpan};
use source::Place;

/// An environment, and where its values stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'s> {
    pub(crate) resolved: &'s Resolved,
    pub(crate) manifest: Written<'s>,
}

impl Setting<'_> {
    /// Whether it is the local region, which has neither names nor certificates of its own.
    pub(crate) fn is_local(&self) -> bool {
        self.resolved.name == manifest::LOCAL
    }

    /// The value of a field, or the nearest thing around it.
    pub(crate) fn place(&self, path: &str) -> Place {
        self.at(self.resolved.positions.nearest(path).unwrap_or_default())
    }

    /// The key of a field, or the nearest thing around it.
    pub(crate) fn key(&self, path: &str) -> Place {
        let given = self.resolved.positions.get(path).map(|position| position.key);
        given.map_or_else(|| self.place(path), |span| self.at(span))
    }

    /// Whether the manifest gives a field.
    pub(crate) fn gives(&self, path: &str) -> bool {
        self.resolved.positions.get(path).is_some()
    }

    /// Another value for a field that is given on one line.
    pub(crate) fn replace(&self, path: &str, value: &str) -> Option<Edit> {
        let span = self.resolved.positions.get(path)?.value;
        let old = span.of(self.manifest.text);
        let is_plain = !old.is_empty() && !old.contains('\n') && !old.starts_with(['{', '[', '*']);
        is_plain.then(|| Edit {
            file: self.manifest.file.to_owned(),
            start: span.start,
            end: span.end,
            text: value.to_owned(),
        })
    }

    /// A line after that of a field which stands on a line of its own, as deep as that field.
    pub(crate) fn add_after(&self, path: &str, line: &str) -> Option<Edit> {
        let position = self.resolved.positions.get(path)?;
        let text = self.manifest.text;
        let begin = text[..position.key.start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[begin..position.key.start];
        let end = text[position.value.end..].find('\n');
        let end = end.map_or(text.len(), |at| position.value.end + at);
        let is_alone = indent.chars().all(|it| it == ' ');
        let is_one_line = !text[position.key.start..position.value.end].contains('\n');
        (is_alone && is_one_line).then(|| Edit {
            file: self.manifest.file.to_owned(),
            start: end,
            end,
            text: format!("\n{indent}{line}"),
        })
    }

    fn at(&self, span: TextSpan) -> Place {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place {
            file: self.manifest.file.to_owned(),
            line: span.line.max(1),
            column: span.column.max(1),
            start: count(span.start),
            end: count(span.end),
        }
    }
}
