//! Runs containers: through a Docker engine, or as plain processes.
//!
//! One port, [`Driver`], and two drivers behind it, [`docker`] and [`process`]; [`choose()`] picks one.
//! A driver decides nothing: it is told what to do, does it, and tells what happened ([`Event`]).
//! Every call may be repeated, so that a region which crashed between doing and noting can do again.
//!
//! This room must not know: the region's state, AWS's API, why a task starts or stops. It defines
//! its own inputs ([`Sandbox`], [`Container`]); the engine converts into them.
//!
//! A program that uses the process driver calls [`process::take_over`] first in its `main`: tasks
//! are supervised by the same executable, started again in another role.

pub mod choose;
mod container;
pub mod docker;
mod event;
mod fault;
mod found;
pub mod ignore;
mod image;
mod lines;
mod port;
pub mod process;
mod tail;
mod terminal;
mod turns;
mod walk;

pub use choose::{Choice, choose};
pub use container::{
    Binding, Capabilities, Container, ContainerKey, Mount, Port, Protocol, Reserved, Sandbox,
    TaskKey, Ulimit,
};
pub use event::{Event, Events, Exit, Line, Mark, Stream};
pub use fault::{Error, PullError};
pub use found::{Found, FoundContainer, State};
pub use image::{Image, Wanted};
pub use port::Unsupported;
pub use port::{Doing, Driver, Kind, Probe, ProbeCommand, ProbeOutcome, Started, Stats, Traffic};
pub use terminal::{Exec, Stroke, Terminal, Window};
