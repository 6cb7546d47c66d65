//! Follows a container: its output as it comes, and its exit.
//!
//! The engine may go away and come back; what it kept of the output is then read on.

use super::engine::status;
use super::log::{LogReader, parse_stamp};
use crate::{ContainerKey, Event, Events, Exit, Line, Mark, Stream};
use bollard::Docker as Engine;
use bollard::container::LogOutput;
use bollard::models::ContainerState;
use bollard::query_parameters::{InspectContainerOptions, LogsOptions, WaitContainerOptions};
use futures_util::StreamExt;
use std::time::Duration;

/// The exit code of a container that somebody removed.
const REMOVED: i32 = 137;

/// How long to wait before asking an engine again that did not answer, first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long the stream of a container's output may go on when the container has ended.
const GRACE: Duration = Duration::from_secs(1);

/// How many messages that are there together are passed on together.
const TOGETHER: usize = 256;

/// A container to be followed.
#[derive(Debug)]
pub(super) struct Follower {
    /// The engine that has it.
    pub(super) engine: Engine,
    /// Its name in the engine.
    pub(super) name: String,
    /// The container.
    pub(super) key: ContainerKey,
    /// Which run it is.
    pub(super) run: u32,
    /// Who is told.
    pub(super) events: Events,
}

/// How a stream of output ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// With the container: this was all.
    Whole,
    /// For another reason: there may be more.
    Broken,
}

/// Which output to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    /// What there is, and what comes until the container ends.
    AsItComes,
    /// What there is.
    SoFar,
}

// === impl Follower ===

impl Follower {
    /// Passes on what the container writes after a mark, and at the end its exit.
    pub(super) async fn follow(self, after: Mark) {
        let mut reader = LogReader::new(after);
        let mut pause = FIRST_PAUSE;
        loop {
            self.read_while_running(&mut reader).await;
            reader.reconnect();
            match self.exit().await {
                Ok(Some(exit)) => {
                    // The stream may have ended before the last line: Docker 20.10 does that.
                    if self.read_rest(&mut reader).await == Ended::Whole {
                        return self.tell_exit(reader, exit).await;
                    }
                    reader.reconnect();
                }
                Ok(None) => pause = FIRST_PAUSE,
                Err(()) => {}
            }
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Reads output until the container ends or the connection does.
    async fn read_while_running(&self, reader: &mut LogReader) {
        let mut output = self.output(reader, Output::AsItComes);
        let mut exits =
            self.engine.wait_container(&self.name, None::<WaitContainerOptions>).boxed();
        let over = async {
            exits.next().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::pin!(over);
        loop {
            tokio::select! {
                messages = output.next() => match messages {
                    Some(messages) => {
                        if self.pass_on(reader, messages).await == Ended::Broken {
                            return;
                        }
                    }
                    None => return,
                },
                () = &mut over => return,
            }
        }
    }

    /// Reads what the engine has kept of a container that has ended.
    async fn read_rest(&self, reader: &mut LogReader) -> Ended {
        let mut output = self.output(reader, Output::SoFar);
        while let Some(messages) = output.next().await {
            if self.pass_on(reader, messages).await == Ended::Broken {
                return Ended::Broken;
            }
        }
        Ended::Whole
    }

    fn output(
        &self,
        reader: &LogReader,
        kind: Output,
    ) -> futures_util::stream::BoxStream<'static, Vec<Result<LogOutput, bollard::errors::Error>>>
    {
        let options = LogsOptions {
            follow: kind == Output::AsItComes,
            stdout: true,
            stderr: true,
            timestamps: true,
            since: reader.since(),
            ..LogsOptions::default()
        };
        self.engine.logs(&self.name, Some(options)).ready_chunks(TOGETHER).boxed()
    }

    /// Passes on the lines in a number of messages; one that is an error ends the connection.
    async fn pass_on(
        &self,
        reader: &mut LogReader,
        messages: Vec<Result<LogOutput, bollard::errors::Error>>,
    ) -> Ended {
        let mut lines = Vec::new();
        let mut ended = Ended::Whole;
        for message in messages {
            match message {
                Ok(message) => lines.extend(read_message(reader, message)),
                // Somebody removed it; there is nothing more to be had.
                Err(error) if status(&error) == Some(404) => {}
                Err(_) => ended = Ended::Broken,
            }
        }
        self.tell_lines(lines).await;
        ended
    }

    /// How the container ended; absent when it runs.
    async fn exit(&self) -> Result<Option<Exit>, ()> {
        match self.engine.inspect_container(&self.name, None::<InspectContainerOptions>).await {
            Ok(container) => Ok(exit_of(&container.state.unwrap_or_default())),
            Err(error) if status(&error) == Some(404) => {
                Ok(Some(Exit { code: REMOVED, out_of_memory: false, at: Mark::now().at() }))
            }
            Err(_) => Err(()),
        }
    }

    async fn tell_exit(self, mut reader: LogReader, exit: Exit) {
        self.tell_lines(reader.finish()).await;
        let event = Event::Exited { container: self.key, run: self.run, exit };
        // A region that is ending does not listen any more.
        self.events.send(event).await.ok();
    }

    async fn tell_lines(&self, lines: Vec<Line>) {
        if !lines.is_empty() {
            let event = Event::Output { container: self.key.clone(), lines };
            self.events.send(event).await.ok();
        }
    }
}

/// How a container ended, as the engine tells; absent when it did not.
pub(super) fn exit_of(state: &ContainerState) -> Option<Exit> {
    if state.running == Some(true) {
        return None;
    }
    let at = state.finished_at.as_deref().and_then(parse_stamp).unwrap_or_else(Mark::now).at();
    let code = state.exit_code.and_then(|code| i32::try_from(code).ok()).unwrap_or(REMOVED);
    Some(Exit { code, out_of_memory: state.oom_killed == Some(true), at })
}

fn read_message(reader: &mut LogReader, message: LogOutput) -> Vec<Line> {
    match message {
        LogOutput::StdErr { message } => reader.push(Stream::Stderr, &message),
        LogOutput::StdOut { message } | LogOutput::StdIn { message } => {
            reader.push(Stream::Stdout, &message)
        }
        // A terminal ends its lines with a carriage return as well.
        LogOutput::Console { message } => match message.strip_suffix(b"\r\n") {
            Some(line) => reader.push(Stream::Stdout, &[line, b"\n"].concat()),
            None => reader.push(Stream::Stdout, &message),
        },
    }
}
