//! The files of a container, read from the archive that the engine makes of them.

use crate::Error;
use crate::docker::engine::text;
use bollard::Docker as Engine;
use bytes::{Buf as _, Bytes};
use futures_util::StreamExt;
use std::io::{self, Read};
use tokio::sync::mpsc;

/// A file, a link or a folder of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, without a slash in front.
    pub path: String,
    /// Where it leads, if it is a link, as it is written.
    pub link: Option<String>,
    /// Its content, if it is a file that was wanted.
    pub content: Option<Vec<u8>>,
}

/// Whether the content of a file of this path and size is wanted.
pub type Wants = fn(&str, u64) -> bool;

/// How many chunks of the archive wait to be read.
const CHUNKS: usize = 16;

pub(super) async fn read(engine: &Engine, name: &str, wants: Wants) -> Result<Vec<File>, Error> {
    let (sender, chunks) = mpsc::channel(CHUNKS);
    let reading = tokio::task::spawn_blocking(move || unpack(Incoming::of(chunks), wants));
    let mut archive = engine.export_container(name).boxed();
    while let Some(chunk) = archive.next().await {
        let chunk = chunk.map_err(|error| refused(&text(&error)))?;
        // A reader that has ended has all that it wanted, or says why not.
        if sender.send(chunk).await.is_err() {
            break;
        }
    }
    drop(sender);
    let read = reading.await.map_err(|error| refused(&error.to_string()))?;
    read.map_err(|error| refused(&error.to_string()))
}

fn refused(why: &str) -> Error {
    Error::refused("reading the container's files", why)
}

fn unpack(archive: impl Read, wants: Wants) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = path.trim_start_matches("./").trim_matches('/').to_owned();
        let kind = entry.header().entry_type();
        let link = entry.link_name_bytes().filter(|_| kind.is_symlink() || kind.is_hard_link());
        let link = link.map(|it| String::from_utf8_lossy(&it).into_owned());
        let wanted = kind.is_file() && wants(&path, entry.size());
        let content = match wanted {
            true => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content)?;
                Some(content)
            }
            false => None,
        };
        files.push(File { path, link, content });
    }
    Ok(files)
}

/// Chunks that come, as something to be read.
struct Incoming {
    chunks: mpsc::Receiver<Bytes>,
    chunk: Bytes,
}

impl Incoming {
    fn of(chunks: mpsc::Receiver<Bytes>) -> Self {
        Self { chunks, chunk: Bytes::new() }
    }
}

impl Read for Incoming {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let length = into.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut into[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_becomes_files_and_only_wanted_content_is_kept() {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, text) in [("app/a.js", "x"), ("app/big.bin", "yy")] {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            archive.append_data(&mut header, path, text.as_bytes()).unwrap();
        }
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        archive.append_link(&mut header, "app/b", "../a").unwrap();
        let archive = archive.into_inner().unwrap();
        let files = unpack(&archive[..], |path, size| path.ends_with(".js") && size < 9).unwrap();
        let told: Vec<_> = files
            .iter()
            .map(|it| (it.path.as_str(), it.link.as_deref(), it.content.as_deref()))
            .collect();
        let expected = [
            ("app/a.js", None, Some(&b"x"[..])),
            ("app/big.bin", None, None),
            ("app/b", Some("../a"), None),
        ];
        assert_eq!(told, expected);
    }
}
