//! How a region is started.

use driver::Choice;
use driver::docker::Hints;
use model::{AccountId, Pace, RegionName};
use std::path::PathBuf;

/// How a region is started.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on loopback for AWS's clients; 0 takes a free one.
    pub port: u16,
    /// Where its state is.
    pub data: PathBuf,
    /// What runs its containers.
    pub driver: Choice,
    /// Where a Docker engine may be.
    pub docker: Hints,
    /// How fast AWS's waits pass.
    pub pace: Pace,
    /// Its name, when the data directory has none yet; the name a directory has stays.
    pub region: RegionName,
    /// Its account.
    pub account: AccountId,
    /// The `PATH` that processes get: the one thing of this machine's environment that they need.
    pub path: String,
    /// The program that supervises processes: this one, started again in another role.
    pub program: PathBuf,
}

impl Config {
    /// The process driver's own folder.
    pub(crate) fn tasks(&self) -> PathBuf {
        self.data.join("tasks")
    }
}
