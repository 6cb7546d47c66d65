//! What is typed here, or piped in.

use crate::failure::{Failure, Kind};
use apply::exec::Stroke;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use session::wrap::{self, Seat};
use std::io::{self, Read as _};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

/// How much is read at once.
const CHUNK: usize = 4096;

/// The keyboard of this terminal, or what is in its place. A terminal passes every key on, interrupts
/// too, and is itself again when this goes.
#[derive(Debug)]
pub(super) struct Keyboard {
    _raw: Option<Raw>,
}

/// A terminal that passes every key on.
#[derive(Debug)]
struct Raw {
    before: Termios,
}

// === impl Keyboard ===

impl Keyboard {
    /// Sends strokes from here on; what is piped in only when the command has begun, for before that it
    /// would be shown.
    pub(super) fn of(
        seat: Seat,
        strokes: mpsc::Sender<Stroke>,
        begun: oneshot::Receiver<()>,
    ) -> Result<Self, Failure> {
        let failed =
            |why: io::Error| Failure::because(Kind::Machine, "this terminal can't be used", why);
        let raw = match seat {
            Seat::Person | Seat::PersonApart => {
                tokio::spawn(watch_size(strokes.clone()));
                Some(Raw::begin().map_err(failed)?)
            }
            Seat::Program => None,
        };
        // A thread, because nobody can be told to stop waiting for a terminal. It ends with the program.
        let reading = move || match seat {
            Seat::Person | Seat::PersonApart => type_keys(&strokes),
            Seat::Program => {
                if begun.blocking_recv().is_ok() {
                    pipe(&strokes);
                }
            }
        };
        std::thread::Builder::new().name("keyboard".to_owned()).spawn(reading).map_err(failed)?;
        Ok(Self { _raw: raw })
    }
}

fn type_keys(strokes: &mpsc::Sender<Stroke>) {
    let mut chunk = [0; CHUNK];
    while let Ok(length @ 1..) = io::stdin().lock().read(&mut chunk) {
        if strokes.blocking_send(Stroke::Keys(chunk[..length].to_vec())).is_err() {
            return;
        }
    }
}

/// Types what is piped in, so that nothing of it is a sign, and then that it has ended.
fn pipe(strokes: &mpsc::Sender<Stroke>) {
    let (mut chunk, mut last) = ([0; CHUNK], None);
    while let Ok(length @ 1..) = io::stdin().lock().read(&mut chunk) {
        last = Some(chunk[length - 1]);
        if strokes.blocking_send(Stroke::Keys(wrap::typed(&chunk[..length]))).is_err() {
            return;
        }
    }
    // A session that is over needs no end of its input.
    let _gone = strokes.blocking_send(Stroke::Keys(wrap::end(last)));
}

/// Tells the terminal's size, now and whenever it changes.
async fn watch_size(strokes: mpsc::Sender<Stroke>) {
    let Ok(mut changed) = signal(SignalKind::window_change()) else { return };
    loop {
        if let Ok(size) = tcgetwinsize(io::stdin())
            && size.ws_col > 0
        {
            let stroke = Stroke::Resize(size.ws_col.into(), size.ws_row.into());
            if strokes.send(stroke).await.is_err() {
                return;
            }
        }
        if changed.recv().await.is_none() {
            return;
        }
    }
}

/// Waits until this program is told to end; answers the signal's number. At a terminal ctrl-C is a key.
pub(super) async fn told_to_end() -> u8 {
    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut told) => {
            told.recv().await;
        }
        Err(_) => std::future::pending().await,
    };
    let number = tokio::select! {
        () = wait(SignalKind::interrupt()) => SignalKind::interrupt(),
        () = wait(SignalKind::terminate()) => SignalKind::terminate(),
        () = wait(SignalKind::hangup()) => SignalKind::hangup(),
    };
    u8::try_from(number.as_raw_value()).unwrap_or_default()
}

// === impl Raw ===

impl Raw {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Drain, &raw)?;
        Ok(Self { before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that has gone has no state.
        tcsetattr(io::stdin(), OptionalActions::Drain, &self.before).ok();
    }
}
