//! A build's context: the files that a Dockerfile can copy, as the archive that engines want.

use crate::ignore::Ignore;
use crate::walk::{Entry, EntryKind, entry, walk};
use bytes::Bytes;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use tokio::sync::mpsc;

/// The files of a context.
#[derive(Debug)]
pub(super) struct Context {
    /// The Dockerfile's path in the archive.
    pub(super) dockerfile: String,
    entries: Vec<Entry>,
}

/// Why a context can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// A file can't be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file became shorter while it was read.
    #[error("{}: changed while it was sent to the engine", .0.display())]
    Changed(PathBuf),
}

/// Where chunks of the archive go.
type Chunks = mpsc::Sender<io::Result<Bytes>>;

/// The name of a Dockerfile that is outside of its context.
const OUTSIDE: &str = ".neargate.dockerfile";

/// How much of the archive is sent at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// What is in the context at `folder`.
pub(super) fn read(folder: &Path, dockerfile: &Path) -> Result<Context, ContextError> {
    let file = folder.join(dockerfile);
    let inside = relative(folder, &file);
    let name = inside.clone().unwrap_or_else(|| OUTSIDE.to_owned());
    let ignore = ignore(folder, &file)?.and_keep(".dockerignore").and_keep(&name);
    let mut entries = walk(folder, &ignore).map_err(at(folder))?;
    if inside.is_none() || !entries.iter().any(|entry| entry.path == name) {
        entries.extend(entry(&file, name.clone()).map_err(at(&file))?);
    }
    Ok(Context { dockerfile: name, entries })
}

// === impl Context ===

impl Context {
    /// Sends the archive, chunk by chunk. When the engine does not want the rest, that is no error.
    pub(super) fn send(self, chunks: Chunks) -> Result<(), ContextError> {
        let mut archive = tar::Builder::new(Sender { chunks, buffer: Vec::new() });
        for entry in &self.entries {
            match append(&mut archive, entry) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                Err(error) => {
                    let error = broken(entry, error);
                    archive.get_mut().give_up(&error);
                    return Err(error);
                }
            }
        }
        // What fails here is the sending, and the engine knows why.
        archive.into_inner().and_then(|mut sender| sender.flush()).ok();
        Ok(())
    }
}

/// The patterns for a Dockerfile: its own, or else the context's.
fn ignore(folder: &Path, dockerfile: &Path) -> Result<Ignore, ContextError> {
    let mut own = dockerfile.as_os_str().to_owned();
    own.push(".dockerignore");
    for path in [PathBuf::from(own), folder.join(".dockerignore")] {
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Ignore::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&path)(error)),
        }
    }
    Ok(Ignore::default())
}

/// A file's path from the folder, with slashes; absent when it is outside.
fn relative(folder: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(folder).ok()?;
    let names = inside.components().filter(|component| *component != Component::CurDir);
    let names = names.map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    Some(names.collect::<Option<Vec<&str>>>()?.join("/"))
}

/// Owners do not matter to a build, and times not to its cache.
fn append(archive: &mut tar::Builder<Sender>, entry: &Entry) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_mode(entry.mode);
    let metadata = fs::symlink_metadata(&entry.source)?;
    let changed = metadata.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    header.set_mtime(changed.as_secs());
    header.set_size(0);
    match &entry.kind {
        EntryKind::Folder => {
            header.set_entry_type(tar::EntryType::Directory);
            archive.append_data(&mut header, &entry.path, io::empty())
        }
        EntryKind::Link(target) => {
            header.set_entry_type(tar::EntryType::Symlink);
            archive.append_link(&mut header, &entry.path, target)
        }
        EntryKind::File => {
            header.set_size(metadata.len());
            let mut contents = Exactly { file: File::open(&entry.source)?, left: metadata.len() };
            archive.append_data(&mut header, &entry.path, &mut contents)
        }
    }
}

fn broken(entry: &Entry, error: io::Error) -> ContextError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ContextError::Changed(entry.source.clone()),
        _ => at(&entry.source)(error),
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> ContextError + '_ {
    |source| ContextError::File { path: path.to_owned(), source }
}

/// A file as long as it was announced: what was added since is left out, and what is missing is an
/// error.
struct Exactly {
    file: File,
    left: u64,
}

impl Read for Exactly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.file.read(&mut buffer[..most])?;
        if length == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= length as u64;
        Ok(length)
    }
}

/// Writes into the channel to the engine.
struct Sender {
    chunks: Chunks,
    buffer: Vec<u8>,
}

// === impl Sender ===

impl Sender {
    /// Ends the archive with an error, so that the engine does not build from half of it.
    fn give_up(&mut self, error: &ContextError) {
        // An engine that has gone needs no error.
        self.chunks.blocking_send(Err(io::Error::other(error.to_string()))).ok();
    }
}

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = Bytes::from(std::mem::take(&mut self.buffer));
        let sent = self.chunks.blocking_send(Ok(chunk));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests;
