//! The process driver's files.
//!
//! ```text
//! <root>/                        mode 0700, the region's
//!   images/                      see `image`
//!   sockets/<16 hex digits>      where a shim listens; short, for the limit of socket addresses
//!   tasks/<task id>/
//!     task.json                  cluster, address and ports
//!     volumes/<name>/            see `environment`
//!     containers/<name>/
//!       lock                     held by keeper and shim while either lives
//!       started.json             which run was started
//!       exit.json                how it ended
//!       supervisor.log           what keeper and shim have to say; empty when all is well
//!       home/                    the container's own place
//! ```
//!
//! Nothing here holds a secret.

use crate::{Binding, ContainerKey, Exit, TaskKey};
use rustix::fs::{FlockOperation, flock};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

/// The folder of images below the driver's own.
pub(super) const IMAGES: &str = "images";

/// The lock's name in a container's folder, which is the working directory of keeper and shim.
pub(super) const LOCK: &str = "lock";
const STARTED: &str = "started.json";
const EXIT: &str = "exit.json";
const TASK: &str = "task.json";

/// `sun_path` holds 104 bytes on macOS and 108 on Linux, its final zero included.
const LONGEST_ADDRESS: usize = 103;

/// The driver's root folder.
#[derive(Debug, Clone)]
pub(super) struct Root(PathBuf);

/// A container's folder.
#[derive(Debug, Clone)]
pub(super) struct ContainerFolder {
    /// The folder.
    pub(super) path: PathBuf,
    /// Where its shim listens.
    pub(super) socket: PathBuf,
}

/// What is kept of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TaskFile {
    /// The task.
    pub(super) key: TaskKey,
    /// Its address.
    pub(super) address: Ipv4Addr,
    /// Its ports.
    pub(super) ports: Vec<Binding>,
}

/// What is kept of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StartedFile {
    /// Which run was started.
    pub(super) run: u32,
    /// The shim's process, while it lives.
    pub(super) shim: i32,
    /// The process of the container's command, until there is an exit.
    pub(super) main: i32,
}

// === impl Root ===

impl Root {
    /// Makes the folders that are always there; only their owner can enter them.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let root = Self(path);
        for folder in [root.0.clone(), root.images(), root.sockets(), root.tasks()] {
            make(&folder)?;
        }
        // It may have been there before, with other rights.
        fs::set_permissions(&root.0, fs::Permissions::from_mode(0o700))?;
        Ok(root)
    }

    pub(super) fn images(&self) -> PathBuf {
        self.0.join(IMAGES)
    }

    fn sockets(&self) -> PathBuf {
        self.0.join("sockets")
    }

    fn tasks(&self) -> PathBuf {
        self.0.join("tasks")
    }

    /// A task's folder.
    pub(super) fn task(&self, task: &TaskKey) -> PathBuf {
        self.tasks().join(task.id.as_str())
    }

    /// A task's volume.
    pub(super) fn volume(&self, task: &TaskKey, name: &str) -> PathBuf {
        self.task(task).join("volumes").join(name)
    }

    /// A container's folder.
    pub(super) fn container(&self, key: &ContainerKey) -> ContainerFolder {
        let path = self.task(&key.task).join("containers").join(key.name.as_str());
        let digest = super::digest::sha256(key.to_string().as_bytes());
        ContainerFolder { path, socket: self.sockets().join(&digest[..16]) }
    }

    /// What is kept of a task; absent when there is no such task.
    pub(super) fn read_task(&self, task: &TaskKey) -> io::Result<Option<TaskFile>> {
        read(&self.task(task).join(TASK))
    }

    /// Keeps a task.
    pub(super) fn write_task(&self, task: &TaskFile) -> io::Result<()> {
        let folder = self.task(&task.key);
        make(&folder.join("containers"))?;
        write(&folder.join(TASK), task)
    }

    /// Every task that is kept. A folder without its file is one that was being made or removed.
    pub(super) fn read_tasks(&self) -> io::Result<Vec<TaskFile>> {
        let mut tasks = Vec::new();
        for entry in fs::read_dir(self.tasks())? {
            tasks.extend(read::<TaskFile>(&entry?.path().join(TASK))?);
        }
        tasks.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(tasks)
    }

    /// Removes what calls left behind that were interrupted: folders of tasks without a file.
    pub(super) fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(self.tasks())? {
            let folder = entry?.path();
            if read::<TaskFile>(&folder.join(TASK))?.is_none() {
                unless_missing(fs::remove_dir_all(folder))?;
            }
        }
        Ok(())
    }

    /// The containers that a task has folders for.
    pub(super) fn containers(&self, task: &TaskKey) -> io::Result<Vec<ContainerKey>> {
        let entries = match fs::read_dir(self.task(task).join("containers")) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<String>>>()?;
        names.sort();
        let key = |name: String| ContainerKey { task: task.clone(), name: name.into() };
        Ok(names.into_iter().map(key).collect())
    }

    /// Forgets a task: first its file, so that half a task is never found.
    pub(super) fn remove_task(&self, task: &TaskKey) -> io::Result<()> {
        let folder = self.task(task);
        unless_missing(fs::remove_file(folder.join(TASK)))?;
        for container in self.containers(task)? {
            unless_missing(fs::remove_file(self.container(&container).socket))?;
        }
        unless_missing(fs::remove_dir_all(folder))
    }
}

