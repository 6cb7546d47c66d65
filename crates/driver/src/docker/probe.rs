//! Runs a command inside a container.
//!
//! An engine can't end a command that it has started: one that takes too long is left to itself,
//! and ends with its container at the latest.

use super::engine::{status, text};
use crate::tail::Tail;
use crate::{Error, Probe, ProbeOutcome};
use bollard::Docker as Engine;
use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use futures_util::StreamExt;
use std::time::Duration;

/// The exit code of a command that can't be started, as shells have it.
const NOT_STARTED: i32 = 127;

/// Runs a probe in the container of this name.
pub(super) async fn probe(
    engine: &Engine,
    name: &str,
    probe: &Probe,
) -> Result<ProbeOutcome, Error> {
    let mut tail = Tail::default();
    let running = run(engine, name, probe, &mut tail);
    match tokio::time::timeout(Duration::from(probe.timeout), running).await {
        Ok(Ok(code)) => Ok(ProbeOutcome { code, output: tail.text() }),
        Err(_) => Ok(ProbeOutcome { code: None, output: tail.text() }),
        Ok(Err(error)) if has_gone(&error) => Ok(ProbeOutcome { code: None, output: text(&error) }),
        // The command can't be started.
        Ok(Err(error)) if status(&error) == Some(400) => {
            Ok(ProbeOutcome { code: Some(NOT_STARTED), output: text(&error) })
        }
        Ok(Err(error)) => Err(Error::refused("running a command", text(&error))),
    }
}

/// Whether there is no such container, or it does not run. One that ends between the two calls that
/// a command takes is a failure of the engine's own, by its status (Docker 20.10).
fn has_gone(error: &bollard::errors::Error) -> bool {
    match status(error) {
        Some(404 | 409) => true,
        Some(500) => text(error).contains("is not running"),
        _ => false,
    }
}

async fn run(
    engine: &Engine,
    name: &str,
    probe: &Probe,
    tail: &mut Tail,
) -> Result<Option<i32>, bollard::errors::Error> {
    let config = ExecConfig {
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        cmd: Some(probe.command.words()),
        ..ExecConfig::default()
    };
    let exec = engine.create_exec(name, config).await?.id;
    let started = engine.start_exec(&exec, None).await?;
    if let StartExecResults::Attached { mut output, .. } = started {
        while let Some(message) = output.next().await {
            tail.push(&message?.into_bytes());
        }
    }
    let code = engine.inspect_exec(&exec).await?.exit_code;
    Ok(code.and_then(|code| i32::try_from(code).ok()))
}
