//! Takes folders and files of this machine into the store.

use super::super::digest::Sha256;
use super::{CONFIG, DIGEST, FILES, ImageConfig, STAGED, inside};
use crate::ignore::Ignore;
use crate::walk::{Entry, EntryKind, entry, walk};
use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Files for an image.
#[derive(Debug, Clone)]
pub struct Source {
    /// A folder or file of this machine. Of a folder, `.git` is left out.
    pub from: PathBuf,
    /// Where it is in the image. A folder's contents come into this folder; later sources win.
    pub to: String,
    /// What of a folder is left out.
    pub ignore: Ignore,
}

/// Why files can't be taken into the store.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file changed between reading and copying it.
    #[error("{}: changed while it was taken into the image", .0.display())]
    Changed(PathBuf),
    /// A source's place is outside of the image.
    #[error("{0}: leaves the image")]
    Outside(String),
}

/// The entries of an image by path, in the order of their digest.
type Entries = BTreeMap<String, Entry>;

/// When a file was read, as its system counts: length, and seconds and nanoseconds of its last
/// change.
type Stamp = (u64, i64, i64);

pub(super) fn import(
    root: &Path,
    config: &ImageConfig,
    sources: &[Source],
) -> Result<String, ImportError> {
    let entries = gather(sources)?;
    let (hex, stamps) = digest(config, &entries)?;
    let folder = root.join(&hex);
    if !folder.exists() {
        let staged = root.join(staged_name());
        let made = stage(&staged, config, &entries, &stamps)
            .and_then(|()| settle(&staged, &folder).map_err(at(&folder)));
        if made.is_err() {
            fs::remove_dir_all(&staged).ok();
        }
        made?;
    }
    Ok(format!("{DIGEST}{hex}"))
}

/// Whether a name is that of a folder which this process is making.
pub(super) fn is_in_use(name: &str) -> bool {
    name.starts_with(&format!("{STAGED}{}-", std::process::id()))
}

fn staged_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{STAGED}{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn gather(sources: &[Source]) -> Result<Entries, ImportError> {
    let mut entries = Entries::new();
    for source in sources {
        let outside = || ImportError::Outside(source.to.clone());
        let to = inside(&source.to).ok_or_else(outside)?;
        let mut add = |entry: Entry| {
            let path = to.join(&entry.path).to_string_lossy().trim_end_matches('/').to_owned();
            if !path.is_empty() {
                entries.insert(path.clone(), Entry { path, ..entry });
            }
        };
        let Some(top) = entry(&source.from, String::new()).map_err(at(&source.from))? else {
            continue;
        };
        let is_folder = top.kind == EntryKind::Folder;
        add(top);
        if is_folder {
            let ignore = source.ignore.clone().and("**/.git");
            walk(&source.from, &ignore).map_err(at(&source.from))?.into_iter().for_each(add);
        }
    }
    Ok(entries)
}

/// The digest over configuration, paths, kinds, modes and contents, and what was read when.
fn digest(
    config: &ImageConfig,
    entries: &Entries,
) -> Result<(String, BTreeMap<String, Stamp>), ImportError> {
    let (mut all, mut stamps) = (Sha256::new(), BTreeMap::new());
    all.add(&serde_json::to_vec(config).map_err(|error| at(Path::new(CONFIG))(error.into()))?);
    for (path, entry) in entries {
        let what = match &entry.kind {
            EntryKind::Folder => "folder".to_owned(),
            EntryKind::Link(target) => format!("link {}", target.display()),
            EntryKind::File => {
                let (contents, stamp) = read(&entry.source).map_err(at(&entry.source))?;
                stamps.insert(path.clone(), stamp);
                format!("file {:o} {contents}", entry.mode)
            }
        };
        // A path can't hold a zero byte, so no two lists of entries look the same.
        all.add(format!("\0{path}\0{what}").as_bytes());
    }
    Ok((all.finish(), stamps))
}

fn read(path: &Path) -> io::Result<(String, Stamp)> {
    let mut file = File::open(path)?;
    let stamp = stamp(&file.metadata()?);
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok((digest.finish(), stamp)),
            length => digest.add(&chunk[..length]),
        }
    }
}

fn stamp(metadata: &fs::Metadata) -> Stamp {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

/// Copies everything to a folder of its own. `fs::copy` shares the blocks where the file system
/// can.
fn stage(
    staged: &Path,
    config: &ImageConfig,
    entries: &Entries,
    stamps: &BTreeMap<String, Stamp>,
) -> Result<(), ImportError> {
    let files = staged.join(FILES);
    fs::create_dir_all(&files).map_err(at(&files))?;
    for (path, entry) in entries {
        let target = files.join(path);
        place(entry, &target).map_err(at(&entry.source))?;
        if let Some(stamp_then) = stamps.get(path) {
            let now = fs::metadata(&entry.source).map_err(at(&entry.source))?;
            if stamp(&now) != *stamp_then {
                return Err(ImportError::Changed(entry.source.clone()));
            }
        }
    }
    let path = staged.join(CONFIG);
    let text = serde_json::to_vec(config).map_err(|error| at(&path)(error.into()))?;
    fs::write(&path, text).map_err(at(&path))
}

fn place(entry: &Entry, target: &Path) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    match &entry.kind {
        EntryKind::Folder => fs::create_dir_all(target),
        EntryKind::Link(to) => symlink(to, target),
        EntryKind::File => {
            fs::copy(&entry.source, target)?;
            fs::set_permissions(target, Permissions::from_mode(entry.mode))
        }
    }
}

/// Gives a staged image its name. Somebody else may have made the same one meanwhile.
fn settle(staged: &Path, folder: &Path) -> io::Result<()> {
    match fs::rename(staged, folder) {
        Err(_) if folder.exists() => fs::remove_dir_all(staged),
        renamed => renamed,
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> ImportError + '_ {
    |source| ImportError::File { path: path.to_owned(), source }
}
