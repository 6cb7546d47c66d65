//! Takes what containers write, and that they end.
//!
//! One thread, in the order in which it happened: a container's end is reported after its last line
//! is stored, so whoever learns of the end finds the line.

use crate::hands::{Streams, lock};
use crate::heart::{Chain, Event};
use crate::report::Report;
use crate::{clock, tailor};
use driver::{ContainerKey, Exit, Line};
use std::sync::mpsc::Sender;
use tokio::sync::mpsc::Receiver;
use world::{LogEvent, LogStreamKey};

/// How much output of containers may wait to be stored before they are held back.
pub(crate) const WAITING: usize = 1024;

/// Takes events until the driver is gone.
pub(crate) fn take(
    mut events: Receiver<driver::Event>,
    logs: &telemetry::Store,
    streams: &Streams,
    heart: &Sender<Event>,
) {
    while let Some(event) = events.blocking_recv() {
        match event {
            driver::Event::Output { container, lines } => {
                let stream = lock(streams).get(&container).cloned();
                if let Some(stream) = stream {
                    store(logs, &stream, lines);
                }
            }
            driver::Event::Exited { container, run, exit } => {
                let _gone = heart.send(Event::Report(ended(&container, run, exit)));
            }
        }
    }
}

fn store(logs: &telemetry::Store, stream: &LogStreamKey, lines: Vec<Line>) {
    let event = |line: Line| LogEvent { at: line.mark.at(), message: line.text };
    // CloudWatch has no empty events; the awslogs driver leaves empty lines out too.
    let events: Vec<LogEvent> =
        lines.into_iter().filter(|line| !line.text.is_empty()).map(event).collect();
    if let Err(why) = logs.append(stream, &events, clock::now()) {
        tracing::error!(error = %Chain(&why), "a container's output can't be stored");
    }
}

fn ended(container: &ContainerKey, run: u32, exit: Exit) -> Report {
    Report::Exited {
        task: tailor::task_back(&container.task),
        container: container.name.clone(),
        run,
        code: exit.code,
        out_of_memory: exit.out_of_memory,
        at: exit.at,
    }
}
