//! Starts a keeper for a container.

use super::folder::ContainerFolder;
use super::frame;
use super::role;
use super::shim::Handshake;
use super::spec::Spec;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// How a start went.
#[derive(Debug)]
pub(super) enum Launched {
    /// The container's command runs. The child is its keeper.
    Started(Child),
    /// Another keeper or shim has the container.
    Busy,
}

/// Starts a container and waits until its command runs, or why it does not is known.
///
/// # Errors
/// Says why the command can't be run.
pub(super) fn launch(
    executable: &Path,
    folder: &ContainerFolder,
    spec: &Spec,
) -> Result<Launched, String> {
    let mut keeper = start(executable, folder).map_err(|error| format!("starting: {error}"))?;
    let handshake = give(&mut keeper, spec).and_then(|()| hear(&mut keeper));
    match handshake {
        Ok(Handshake::Started) => Ok(Launched::Started(keeper)),
        Ok(Handshake::Busy) => {
            keeper.wait().ok();
            Ok(Launched::Busy)
        }
        Ok(Handshake::Failed(why)) => {
            keeper.wait().ok();
            Err(why)
        }
        Err(error) => {
            keeper.wait().ok();
            Err(format!("the supervisor did not answer: {error}{}", last_words(folder)))
        }
    }
}

fn start(executable: &Path, folder: &ContainerFolder) -> io::Result<Child> {
    let mut command = Command::new(executable);
    if let Some(name) = executable.file_name() {
        command.arg0(name);
    }
    command
        .arg(role::KEEPER)
        .current_dir(&folder.path)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(folder.log())?)
        .spawn()
}

/// Gives the spec, and closes the pipe behind it.
fn give(keeper: &mut Child, spec: &Spec) -> io::Result<()> {
    let mut input = keeper.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    match input.write_all(&frame::encode(spec)?) {
        // A keeper that ended early may have said why.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn hear(keeper: &mut Child) -> io::Result<Handshake> {
    frame::read(keeper.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?)
}

/// What keeper and shim wrote before they ended.
fn last_words(folder: &ContainerFolder) -> String {
    let words = fs::read_to_string(folder.log()).unwrap_or_default();
    if words.trim().is_empty() { String::new() } else { format!(" ({})", words.trim()) }
}
