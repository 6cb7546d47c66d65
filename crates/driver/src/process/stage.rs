//! The stage: the process that becomes a container's command. See [`super::role`].

use super::frame;
use super::limits;
use super::spec::{Input, Program};
use rustix::process::setsid;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use tokio::signal::unix::{SignalKind, signal};

/// What a stage reads from its standard input.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// What to become.
    pub(super) program: Program,
    /// The process that must be the parent still.
    pub(super) parent: i32,
}

/// Becomes the program that standard input, a socket, names. Why it could not goes back through the
/// socket; when it could, the socket closes without a word.
pub(super) fn run() -> ExitCode {
    let Ok(socket) = rustix::io::fcntl_dupfd_cloexec(io::stdin(), 3) else {
        return ExitCode::FAILURE;
    };
    let mut socket = UnixStream::from(socket);
    let why = match frame::read::<Order>(&socket) {
        Ok(order) => become_program(&order),
        Err(error) => format!("reading what to run: {error}"),
    };
    socket.write_all(why.as_bytes()).ok();
    ExitCode::FAILURE
}

/// Returns only when it failed, and why.
fn become_program(order: &Order) -> String {
    let program = &order.program;
    if let Err(why) = prepare(order) {
        return why;
    }
    let Some((name, arguments)) = program.words.split_first() else {
        return "no command specified".to_owned();
    };
    let environment = program.environment.iter().map(|(name, value)| (name, value.reveal()));
    let error = Command::new(name).args(arguments).env_clear().envs(environment).exec();
    explain(name, &error)
}

fn prepare(order: &Order) -> Result<(), String> {
    hear_signals().map_err(|error| format!("preparing signals: {error}"))?;
    setsid().map_err(|error| format!("starting a session: {error}"))?;
    die_with(order.parent)?;
    limits::apply(&order.program.limits)?;
    let folder = &order.program.folder;
    std::env::set_current_dir(folder)
        .map_err(|error| format!("chdir to {:?} failed: {error}", folder.display().to_string()))?;
    set_input(order.program.input).map_err(|error| format!("opening standard input: {error}"))
}

/// Gives the program every signal as systems give it. A region that was started with `nohup`, or in
/// the background of a script, ignores some; programs inherit that, and a shell can't even trap what
/// it inherits so. What has a handler here is back at its default in what this process becomes.
fn hear_signals() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _context = runtime.enter();
    for kind in [
        SignalKind::hangup(),
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::terminate(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
        SignalKind::alarm(),
        SignalKind::child(),
        SignalKind::window_change(),
    ] {
        // The handler stays when nobody listens.
        drop(signal(kind)?);
    }
    Ok(())
}

/// Lets the kernel kill this process, and what it becomes, when its parent ends. A program with the
/// set-user-id bit loses this when it starts.
#[cfg(target_os = "linux")]
fn die_with(parent: i32) -> Result<(), String> {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("asking for the death signal: {error}"))?;
    // The parent may have ended before the signal was asked for.
    if getppid() == Pid::from_raw(parent) { Ok(()) } else { Err("the shim has ended".to_owned()) }
}

/// Other systems have no such signal: the keeper ends the process when the shim ends.
#[cfg(not(target_os = "linux"))]
fn die_with(_parent: i32) -> Result<(), String> {
    Ok(())
}

/// Replaces the socket on standard input. The silent one is a pipe whose other end the program
/// itself holds without knowing, so that it never comes to its end.
fn set_input(input: Input) -> io::Result<()> {
    match input {
        Input::Empty => rustix::stdio::dup2_stdin(File::open("/dev/null")?)?,
        Input::Silent => {
            let (reader, writer) = io::pipe()?;
            rustix::stdio::dup2_stdin(reader)?;
            rustix::io::fcntl_setfd(&writer, rustix::io::FdFlags::empty())?;
            std::mem::forget(writer);
        }
        Input::Terminal => {
            rustix::stdio::dup2_stdin(io::stdout())?;
            rustix::process::ioctl_tiocsctty(io::stdin())?;
        }
    }
    Ok(())
}

/// In the words of Docker's runtime.
fn explain(name: &str, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::NotFound if name.contains('/') && Path::new(name).exists() => {
            "no such file or directory (its interpreter is missing)".to_owned()
        }
        io::ErrorKind::NotFound if name.contains('/') => {
            format!("stat {name}: no such file or directory")
        }
        io::ErrorKind::NotFound => "executable file not found in $PATH".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("exec: {name:?}: {why}")
}
