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
            message: message.into(),
            hint: None,
            related: Vec::new(),
            conceal: false,
        }
    }

    pub(crate) fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With a hint when there is one to give.
    pub(crate) fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint: hint.or(self.hint), ..self }
    }

    pub(crate) fn related(mut self, span: TextSpan, label: impl Into<String>) -> Self {
        self.related.push(Related { span, label: label.into() });
        self
    }

    pub(crate) fn concealed(self) -> Self {
        Self { conceal: true, ..self }
    }
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
