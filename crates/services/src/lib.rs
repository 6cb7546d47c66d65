//! What clients may ask, and what they are answered.
//!
//! One handler an operation, one file a noun. A handler that only reads gets a [`World`](world::World);
//! one that writes gets a [`Draft`](world::Draft), which the engine throws away when the handler
//! refuses, so that bad input leaves no trace. Handlers say what is desired; making it so is
//! `control`'s matter.
//!
//! This room must not know: wire formats, drivers, sockets, another service's rules.
//!
//! Start reading at [`table`].

pub mod cx;
mod page;
pub mod table;
mod tags;

pub use cx::{Caller, Credentials, Cx, Issuer, LogReader, LogsUnreadable};
pub use table::{Handler, Table};
