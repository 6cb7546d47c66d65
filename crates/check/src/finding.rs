//! What a rule found, as plain data. Who draws it stands elsewhere.

use source::{Certainty, Place};

/// One thing that goes wrong, or may, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What happened: why. One line, lower case, no full stop. Never a secret.
    pub message: String,
    /// The evidence.
    pub place: Place,
    /// A few words to stand at the place; may be empty.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What speaks for it in a running container, one fact a line; nothing for what only files say.
    pub evidence: Vec<String>,
    /// How it is put right.
    pub help: Option<String>,
    /// The text that puts it right, where there is no doubt of it.
    pub edit: Option<Edit>,
    /// The service that it is about.
    pub service: Option<String>,
    /// The environments in which it holds; none for what no environment changes.
    pub environments: Vec<String>,
    /// Whether the text at the place may be a secret, so that no line of it may be shown.
    pub conceal: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look: it rests on a guess, or costs only money or comfort.
    Note,
    /// It works today, and fails on a bad day.
    Warning,
    /// It does not work, or it gives something away.
    Error,
}

/// Another place that a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub place: Place,
    /// What is there.
    pub label: String,
}

/// A text in the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file, from the tree's root.
    pub file: String,
    /// The first byte that is replaced.
    pub start: usize,
    /// The byte after the last one that is replaced; `start` if text is only added.
    pub end: usize,
    /// What is written there.
    pub text: String,
}

// === impl Severity ===

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

// === impl Finding ===

impl Finding {
    pub(crate) fn new(
        rule: &'static str,
        severity: Severity,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity,
            message: visible(message.into()),
            place,
            label: String::new(),
            related: Vec::new(),
            evidence: Vec::new(),
            help: None,
            edit: None,
            service: None,
            environments: Vec::new(),
            conceal: false,
        }
    }

    pub(crate) fn label(self, label: impl Into<String>) -> Self {
        Self { label: visible(label.into()), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(visible(help.into())), ..self }
    }

    pub(crate) fn related(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.related.push(Related { place: place.clone(), label: visible(label.into()) });
        self
    }

    /// With a fact that was seen.
    pub(crate) fn seen(mut self, fact: impl Into<String>) -> Self {
        self.evidence.push(visible(fact.into()));
        self
    }

    /// With an edit, if there is a certain one.
    pub(crate) fn edit(self, edit: Option<Edit>) -> Self {
        Self { edit, ..self }
    }

    pub(crate) fn concealed(self) -> Self {
        Self { conceal: true, ..self }
    }

    /// No worse than this.
    pub(crate) fn at_most(self, severity: Severity) -> Self {
        Self { severity: self.severity.min(severity), ..self }
    }

    /// As bad as what it rests on allows: a guess is a note, what is likely a warning.
    pub(crate) fn resting_on(self, certainty: Certainty) -> Self {
        match certainty {
            Certainty::Guess => self.at_most(Severity::Note),
            Certainty::Likely => self.at_most(Severity::Warning),
            Certainty::Certain => self,
        }
    }
}

/// Puts findings in order of their places, and what holds in several environments together.
pub(crate) fn gather(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut out: Vec<Finding> = Vec::new();
    for finding in found {
        match out.last_mut().filter(|last| key(last) == key(&finding)) {
            Some(last) => {
                for name in finding.environments {
                    if !last.environments.contains(&name) {
                        last.environments.push(name);
                    }
                }
                last.severity = last.severity.max(finding.severity);
            }
            None => out.push(finding),
        }
    }
    out
}

fn key(finding: &Finding) -> (&Place, &'static str, &str, &Option<String>) {
    (&finding.place, finding.rule, &finding.message, &finding.service)
}

/// A text with its control characters in visible form: messages repeat words of files, which must
/// neither break a line nor speak to the terminal.
fn visible(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let shown = |it: char| {
        if it.is_control() { it.escape_default().to_string() } else { it.to_string() }
    };
    text.chars().map(shown).collect()
}
