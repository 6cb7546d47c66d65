//! Commands at a terminal, through the engine's `exec`.
//!
//! They run as root, whatever the container's user is, as ECS Exec's do (AWS, "Monitor Amazon ECS
//! containers with ECS Exec": the SSM agent and its child processes run as root).
//!
//! An engine can't end a command that it has started. Each therefore carries a mark in its
//! environment, which what it starts inherits; hanging up is another command in the container that
//! ends whoever has the mark. It takes a shell and `grep` there: without them the command is left to
//! itself, and ends with its container at the latest.

use super::Docker;
use super::engine::text;
use crate::terminal::{self, FarEnd, Stroke};
use crate::{ContainerKey, Error, Exec, Terminal, Window};
use bollard::Docker as Engine;
use bollard::exec::{ResizeExecOptions, StartExecOptions};
use bollard::models::ExecConfig;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::handshake;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// The version of the engine's API that has all of this: Docker 20.10's.
const API: &str = "/v1.41";

/// The variable that marks a command.
const MARK: &str = "NEARGATE_EXEC";

/// The user that commands run as.
const ROOT: &str = "0";

/// Ends who has the mark `$1` in the environment: politely, and a second later for certain.
const HANG_UP: &str = "hit() { for at in /proc/[0-9]*; do \
    grep -qs \"$1\" $at/environ && kill -$2 ${at#/proc/} 2>/dev/null; done; }; \
    hit \"$1\" HUP; sleep 1; hit \"$1\" KILL";

/// An engine knows a terminal a moment after it was asked for it.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

impl Docker {
    pub(super) async fn exec_in(&self, order: Exec) -> Result<Terminal, Error> {
        let name = self.names.container(&order.container);
        let refused = |error| Error::Exec(text(&error));
        let mark = new_mark();
        let config = ExecConfig {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(true),
            user: Some(ROOT.to_owned()),
            env: Some(vec![mark.clone()]),
            cmd: Some(order.words),
            ..ExecConfig::default()
        };
        let id = self.engine.create_exec(&name, config).await.map_err(refused)?.id;
        let stream = attach(&self.socket, &id).await?;
        let running = Running { engine: self.engine.clone(), container: name, id, mark };
        let (near, far) = terminal::pair();
        tokio::spawn(running.serve(stream, far, order.window));
        Ok(near)
    }

    /// Ends what terminals of a region that is gone have left in a container.
    pub(super) async fn hang_up_in(&self, key: &ContainerKey) {
        let (engine, name) = (self.engine.clone(), self.names.container(key));
        let inspected = engine.inspect_container(&name, None).await;
        let left = inspected.ok().and_then(|it| it.exec_ids).is_some_and(|ids| !ids.is_empty());
        if left {
            tokio::spawn(async move { hang_up(&engine, &name, &format!("{MARK}=")).await });
        }
    }
}

/// A command that runs.
struct Running {
    engine: Engine,
    container: String,
    id: String,
    mark: String,
}

impl Running {
    /// Carries what is typed and shown until one of the two sides has gone.
    async fn serve(self, stream: TokioIo<Upgraded>, far: FarEnd, window: Window) {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let FarEnd { output, mut input } = far;
        let showing = async {
            let mut chunk = vec![0; 8 * 1024];
            while let Ok(length @ 1..) = reader.read(&mut chunk).await {
                let piece = Bytes::copy_from_slice(&chunk[..length]);
                if output.send(piece).await.is_err() {
                    break;
                }
            }
        };
        let typing = async {
            self.resize(window).await;
            while let Some(stroke) = input.recv().await {
                match stroke {
                    Stroke::Keys(keys) if writer.write_all(&keys).await.is_err() => break,
                    Stroke::Keys(_) => {}
                    Stroke::Resize(window) => self.resize(window).await,
                }
            }
        };
        let gone = async {
            tokio::select! {
                () = typing => {}
                () = output.closed() => {}
            }
        };
        tokio::select! {
            () = showing => {}
            () = gone => {}
        }
        let state = self.engine.inspect_exec(&self.id).await;
        if state.is_ok_and(|state| state.running == Some(true)) {
            hang_up(&self.engine, &self.container, &self.mark).await;
        }
    }

    async fn resize(&self, window: Window) {
        let Window { columns: width, rows: height } = window;
        for _ in 0..LOOKS {
            let size = ResizeExecOptions { height, width };
            if self.engine.resize_exec(&self.id, size).await.is_ok() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}

async fn hang_up(engine: &Engine, container: &str, mark: &str) {
    let words = ["/bin/sh", "-c", HANG_UP, "hang-up", mark].map(str::to_owned);
    let config = ExecConfig {
        cmd: Some(words.to_vec()),
        user: Some(ROOT.to_owned()),
        ..ExecConfig::default()
    };
    let Ok(exec) = engine.create_exec(container, config).await else { return };
    let detached = StartExecOptions { detach: true, ..StartExecOptions::default() };
    if let Err(error) = engine.start_exec(&exec.id, Some(detached)).await {
        tracing::debug!(container, "a command can't be hung up: {}", text(&error));
    }
}

/// Starts a command and takes the connection over, which then is its terminal. bollard can't be asked:
/// it looks for frames in what comes, and a terminal's bytes have none.
async fn attach(socket: &Path, id: &str) -> Result<TokioIo<Upgraded>, Error> {
    let failed = |why: &dyn std::fmt::Display| Error::refused("attaching to a command", why);
    let stream = UnixStream::connect(socket).await.map_err(|why| failed(&why))?;
    let (mut sender, connection) =
        handshake(TokioIo::new(stream)).await.map_err(|why| failed(&why))?;
    tokio::spawn(connection.with_upgrades());
    let body = Full::new(Bytes::from_static(br#"{"Detach":false,"Tty":true}"#));
    let request = Request::post(format!("{API}/exec/{id}/start")).header("host", "docker");
    let request = request.header("connection", "Upgrade").header("upgrade", "tcp");
    let request = request.header("content-type", "application/json").body(body);
    let request = request.map_err(|why| failed(&why))?;
    let answer = sender.send_request(request).await.map_err(|why| failed(&why))?;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        let said = answer.into_body().collect().await.map_err(|why| failed(&why))?.to_bytes();
        let said: serde_json::Value = serde_json::from_slice(&said).unwrap_or_default();
        let why =
            said["message"].as_str().unwrap_or("the engine does not let go of the connection");
        return Err(Error::Exec(why.trim().to_owned()));
    }
    hyper::upgrade::on(answer).await.map(TokioIo::new).map_err(|why| failed(&why))
}

/// A mark that no other command in the engine has while it runs.
fn new_mark() -> String {
    static STARTED: AtomicU64 = AtomicU64::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    // It ends with a letter, so that no mark is the beginning of another.
    format!("{MARK}={}-{number}x", std::process::id())
}