// === impl ContainerFolder ===

impl ContainerFolder {
    /// The container's own place.
    pub(super) fn home(&self) -> PathBuf {
        self.path.join("home")
    }

    /// Where keeper and shim write what they have to say.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join("supervisor.log")
    }

    /// Whether its keeper or its shim lives.
    pub(super) fn is_alive(&self) -> io::Result<bool> {
        match flock(self.lock()?, FlockOperation::NonBlockingLockExclusive) {
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
            free => Ok(free.map(|()| false)?),
        }
    }

    /// Waits until neither its keeper nor its shim lives. This may take as long as the kernel needs
    /// to end a process.
    pub(super) fn wait_until_gone(&self) -> io::Result<()> {
        Ok(flock(self.lock()?, FlockOperation::LockExclusive)?)
    }

    fn lock(&self) -> io::Result<fs::File> {
        fs::File::create(self.path.join(LOCK))
    }

    /// The run that was started last, if one was.
    pub(super) fn started(&self) -> io::Result<Option<StartedFile>> {
        read(&self.path.join(STARTED))
    }

    /// How that run ended, if it did.
    pub(super) fn exit(&self) -> io::Result<Option<Exit>> {
        read(&self.path.join(EXIT))
    }

    /// Notes how it ended, for a shim that can't any more.
    pub(super) fn write_exit(&self, exit: Exit) -> io::Result<()> {
        write(&self.path.join(EXIT), &exit)
    }

    /// Makes the folder as a container finds it that never ran.
    pub(super) fn clear(&self) -> io::Result<()> {
        for file in [STARTED, EXIT] {
            unless_missing(fs::remove_file(self.path.join(file)))?;
        }
        unless_missing(fs::remove_dir_all(self.home()))?;
        make(&self.home())
    }
}

// === impl StartedFile ===

impl StartedFile {
    /// The start of the container whose folder is the working directory; absent when it has ended,
    /// or never began.
    pub(super) fn of_running() -> io::Result<Option<Self>> {
        let exit: Option<Exit> = read(Path::new(EXIT))?;
        if exit.is_some() { Ok(None) } else { read(Path::new(STARTED)) }
    }

    /// Notes the start, in the container's folder, which is the working directory.
    pub(super) fn write(self) -> io::Result<()> {
        write(Path::new(STARTED), &self)
    }
}

/// Notes the exit, in the container's folder, which is the working directory.
pub(super) fn write_exit(exit: Exit) -> io::Result<()> {
    write(Path::new(EXIT), &exit)
}

/// Listens at a path, however long.
pub(super) fn bind(path: &Path) -> io::Result<UnixListener> {
    let address = Address::of(path)?;
    UnixListener::bind(&address.path)
}

/// A socket's path, made short enough for the system.
#[derive(Debug)]
pub(super) struct Address {
    /// What to give to the system while this value lives.
    pub(super) path: PathBuf,
    _folder: Option<fs::File>,
}

// === impl Address ===

impl Address {
    /// A path that is too long is reached through its open folder, where the system can.
    ///
    /// # Errors
    /// Says that the path is too long, where it can't.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        if path.as_os_str().as_bytes().len() <= LONGEST_ADDRESS {
            return Ok(Self { path: path.to_owned(), _folder: None });
        }
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(ErrorKind::InvalidInput.into());
        };
        if !cfg!(target_os = "linux") {
            let why = format!(
                "{}: the path of the data directory is too long for sockets: at most {} bytes",
                folder.display(),
                LONGEST_ADDRESS - "/sockets/0123456789abcdef".len(),
            );
            return Err(io::Error::new(ErrorKind::InvalidInput, why));
        }
        let folder = fs::File::open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }
}

/// Whether a name can be that of a folder. The services admit no others; this keeps one that came
/// from elsewhere from leaving the driver's root.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains('/') && !matches!(text, "." | "..")
}

/// Makes a folder that only its owner can enter, and those above it.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// What a file holds; absent when it is not there, or holds nothing that we know: a machine that
/// stopped at the wrong moment leaves empty files, and these must not keep a region from starting.
fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                tracing::warn!("{} is passed over: {error}", path.display());
                Ok(None)
            }
        },
        // NotADirectory: something else lies where a task's folder would.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Readers see the old file or the new one, never half a file.
fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let staged = path.with_extension("new");
    fs::write(&staged, serde_json::to_vec(value)?)?;
    fs::rename(staged, path)
}

fn unless_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
