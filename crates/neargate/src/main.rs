//! `neargate`: from source to a running service on AWS ECS Fargate, rehearsed on this machine first.
//!
//! One verb a file, in `commands`; a verb's doc comment is its help. This room only connects: what
//! there is to do is decided in `plan`, done in `apply`, and the local region is `engine`.
//!
//! The only room that prints and exits. Data goes to standard output, talk to standard error.

mod account;
mod admin;
mod args;
mod artifacts;
mod backing;
mod commands;
mod failure;
mod front;
mod git;
mod local;
mod place;
mod preflight;
mod project;
mod reach;
mod rollout;
mod settle;
mod ship;
mod tree;
mod trial;
mod trouble;
mod ui;
mod values;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The process driver starts this executable again, in the roles of supervisors.
    if let Some(code) = driver::process::take_over(std::env::args_os()) {
        return code;
    }
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
