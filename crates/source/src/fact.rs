//! What was read, where, and how sure it is.

pub(crate) mod database;
pub(crate) mod framework;
pub(crate) mod listen;
pub(crate) mod route;
pub(crate) mod tool;
pub(crate) mod variable;

use crate::Place;
use serde::Serialize;

/// One thing that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fact<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub place: Place,
    /// How far it can be trusted.
    pub certainty: Certainty,
}

/// How far a fact can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// A convention, or a name that suggests it: worth a question, never a refusal.
    Guess,
    /// It follows from the text if the code is of the usual shape.
    Likely,
    /// It stands there in so many words.
    Certain,
}

impl<T> Fact<T> {
    /// What stands there in so many words.
    pub(crate) fn certain(value: T, place: Place) -> Self {
        Self { value, place, certainty: Certainty::Certain }
    }

    /// What follows if the code is of the usual shape.
    pub(crate) fn likely(value: T, place: Place) -> Self {
        Self { value, place, certainty: Certainty::Likely }
    }

    /// What convention suggests.
    pub(crate) fn guess(value: T, place: Place) -> Self {
        Self { value, place, certainty: Certainty::Guess }
    }

    /// The same fact, trusted no further than `certainty`.
    pub(crate) fn at_most(self, certainty: Certainty) -> Self {
        Self { certainty: self.certainty.min(certainty), ..self }
    }
}
