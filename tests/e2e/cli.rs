//! What is typed and what comes back: every command, what it prints where, and its exit code.

mod again;
mod approving;
mod backing;
mod building;
mod check;
mod check_image;
mod costing;
pub(crate) mod examples;
mod exporting;
mod failing;
mod help;
mod init;
mod operating;
mod output;
mod pinning;
pub(crate) mod project;
mod reading;
mod refusing;
mod region;
mod rolling;
mod secrets;
mod values;
mod verifying;
