//! What is wrong with a template, in CloudFormation's words.

use std::fmt;

/// A mistake in a template or in what is given with it; clients see it as a `ValidationError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake(pub String);

impl Mistake {
    /// A mistake of the template's form.
    #[must_use]
    pub fn format(what: impl fmt::Display) -> Self {
        Self(format!("Template format error: {what}"))
    }

    /// A mistake in what the template says.
    #[must_use]
    pub fn error(what: impl fmt::Display) -> Self {
        Self(format!("Template error: {what}"))
    }

    /// A mistake with a text of its own.
    #[must_use]
    pub fn of(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mistake {}
