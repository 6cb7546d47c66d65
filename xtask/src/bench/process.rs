//! Programs under measurement: started, pinned, looked at, ended.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take until it can be talked to.
const PATIENCE: Duration = Duration::from_secs(60);

/// The processor of what is measured.
pub(crate) const MEASURED: u32 = 0;
/// The processor of what makes the load and of what stands behind a proxy.
pub(crate) const LOADING: u32 = 1;

/// A program that ends with the bench.
#[derive(Debug)]
pub(crate) struct Running(pub(crate) Child);

/// A program's memory, in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// What is resident, pages that it shares with other programs included.
    pub(crate) resident: f64,
    /// The same with shared pages divided among those who share them.
    pub(crate) proportional: f64,
}

// === impl Running ===

impl Running {
    /// Starts a program without a voice.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        child.spawn().map(Self).map_err(|why| format!("{program}: {why}"))
    }

    /// The processor time that it has used, user and system, in microseconds.
    pub(crate) fn cpu_micros(&self) -> Result<f64, String> {
        // Fields 14 and 15, in hundredths of a second; the name in field 2 ends with a bracket.
        let stat = read(&self.file("stat"))?;
        let behind_name = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        let ticks = behind_name.split_whitespace().skip(11).take(2);
        let ticks: Result<Vec<f64>, _> = ticks.map(str::parse).collect();
        let ticks = ticks.map_err(|why| format!("stat: {why}"))?;
        Ok(ticks.iter().sum::<f64>() * 10_000.0)
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> Result<Memory, String> {
        let text = read(&self.file("smaps_rollup"))?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
            number.ok_or_else(|| format!("smaps_rollup has no {name}"))
        };
        Ok(Memory { resident: field("Rss:")?, proportional: field("Pss:")? })
    }

    /// The most memory that it ever had resident, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<f64, String> {
        let text = read(&self.file("status"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| "status has no VmHWM".to_owned())
    }

    fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0.id()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// A command line, kept on one processor.
pub(crate) fn pinned(processor: u32, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(processor.to_string()).arg(program);
    command
}

/// The program of this name, if it is on this machine.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A port of loopback that nobody listens on.
pub(crate) fn free_port(address: Ipv4Addr) -> Result<u16, String> {
    let listener = TcpListener::bind((address, 0)).map_err(|why| format!("no port: {why}"))?;
    listener.local_addr().map(|at| at.port()).map_err(|why| format!("no port: {why}"))
}

/// Waits until somebody listens there.
pub(crate) fn await_listener(address: SocketAddr) -> Result<(), String> {
    await_that(&address.to_string(), || {
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
    })
}

/// Waits until something is so.
pub(crate) fn await_that(what: &str, is_so: impl FnMut() -> bool) -> Result<(), String> {
    await_every(Duration::from_millis(10), what, is_so)
}

/// Waits until something is so, looking as often as is said.
pub(crate) fn await_every(
    pause: Duration,
    what: &str,
    mut is_so: impl FnMut() -> bool,
) -> Result<(), String> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("waited too long for {what}"));
        }
        thread::sleep(pause);
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}
