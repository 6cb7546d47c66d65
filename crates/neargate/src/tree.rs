//! The source tree on this disk, as the values that `source` reads.
//!
//! What git ignores is left out, and so is what no project's own source is. `.dockerignore` is not
//! asked: it says what an image's build sees, not what the source is.

use crate::failure::{Failure, Kind};
use ignore::{DirEntry, WalkBuilder};
use source::{Reading, Snapshot};
use std::path::Path;

/// Folders that hold no source, whether git ignores them or not.
const ASIDE: [&str; 8] =
    [".git", "node_modules", "target", ".venv", "venv", "__pycache__", ".next", ".terraform"];

/// The most files of a tree. A large repository has some ten thousand; what has more is the wrong
/// folder, a home directory perhaps.
const MOST: usize = 50_000;
/// The largest file that is read. Lockfiles of large repositories come to a few MiB.
const LARGEST: u64 = 16 << 20;
/// The most that is read altogether.
const MOST_BYTES: u64 = 256 << 20;
/// The stack for reading: the deepest script that is read takes about a tenth of it.
const STACK: usize = 64 << 20;

/// Whether the content of a file of this name is looked at.
pub(crate) type Wants = fn(&str) -> bool;

/// Reads the source tree of a folder.
pub(crate) fn read(folder: &Path) -> Result<Reading, Failure> {
    Ok(read_all(folder, source::wants)?.1)
}

/// Reads the source tree of a folder; answers its files too, with the content of those that are wanted.
pub(crate) fn read_all(folder: &Path, wants: Wants) -> Result<(Snapshot, Reading), Failure> {
    let snapshot = snapshot(folder, wants)?;
    let reading = with_room(|| source::read(&snapshot))?;
    Ok((snapshot, reading))
}

/// Does work that parses scripts, with the stack that the deepest of them takes.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|source| {
            Failure::because(Kind::Machine, "the system gives no threads", source)
        })?;
        thread
            .join()
            .map_err(|_| Failure::new(Kind::Machine, "reading the source failed: this is a bug"))
    })
}

/// The files of a folder.
fn snapshot(folder: &Path, wants: Wants) -> Result<Snapshot, Failure> {
    let mut snapshot = Snapshot::default();
    let (mut files, mut bytes) = (0, 0);
    for entry in walk(folder) {
        // What can't be looked at belongs to somebody else.
        let Ok(entry) = entry else { continue };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let Some(path) = entry.path().strip_prefix(folder).ok().and_then(Path::to_str) else {
            continue;
        };
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        files += 1;
        bytes += add((&mut snapshot, wants), &entry, path, size)?;
        if files > MOST || bytes > MOST_BYTES {
            let what = format!(
                "{} has more source than is read: {MOST} files, {} MiB",
                folder.display(),
                MOST_BYTES >> 20
            );
            return Err(Failure::new(Kind::Usage, what).hint("name the project's own folder"));
        }
    }
    Ok(snapshot)
}

/// Takes a file into the snapshot: with its content if somebody looks at that. Answers how much was
/// read.
fn add(
    (snapshot, wants): (&mut Snapshot, Wants),
    entry: &DirEntry,
    path: &str,
    size: u64,
) -> Result<u64, Failure> {
    if size > LARGEST || !wants(path) {
        snapshot.mention(path);
        return Ok(0);
    }
    let content = std::fs::read(entry.path()).map_err(|source| {
        let what = format!("can't read {}", entry.path().display());
        Failure::because(Kind::Machine, what, source)
    })?;
    snapshot.add(path, content);
    Ok(size)
}

fn walk(folder: &Path) -> ignore::Walk {
    let is_source = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| ASIDE.contains(&name))
    };
    // A folder that is no repository yet can have a .gitignore all the same.
    WalkBuilder::new(folder).hidden(false).require_git(false).filter_entry(is_source).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_ignores_and_what_is_installed_is_no_source() {
        let folder = std::env::temp_dir().join(format!("neargate-tree-{}", std::process::id()));
        for (path, text) in [
            (".gitignore", "dist\n.env\n"),
            (".env", "SECRET=1"),
            (".env.example", "SECRET="),
            ("src/a.js", "x"),
            ("dist/a.js", "x"),
            ("node_modules/b/index.js", "x"),
            ("logo.png", "x"),
        ] {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let snapshot = snapshot(&folder, source::wants).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let paths: Vec<&str> = snapshot.paths().collect();
        assert_eq!(paths, [".env.example", "src/a.js", ".gitignore", "logo.png"]);
        assert_eq!((snapshot.text("src/a.js"), snapshot.text("logo.png")), (Some("x"), None));
    }
}
