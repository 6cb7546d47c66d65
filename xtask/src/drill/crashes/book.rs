//! What a client was told is done, and what it does not know about.

use super::thing::{Thing, Worth};
use crate::drill::call::{Caller, Trouble};
use std::collections::BTreeMap;

/// A client's book.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    /// What was acknowledged last.
    known: BTreeMap<Thing, Worth>,
    /// What was asked for when the region went away: it may be so, or as before.
    open: Option<(Thing, Worth)>,
    /// How many changes were acknowledged.
    pub(super) acknowledged: usize,
}

impl Book {
    /// What a thing was last said to be.
    pub(super) fn worth(&self, thing: &Thing) -> Worth {
        self.known.get(thing).cloned().flatten()
    }

    /// Writes down that a thing was acknowledged to be so.
    pub(super) fn note(&mut self, thing: Thing, worth: Worth) {
        self.known.insert(thing, worth);
        self.acknowledged += 1;
    }

    /// Changes a thing, and writes down what came of it.
    pub(super) fn change(
        &mut self,
        caller: Caller,
        thing: &Thing,
        to: Worth,
    ) -> Result<(), Trouble> {
        let from = self.worth(thing);
        self.open = Some((thing.clone(), to.clone()));
        thing.change(caller, &from, &to)?;
        self.open = None;
        self.note(thing.clone(), to);
        Ok(())
    }

    /// Holds the book against what is there: everything that was acknowledged must be so. What was
    /// open is known from here on.
    pub(super) fn hold_against(&mut self, caller: Caller) -> Result<(), String> {
        let open = self.open.take();
        for (thing, known) in &mut self.known {
            let seen = thing.look(caller).map_err(|why| format!("{thing}: {why}"))?;
            let may_be = open.as_ref().filter(|(held, _)| held == thing);
            if seen != *known && may_be.is_none_or(|(_, worth)| *worth != seen) {
                return Err(format!(
                    "{thing} was acknowledged to be {known:?} and is {seen:?} (under way: {open:?})"
                ));
            }
            *known = seen;
        }
        if let Some((thing, _)) = open
            && !self.known.contains_key(&thing)
        {
            let seen = thing.look(caller).map_err(|why| format!("{thing}: {why}"))?;
            self.known.insert(thing, seen);
        }
        Ok(())
    }

    /// Forgets tasks: the region shows ended ones only for a while.
    pub(super) fn forget_tasks(&mut self) {
        self.known.retain(|thing, _| !matches!(thing, Thing::Task(_)));
    }
}
