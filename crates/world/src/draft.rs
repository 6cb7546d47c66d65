//! The draft of the next World.

use crate::{LogEvent, LogStreamKey, Row, RowKey, World};
use model::LogGroupName;
use std::collections::BTreeSet;
use std::ops::Deref;

/// A World under change. Reads see the changes made so far.
///
/// A draft remembers which rows it touched, so that a commit costs what it changes: those rows are
/// saved, and whoever depends on them is woken.
#[derive(Debug)]
pub struct Draft {
    next: World,
    /// In the order of the touches, with repeats: a mark is then a length.
    touched: Vec<RowKey>,
    effects: Vec<Effect>,
}

/// A point that a draft can go back to.
#[derive(Debug)]
pub struct Mark {
    next: World,
    touched: usize,
    effects: usize,
}

/// What a change asks for outside the World. The engine does it before the change is acknowledged.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Append events to a log stream.
    AppendLog {
        /// Where.
        stream: LogStreamKey,
        /// What, in the order of their timestamps.
        events: Vec<LogEvent>,
    },
    /// Forget a log stream's events.
    DropLogStream(LogStreamKey),
    /// Forget the events of all streams of a log group.
    DropLogGroup(LogGroupName),
}

/// What a draft came to.
#[derive(Debug)]
pub struct Committed {
    /// The next World.
    pub world: World,
    /// The rows that were put in, changed or taken out.
    pub touched: BTreeSet<RowKey>,
    /// What has to be done outside, in order.
    pub effects: Vec<Effect>,
}

// === impl Draft ===

impl Draft {
    /// A draft that begins as `world`.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self { next: world.clone(), touched: Vec::new(), effects: Vec::new() }
    }

    /// Puts a row in, in the place of the one with its key.
    pub fn put(&mut self, row: impl Into<Row>) {
        let row = row.into();
        self.touched.push(row.key());
        self.next.put(row);
    }

    /// Takes a row out; nothing happens when there is none.
    pub fn remove(&mut self, key: RowKey) {
        if self.next.remove(&key) {
            self.touched.push(key);
        }
    }

    /// Asks for something outside the World.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// A point to go back to, should what comes next be refused.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { next: self.next.clone(), touched: self.touched.len(), effects: self.effects.len() }
    }

    /// Undoes everything since `mark`: a refused request leaves no trace.
    pub fn back_to(&mut self, mark: Mark) {
        self.next = mark.next;
        self.touched.truncate(mark.touched);
        self.effects.truncate(mark.effects);
    }

    /// The rows touched so far, in the order of the touches, with repeats.
    #[must_use]
    pub fn touched(&self) -> &[RowKey] {
        &self.touched
    }

    /// How much was asked for outside the World so far: effects are numbered in their order.
    #[must_use]
    pub fn pending_effects(&self) -> usize {
        self.effects.len()
    }

    /// Whether nothing was changed or asked for.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.touched.is_empty() && self.effects.is_empty()
    }

    /// The next World, one generation on.
    #[must_use]
    pub fn commit(mut self) -> Committed {
        self.next.generation += 1;
        let touched = self.touched.into_iter().collect();
        Committed { world: self.next, touched, effects: self.effects }
    }
}

impl Deref for Draft {
    type Target = World;

    fn deref(&self) -> &World {
        &self.next
    }
}
