//! What a supervisor is told of its container. It carries secrets, so it goes through a pipe and
//! never through arguments, environment or files.

use crate::Ulimit;
use model::Secret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A container, in the terms that supervising it needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Spec {
    /// Which of the container's runs it is.
    pub(super) run: u32,
    /// What to run.
    pub(super) program: Program,
    /// The number of the stop signal.
    pub(super) stop_signal: i32,
    /// Where to listen for the region.
    pub(super) socket: PathBuf,
    /// How long to wait for a region that went away, in milliseconds.
    pub(super) linger: u64,
}

/// A program with everything that it is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Program {
    /// The program and its arguments; at least one word.
    pub(super) words: Vec<String>,
    /// Its whole environment.
    pub(super) environment: BTreeMap<String, Secret>,
    /// Its working directory.
    pub(super) folder: PathBuf,
    /// Its resource limits.
    pub(super) limits: Vec<Ulimit>,
    /// What its standard input is.
    pub(super) input: Input,
}

/// A program's standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Input {
    /// At its end from the beginning.
    Empty,
    /// Open, but nothing ever comes.
    Silent,
    /// The terminal that standard output is, which becomes the program's own.
    Terminal,
}
