//! For tests: rows in a few words ([`build`]), a clock that stands still until it is told
//! ([`ManualClock`]), and a region in simulated time ([`Sim`]) that scripts ([`script`]) drive.
//!
//! The simulated region makes the same decisions as the real one. In the place of containers and of
//! the load balancer it has scripted ones, and after every decision it checks the laws that hold
//! whatever happens ([`sim::laws`]).
//!
//! This room must not know: handlers, the wire, real containers. Nothing ships it.

pub mod build;
mod clock;
pub mod script;
pub mod sim;

pub use clock::ManualClock;
pub use script::{ScriptError, Verb};

pub use sim::Sim;
