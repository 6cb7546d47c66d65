//! The files of a folder, in a stable order.

use crate::ignore::Ignore;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A file, folder or link below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its path from the folder's root, with slashes.
    pub(crate) path: String,
    /// Where it is on this machine.
    pub(crate) source: PathBuf,
    /// What it is.
    pub(crate) kind: EntryKind,
    /// The permission bits.
    pub(crate) mode: u32,
}

/// What an entry is. Devices, pipes and sockets are passed over, as in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A symbolic link to this.
    Link(PathBuf),
}

/// What is below `root` and not left out, folders before what they hold, by name. A folder that is
/// left out is still listed when it holds something that is not.
pub(crate) fn walk(root: &Path, ignore: &Ignore) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    visit(root, "", ignore, &mut entries)?;
    Ok(entries)
}

/// The entry for one path of this machine; absent for what no image holds.
pub(crate) fn entry(source: &Path, path: String) -> io::Result<Option<Entry>> {
    let metadata = fs::symlink_metadata(source)?;
    let kind = match metadata.file_type() {
        kind if kind.is_dir() => EntryKind::Folder,
        kind if kind.is_file() => EntryKind::File,
        kind if kind.is_symlink() => EntryKind::Link(fs::read_link(source)?),
        _ => return Ok(None),
    };
    let mode = metadata.permissions().mode() & 0o7777;
    Ok(Some(Entry { path, source: source.to_owned(), kind, mode }))
}

fn visit(folder: &Path, above: &str, ignore: &Ignore, entries: &mut Vec<Entry>) -> io::Result<()> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<String>>>()?;
    names.sort();
    for name in names {
        let path = if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        let Some(entry) = entry(&folder.join(&name), path)? else { continue };
        let out = ignore.leaves_out(&entry.path);
        if entry.kind != EntryKind::Folder {
            entries.extend((!out).then_some(entry));
        } else if !out || ignore.may_bring_back_below(&entry.path) {
            let (source, path, before) = (entry.source.clone(), entry.path.clone(), entries.len());
            entries.push(entry);
            visit(&source, &path, ignore, entries)?;
            if out && entries.len() == before + 1 {
                entries.pop();
            }
        }
    }
    Ok(())
}
