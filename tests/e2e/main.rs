//! Real clients against the real binary: what a user of neargate relies on, seen from outside.
//!
//! Each test starts `neargate` as a user would, on a data directory of its own, and looks only at
//! what a user can see: AWS's API, HTTP, output, exit codes, files, processes, containers. What both
//! drivers must do alike is told once and runs with each (`on_both_drivers`). Tests that need a
//! container engine or a client which this machine lacks say so loudly and pass.
//!
//! Nothing sleeps; whatever is expected is waited for, with a deadline.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod acceptance;
mod balancer;
mod cli;
mod clients;
mod deployments;
mod diagnosis;
mod exec;
mod images;
mod processes;
mod restart;
mod safety;
mod ship;
mod sites;
mod stage;
mod tasks;
