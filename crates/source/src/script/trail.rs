//! How far a value is followed before it is given up.
//!
//! Code may go round in circles, and at each turn there may be several ways to go: a function with ten
//! `return`s, a file that exports everything of ten others. A limit of depth alone would allow ten to
//! the power of it.

use std::cell::Cell;

/// How many ways are gone in all for one question. Real code needs a few dozen.
const WAYS: u16 = 300;

/// The ways that are left for one question.
#[derive(Debug)]
pub(crate) struct Ways(Cell<u16>);

/// Where the search for one value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trail<'w> {
    deep: u8,
    ways: &'w Ways,
}

impl<'w> Trail<'w> {
    /// The start of a search that goes as deep as this.
    pub(crate) fn of(deep: u8, ways: &'w Ways) -> Self {
        Self { deep, ways }
    }

    /// One step on; `None` when it has gone too deep, or too many ways.
    pub(crate) fn step(self) -> Option<Self> {
        let deep = self.deep.checked_sub(1)?;
        self.ways.0.set(self.ways.0.get().checked_sub(1)?);
        Some(Self { deep, ..self })
    }
}

// === impl Ways ===

impl Default for Ways {
    fn default() -> Self {
        Self(Cell::new(WAYS))
    }
}
