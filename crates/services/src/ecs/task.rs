//! Tasks.
//!
//! `RunTask` makes a row and `StopTask` gives one a reason to stop; everything between is
//! `control::task`'s.

mod agent;
pub(super) mod describe;
pub(super) mod execute;
pub(super) mod list;
mod overrides;
pub(super) mod run;
mod show;
pub(super) mod stop;
