//! The region of a drill: the release binary on a data directory of its own, started, killed,
//! started again and stopped.

use super::call::{Caller, eventually};
use super::machine::{self, Driver};
use crate::bench::process::{Running, free_port};
use crate::bench::region::{Binary, fresh};
use std::fs::{self, OpenOptions};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A region, running or not.
pub(super) struct House {
    binary: PathBuf,
    /// Its data directory. The path is short: it holds sockets, whose paths end at about a hundred
    /// characters.
    pub(super) data: PathBuf,
    /// What it had to say, kept for who looks at a drill that failed.
    pub(super) log: PathBuf,
    pub(super) driver: Driver,
    /// Where AWS's clients reach it, over all its lives.
    pub(super) caller: Caller,
    /// What the engine knows it by, once it has a task there.
    pub(super) own: Option<String>,
    speed: u32,
    process: Option<Running>,
}

impl House {
    /// Builds the binary and starts a region in a new data directory.
    pub(super) fn open(root: &Path, driver: Driver, speed: u32) -> Result<Self, String> {
        super::say("building the release binary");
        let binary = Binary::build(root)?.path().to_path_buf();
        Self::open_with(root, binary, driver, speed)
    }

    /// The same with a binary that was built already.
    pub(super) fn open_with(
        root: &Path,
        binary: PathBuf,
        driver: Driver,
        speed: u32,
    ) -> Result<Self, String> {
        let data = std::env::temp_dir().join(format!("neargate-drill-{}", std::process::id()));
        fresh(&data)?;
        let folder = root.join("target/drill");
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let log = folder.join(format!("region-{}.log", std::process::id()));
        let caller = Caller { port: free_port(Ipv4Addr::LOCALHOST)? };
        let mut house = Self { binary, data, log, driver, caller, own: None, speed, process: None };
        house.start()?;
        Ok(house)
    }

    /// Starts it, and waits until it answers.
    pub(super) fn start(&mut self) -> Result<(), String> {
        self.spawn()?;
        let own = self.process.as_ref().map(|running| running.0.id());
        eventually("the region to answer", || {
            if let Some(running) = &mut self.process
                && let Ok(Some(ended)) = running.0.try_wait()
            {
                return Err(format!("it ended: {ended}"));
            }
            let status = self.caller.own("status")?;
            let pid = status["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
            if pid == own { Ok(()) } else { Err(format!("{status} is another region")) }
        })
    }

    /// Starts it, and returns before it has done anything.
    pub(super) fn spawn(&mut self) -> Result<(), String> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.map_err(|why| format!("{}: {why}", self.log.display()))?;
        let mut command = Command::new(&self.binary);
        command.args(["region", "start", "--driver", self.driver.word()]);
        command.arg("--port").arg(self.caller.port.to_string());
        command.arg("--speed").arg(self.speed.to_string()).arg("--data").arg(&self.data);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.spawn().map_err(|why| format!("{}: {why}", self.binary.display()))?;
        self.process = Some(Running(child));
        Ok(())
    }

    /// Learns from one of its tasks what the engine knows it by.
    pub(super) fn learn(&mut self, task: &str) -> Result<(), String> {
        if self.own.is_none() {
            self.own = machine::region_of(task, self.driver)?;
        }
        Ok(())
    }

    /// Kills it, as a crash would.
    pub(super) fn kill(&mut self) {
        self.process = None;
    }

    /// The binary, about this region.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env("NEARGATE_DATA", &self.data);
        command
    }

    /// A command line of the binary about this region, run to its end.
    pub(super) fn neargate(&self, words: &[&str], about: &Path) -> Result<String, String> {
        let mut command = Command::new(&self.binary);
        command.args(words).arg(about).env("NEARGATE_DATA", &self.data).stdin(Stdio::null());
        let output = command.output().map_err(|why| format!("{}: {why}", self.binary.display()))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`neargate {}`: {}\n{said}", words.join(" "), output.status))
    }

    /// Stops it as a user does, and sees that nothing of it is left.
    pub(super) fn close(mut self) -> Result<(), String> {
        self.stop()?;
        eventually("everything to be gone", || machine::nothing_left(&self))?;
        fs::remove_file(&self.log).map_err(|why| format!("{}: {why}", self.log.display()))
    }

    fn stop(&mut self) -> Result<(), String> {
        self.neargate(&["region", "stop", "--data"], &self.data.clone())?;
        let Some(mut running) = self.process.take() else { return Ok(()) };
        let ended = running.0.wait().map_err(|why| format!("the region: {why}"))?;
        if ended.success() { Ok(()) } else { Err(format!("the region ended: {ended}")) }
    }
}

impl Drop for House {
    /// Ends what a drill that failed left behind, and forgets its data; the log stays.
    fn drop(&mut self) {
        if self.process.is_some() && self.stop().is_err() {
            self.process = None;
        }
        if self.driver == Driver::Docker && self.data.exists() {
            // It says itself what it could not do.
            let _reset = self.neargate(&["region", "reset", "--yes", "--data"], &self.data);
        }
        let _gone = fs::remove_dir_all(&self.data);
    }
}
