//! How far a drill is: one line that changes where a person looks on, else a line a step.

use std::io::{IsTerminal as _, Write as _, stderr};

/// The line.
#[derive(Debug)]
pub(super) struct Progress {
    total: usize,
    live: bool,
}

impl Progress {
    /// The line of a drill of so many steps.
    pub(super) fn new(total: usize) -> Self {
        Self { total, live: stderr().is_terminal() }
    }

    /// So many steps are done, and this is how it stands.
    pub(super) fn step(&self, done: usize, how: &str) {
        const WIDTH: usize = 20;
        let (total, filled) = (self.total, done * WIDTH / self.total.max(1));
        let line = if self.live {
            let bar: String = (0..WIDTH).map(|at| if at < filled { '█' } else { '░' }).collect();
            let end = if done == total { "\n" } else { "" };
            format!("\r\x1b[2K{bar} {done}/{total}  {how}{end}")
        } else {
            format!("{done:>5}/{total}  {how}\n")
        };
        // Nobody has to listen.
        let _unheard = stderr().write_all(line.as_bytes());
    }
}
