//! Both drivers, with real processes and real containers.
//!
//! What both must do alike is in `suite`, and runs once for each. Tests with an engine say so and
//! pass when there is none.

#![expect(clippy::unwrap_used, reason = "a test fails where it can't go on")]

mod docker;
// Its tests look at processes in /proc.
#[cfg(target_os = "linux")]
mod process;
mod proxy;
mod stand;
mod suite;
mod terminals;
