//! Log events on disk: append, page, forget.
//!
//! A [`Store`] keeps each log stream as a row of segment files below one folder. [`Store::append`]
//! returns when the events are with the operating system, so a killed process loses none that it
//! acknowledged. They are written in pieces of up to 64 KiB, and a piece that was cut short is not
//! seen again. Nothing is read at start: a stream is opened when it is first asked for.
//!
//! ```text
//! <root>/<group>/<stream>/00000000000000000000.zst    sealed: compressed blocks, then their index
//!                         00000000000000052341.raw    full, waits to be sealed
//!                         00000000000000104682.raw    grows
//! ```
//!
//! This room must not know: a log group's rules (retention comes in as a time), what a message
//! says, any clock.
//!
//! Start reading at [`store`], then `stream` and `page`.

mod block;
mod checksum;
mod error;
mod floor;
mod folder;
mod frame;
mod grave;
mod page;
mod segment;
pub mod store;
mod stream;
#[cfg(test)]
mod testing;

pub use error::StoreError;
pub use store::Store;
