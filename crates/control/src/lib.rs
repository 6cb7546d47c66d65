//! What should happen next.
//!
//! Every decision is a function from a [`World`](world::World), a [`Subject`] and a [`Moment`] to a
//! [`Decision`]: rows to change, actions for the hands, reasons for people, and when to be asked
//! again. No clock, no chance, no I/O: the same input gives the same decision, so the code that
//! runs tasks also runs in simulated time.
//!
//! One step a call: a decision does what is certain now and asks to be called again, when the World
//! has changed ([`subjects`] tells who cares about a changed row) or when a wait is over
//! ([`Decision::wake_at`]).
//!
//! This room must not know: drivers, sockets, protocols, how a row is stored.

pub mod action;
pub mod decision;
pub mod subject;

pub use action::{Action, Launch, Network, Probe};
pub use decision::{Decision, Moment, Note, Waiting};
pub use subject::{Subject, subjects};
