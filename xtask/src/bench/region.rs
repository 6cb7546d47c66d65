//! The region under measurement: the release binary, as a user starts it.

use super::aws::Endpoint;
use super::http::Request;
use super::process::{self, Memory, Running};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

/// The release binary.
#[derive(Debug, Clone)]
pub(crate) struct Binary(PathBuf);

/// How a region is started.
#[derive(Debug, Clone)]
pub(crate) struct Start<'a> {
    /// Its data directory.
    pub(crate) data: &'a Path,
    /// What runs its tasks.
    pub(crate) driver: &'a str,
    /// Its speed.
    pub(crate) speed: u32,
    /// The processor it is kept on, if it is.
    pub(crate) processor: Option<u32>,
}

/// A running region.
pub(crate) struct Region {
    process: Running,
    /// Where AWS's clients reach it.
    pub(crate) endpoint: Endpoint,
    /// Held open, so that the region can go on talking.
    _voice: BufReader<ChildStderr>,
    begun: Instant,
}

// === impl Binary ===

impl Binary {
    /// Builds it as a release is built.
    pub(crate) fn build(root: &Path) -> Result<Self, String> {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(root).args(["build", "--release", "--quiet", "--package", "neargate"]);
        let status = cargo.status().map_err(|why| format!("cargo: {why}"))?;
        if !status.success() {
            return Err(format!("cargo build: {status}"));
        }
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = target.unwrap_or_else(|| root.join("target"));
        Ok(Self(target.join("release/neargate")))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Starts a region, and returns when it says that it runs.
    pub(crate) fn start(&self, how: &Start<'_>) -> Result<Region, String> {
        let mut command = match how.processor {
            Some(processor) => process::pinned(processor, &self.0),
            None => Command::new(&self.0),
        };
        command.args(["region", "start", "--port", "0", "--driver", how.driver]);
        command.arg("--data").arg(how.data).arg("--speed").arg(how.speed.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let begun = Instant::now();
        let child = command.spawn().map_err(|why| format!("{}: {why}", self.0.display()))?;
        let mut process = Running(child);
        let voice = process.0.stderr.take().ok_or("the region has no voice")?;
        let mut voice = BufReader::new(voice);
        let port = heard(&mut voice)?;
        Ok(Region { process, endpoint: Endpoint { port }, _voice: voice, begun })
    }
}

/// The port that the region tells.
fn heard(voice: &mut BufReader<ChildStderr>) -> Result<u16, String> {
    let mut said = String::new();
    loop {
        let mut line = String::new();
        let length = voice.read_line(&mut line).map_err(|why| why.to_string())?;
        if length == 0 {
            return Err(format!("the region did not start: {said}"));
        }
        if let Some((_, rest)) = line.split_once("at http://127.0.0.1:") {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return digits.parse().map_err(|why| format!("{line}: {why}"));
        }
        said.push_str(&line);
    }
}

// === impl Region ===

impl Region {
    /// How long ago it was started.
    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Its memory.
    pub(crate) fn memory(&self) -> Result<Memory, String> {
        self.process.memory()
    }

    /// The most memory that it ever had resident, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<f64, String> {
        self.process.peak_memory()
    }

    /// The processor time that it has used, in microseconds.
    pub(crate) fn cpu_micros(&self) -> Result<f64, String> {
        self.process.cpu_micros()
    }

    /// Where a listener of that protocol listens on loopback; the first one of its kind.
    pub(crate) fn listener_port(&self, protocol: &str) -> Result<u16, String> {
        let request =
            Request { method: "GET", target: "/_neargate/endpoints", fields: &[], body: "" };
        let answer = request.to_port(self.endpoint.port).map_err(|why| why.to_string())?;
        let listeners = answer.json()?;
        let listeners = listeners["listeners"].as_array().cloned().unwrap_or_default();
        let mut meant = listeners.iter().filter(|listener| listener["protocol"] == protocol);
        let port = meant.find_map(|listener| listener["localPort"].as_u64());
        port.and_then(|port| u16::try_from(port).ok())
            .ok_or_else(|| format!("no listener of {protocol} listens"))
    }

    /// Stops it as a user does, and waits until it has gone.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let request = Request { method: "POST", target: "/_neargate/stop", fields: &[], body: "" };
        request.to_port(self.endpoint.port).map_err(|why| format!("stopping: {why}"))?;
        let ended = self.process.0.wait().map_err(|why| format!("stopping: {why}"))?;
        if ended.success() { Ok(()) } else { Err(format!("the region ended: {ended}")) }
    }

    /// Ends it as a crash does.
    pub(crate) fn kill(self) {
        drop(self.process);
    }
}

/// A folder that is empty now.
pub(crate) fn fresh(folder: &Path) -> Result<PathBuf, String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    Ok(folder.to_path_buf())
}

/// Whether a description of a service says that its deployment is complete.
pub(crate) fn is_complete(described: &Value) -> bool {
    described["services"][0]["deployments"][0]["rolloutState"] == "COMPLETED"
}
