//! Commands with a terminal of their own, run beside a container's by somebody who sits at it.

use crate::ContainerKey;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

/// How many pieces of output, and of input, wait to be taken.
const WAITING: usize = 16;

/// A command to be run in a container, at a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exec {
    /// The container.
    pub container: ContainerKey,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The terminal's size at first.
    pub window: Window,
}

/// A terminal's size, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// How many fit into a line.
    pub columns: u16,
    /// How many lines there are.
    pub rows: u16,
}

/// The near end of a command's terminal. When either channel is dropped the command is hung up: it
/// and what it has started and is still its own are ended.
#[derive(Debug)]
pub struct Terminal {
    /// What it shows; closes when the command has ended, or its container.
    pub output: mpsc::Receiver<Bytes>,
    /// What is done at it.
    pub input: mpsc::Sender<Stroke>,
}

/// What somebody does at a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stroke {
    /// They type.
    Keys(Bytes),
    /// They change its size.
    Resize(Window),
}

/// The far end of a terminal: a driver's.
#[derive(Debug)]
pub(crate) struct FarEnd {
    pub(crate) output: mpsc::Sender<Bytes>,
    pub(crate) input: mpsc::Receiver<Stroke>,
}

/// Both ends of a terminal.
pub(crate) fn pair() -> (Terminal, FarEnd) {
    let (shown, output) = mpsc::channel(WAITING);
    let (input, done) = mpsc::channel(WAITING);
    (Terminal { output, input }, FarEnd { output: shown, input: done })
}

impl Default for Window {
    /// That of the terminals that had no other.
    fn default() -> Self {
        Self { columns: 80, rows: 24 }
    }
}
