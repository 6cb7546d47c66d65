//! The thread that keeps the board: takes routes, takes connections in, runs the probers.
//!
//! It is the one writer; reports leave from here, in the order in which things happened.

use crate::board::{Board, Directory, Verdict};
use crate::desks::Desks;
use crate::gateway::ReportTo;
use crate::routes::{Change, Routes};
use crate::worker::Order;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::mpsc;

/// What the keeper is told.
#[derive(Debug)]
pub(crate) enum Command {
    /// Follow these routes, and say when they are in effect.
    Apply(Routes, std::sync::mpsc::Sender<()>),
    /// Follow routes that are other than before in this, and say when they are in effect.
    Change(Change, std::sync::mpsc::Sender<()>),
    /// Stop: connections may finish what they are doing, at the latest then.
    Stop(Instant),
}

/// Keeps the board until told to stop.
pub(crate) async fn run(
    mut commands: mpsc::UnboundedReceiver<Command>,
    desks: Desks,
    directory: Arc<Mutex<Directory>>,
    report: ReportTo,
) {
    let (told, mut verdicts) = mpsc::unbounded_channel::<Verdict>();
    let mut board = Board::new(desks.clone(), told, directory);
    let end = loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Apply(routes, done)) => {
                    board.apply(routes).await.into_iter().for_each(|news| report(news));
                    // Whoever asked may have given up waiting.
                    let _told = done.send(());
                }
                Some(Command::Change(change, done)) => {
                    board.change(change).await.into_iter().for_each(|news| report(news));
                    let _told = done.send(());
                }
                Some(Command::Stop(end)) => break end,
                None => break Instant::now(),
            },
            Some(verdict) = verdicts.recv() => {
                if let Some(change) = board.judge(verdict) {
                    report(change);
                }
            }
        }
    };
    board.clear().await;
    desks.tell_all(|| Order::Stop(end));
}
