//! A terminal with somebody at it.

use super::{Line, PATIENCE};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use tokio::process::Child;
use tokio::sync::mpsc;

/// A command with a terminal of its own: 101 characters and 33 lines.
pub(crate) struct Terminal {
    master: File,
    picture: mpsc::UnboundedReceiver<Vec<u8>>,
    shown: String,
    child: Child,
}

// === impl Terminal ===

impl Terminal {
    pub(crate) fn of(line: Line) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let master = File::from(master);
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let open = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
        let line = line.env("TERM", "xterm").stdin(open()).stdout(open()).stderr(open());
        let child = line.spawn();
        let terminal = Self { picture: watch(&master), master, shown: String::new(), child };
        terminal.resize(101, 33);
        terminal
    }

    pub(crate) fn types(&self, keys: &str) {
        (&self.master).write_all(keys.as_bytes()).unwrap();
    }

    /// How it takes keys, as its user has set it.
    pub(crate) fn settings(&self) -> String {
        settings(&self.master)
    }

    /// The same, to be asked when the terminal has been given away.
    pub(crate) fn watch_settings(&self) -> impl Fn() -> String + use<> {
        let master = self.master.try_clone().unwrap();
        move || settings(&master)
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.master, size).unwrap();
    }

    /// Waits until it shows a text; answers what came before it, and forgets all that.
    pub(crate) async fn shows(&mut self, text: &str) -> String {
        let watching = async {
            while !self.shown.contains(text) {
                let Some(bytes) = self.picture.recv().await else { return false };
                self.shown.push_str(&String::from_utf8_lossy(&bytes));
            }
            true
        };
        let found = tokio::time::timeout(PATIENCE, watching).await;
        assert!(found == Ok(true), "`{text}` is not shown in\n{}", self.shown);
        let at = self.shown.find(text).unwrap();
        let before = self.shown[..at].to_owned();
        self.shown.drain(..at + text.len());
        before
    }

    /// Waits until the command ends; answers its exit code, and what was shown since.
    pub(crate) async fn ends(mut self) -> (Option<i32>, String) {
        let waited = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let Ok(status) = waited else { panic!("it does not end; it shows\n{}", self.seen()) };
        // What it said before it ended may still be on its way.
        let shown = self.seen();
        (status.unwrap().code(), shown)
    }

    fn seen(&mut self) -> String {
        while let Ok(bytes) = self.picture.try_recv() {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        std::mem::take(&mut self.shown)
    }
}

fn settings(master: &File) -> String {
    let held = tcgetattr(master).unwrap();
    format!("{:?} {:?} {:?}", held.input_modes, held.output_modes, held.local_modes)
}

/// What comes out of a terminal, until its last user has gone.
fn watch(master: &File) -> mpsc::UnboundedReceiver<Vec<u8>> {
    let mut master = master.try_clone().unwrap();
    let (tell, picture) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = master.read(&mut chunk) {
            if tell.send(chunk[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    picture
}
