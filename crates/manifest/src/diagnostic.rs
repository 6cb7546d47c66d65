//! What is wrong with a manifest, as plain data.
//!
//! A diagnostic must not know how it is shown: no colours, no source lines, no terminal. The binary
//! draws it.

use crate::{Code, TextSpan};

/// One mistake, or one thing worth knowing, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of mistake; stable, so that it can be looked up and searched for.
    pub code: Code,
    /// Whether the manifest can be used in spite of it.
    pub severity: Severity,
    /// What the message speaks of.
    pub span: TextSpan,
    /// A few words to stand at the span; may be empty.
    pub label: String,
    /// What happened: why. One line, lower case, no full stop.
    pub message: String,
    /// What to do, when there is something better than "the opposite".
    pub hint: Option<String>,
    /// Other places that belong to the mistake: the first of two equal keys.
    pub related: Vec<Related>,
    /// Whether the text at the span may be a secret. Such text must not be shown, not even as the
    /// source line under the message.
    pub conceal: bool,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written or deployed from this manifest.
    Error,
    /// The manifest is usable, and probably not what was meant.
    Warning,
}

/// Another place that a diagnostic speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it stands.
    pub span: TextSpan,
    /// What is there.
    pub label: String,
}

impl Diagnostic {
    /// A diagnostic as severe as its code says, without label, hint and related places.
    pub(crate) fn new(code: Code, span: TextSpan, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            span,
            label: String::new(),
            message: visible(message.into()),
            hint: None,
            related: Vec::new(),
            conceal: false,
        }
    }

    pub(crate) fn label(self, label: impl Into<String>) -> Self {
        Self { label: visible(label.into()), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.maybe_hint(Some(hint.into()))
    }

    /// With a hint when there is one to give.
    pub(crate) fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint: hint.map(visible).or(self.hint), ..self }
    }

    pub(crate) fn related(mut self, span: TextSpan, label: impl Into<String>) -> Self {
        self.related.push(Related { span, label: visible(label.into()) });
        self
    }

    pub(crate) fn concealed(self) -> Self {
        Self { conceal: true, ..self }
    }
}

/// A text with its control characters in visible form. Messages repeat words of the manifest, which
/// must neither break a line nor speak to the terminal.
fn visible(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let shown = |character: char| {
        if character.is_control() {
            character.escape_default().to_string()
        } else {
            character.to_string()
        }
    };
    text.chars().map(shown).collect()
}

/// Whether the manifest can't be used.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Puts diagnostics in the order of the text, and each of them once: the same mistake is met again
/// in every environment that inherits it.
pub(crate) fn tidy(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        (a.span, a.code, &a.message, &a.hint).cmp(&(b.span, b.code, &b.message, &b.hint))
    });
    diagnostics.dedup_by(|a, b| (a.span, a.code, &a.message) == (b.span, b.code, &b.message));
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_says_can_not_speak_to_the_terminal() {
        let diagnostic = Diagnostic::new(Code::UnknownKey, TextSpan::default(), "a\u{1b}[31m\nb");
        assert_eq!(diagnostic.message, "a\\u{1b}[31m\\nb");
    }

    #[test]
    fn the_same_mistake_is_said_once_and_in_the_order_of_the_text() {
        let at = |start: usize| TextSpan { start, ..TextSpan::default() };
        let mistake = |start: usize| Diagnostic::new(Code::WrongType, at(start), "x");
        assert_eq!(tidy(vec![mistake(5), mistake(1), mistake(5)]), [mistake(1), mistake(5)]);
    }
}
