//! What the command shows, on standard output.

use session::wrap::Reader;
use std::io::{self, Write as _};
use tokio::sync::{mpsc, oneshot};

/// Shows what comes, without the marks of the shell around the command.
#[derive(Debug)]
pub(super) struct Screen {
    /// Absent where the command has no shell.
    reader: Option<Reader>,
    /// Told when the command has begun.
    begun: Option<oneshot::Sender<()>>,
}

/// How the picture ended.
#[derive(Debug, Default)]
pub(super) struct Last {
    /// The command's exit code, if it told one.
    pub(super) code: Option<i32>,
    /// Why the command never began, as the other end showed it.
    pub(super) unbegun: Option<String>,
}

/// Nobody reads standard output any more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone;

// === impl Screen ===

impl Screen {
    /// A screen for marks with this number, and who is told that the command has begun.
    pub(super) fn new(number: Option<&str>) -> (Self, oneshot::Receiver<()>) {
        let (begun, tell) = oneshot::channel();
        (Self { reader: number.map(Reader::new), begun: Some(begun) }, tell)
    }

    /// Shows what comes until nothing does.
    pub(super) async fn show(&mut self, mut picture: mpsc::Receiver<Vec<u8>>) -> Result<(), Gone> {
        if self.reader.is_none() {
            self.tell_begun();
        }
        while let Some(bytes) = picture.recv().await {
            match &mut self.reader {
                Some(reader) => {
                    let shown = reader.read(&bytes);
                    if reader.has_begun() {
                        self.tell_begun();
                    }
                    write(&shown)?;
                }
                None => write(&bytes)?,
            }
        }
        Ok(())
    }

    /// Shows what is left, when nothing more comes.
    pub(super) fn finish(self) -> Last {
        let Some(reader) = self.reader else { return Last::default() };
        let (code, has_begun) = (reader.code(), reader.has_begun());
        let rest = reader.rest();
        if !has_begun {
            return Last { code, unbegun: Some(String::from_utf8_lossy(&rest).trim().to_owned()) };
        }
        // A reader that has gone wants nothing more.
        let _gone = write(&rest);
        Last { code, unbegun: None }
    }

    fn tell_begun(&mut self) {
        // Nothing may be there to be typed.
        let _heard = self.begun.take().map(|begun| begun.send(()));
    }
}

fn write(bytes: &[u8]) -> Result<(), Gone> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|_| Gone)
}
