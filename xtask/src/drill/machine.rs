//! What tasks are on this machine, as anyone can see who does not ask the region.

use super::house::House;
use crate::bench::docker;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// What runs tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    Process,
    Docker,
}

/// The tasks that are there, by id, and how many processes or containers each of them has.
pub(super) type Census = BTreeMap<String, usize>;

// === impl Driver ===

impl Driver {
    pub(super) fn named(word: &str) -> Result<Self, String> {
        match word {
            "process" => Ok(Self::Process),
            "docker" => Ok(Self::Docker),
            _ => Err(format!("there is no driver `{word}`: they are process and docker")),
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Docker => "docker",
        }
    }

    /// How many processes or containers a task of one container is, whose program starts no others:
    /// its program, and two that guard it; or its container, and one that holds its network.
    pub(super) fn parts_of_a_task(self) -> usize {
        match self {
            Self::Process => 3,
            Self::Docker => 2,
        }
    }

    /// Kills a task's program from outside, as a crash of it would; returns when it is dead.
    pub(super) fn kill(self, task: &str, data: &Path) -> Result<(), String> {
        match self {
            Self::Process => kill_process(task, data),
            Self::Docker => kill_container(task),
        }
    }
}

/// What the engine knows the region by to which a task belongs; nothing where there is no engine.
pub(super) fn region_of(task: &str, driver: Driver) -> Result<Option<String>, String> {
    if driver == Driver::Process {
        return Ok(None);
    }
    let found = labelled(&[&format!("neargate.task={task}")])?;
    let own = found.first().and_then(|held| held["Labels"]["neargate.region"].as_str());
    own.map(|own| Some(own.to_owned())).ok_or_else(|| format!("task {task} has no container"))
}

/// The tasks of the region that have a process or a container.
pub(super) fn census(house: &House) -> Result<Census, String> {
    match house.driver {
        Driver::Process => Ok(by_task(&house.data)),
        Driver::Docker => containers(house.own.as_deref().ok_or("nothing of the region is known")?),
    }
}

/// That nothing of the region is left: no process, no container, no network, no port.
pub(super) fn nothing_left(house: &House) -> Result<(), String> {
    let processes = processes_below(&house.data);
    if !processes.is_empty() {
        return Err(format!("processes {processes:?} are left"));
    }
    if let Some(own) = &house.own {
        let containers = containers(own)?;
        let networks = networks(own)?;
        if !containers.is_empty() || networks > 0 {
            return Err(format!("{networks} networks and containers of {containers:?} are left"));
        }
    }
    let port = house.caller.port;
    let free = TcpListener::bind(("127.0.0.1", port));
    free.map(drop).map_err(|why| format!("port {port} is still taken: {why}"))
}

fn kill_process(task: &str, data: &Path) -> Result<(), String> {
    let folder = data.join("tasks/tasks").join(task).join("containers");
    let containers = fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for container in containers.flatten() {
        let file = container.path().join("started.json");
        let text = fs::read_to_string(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let started: Value = serde_json::from_str(&text).map_err(|why| why.to_string())?;
        let main = started["main"].as_i64().ok_or("a container without a process")?;
        // It leads a group, in which its children are.
        let mut kill = Command::new("kill");
        let status = kill.args(["-KILL", "--", &format!("-{main}")]).status();
        if !status.map_err(|why| format!("kill: {why}"))?.success() {
            return Err(format!("process {main} can't be killed"));
        }
        until_dead(main);
    }
    Ok(())
}

/// Waits until a killed process has closed its sockets. Its first thread may be a zombie while others,
/// which wait for a processor to die on, still hold them.
fn until_dead(pid: i64) {
    let threads = PathBuf::from(format!("/proc/{pid}/task"));
    let lives = |thread: fs::DirEntry| {
        let stat = fs::read_to_string(thread.path().join("stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z"))
    };
    while fs::read_dir(&threads).is_ok_and(|threads| threads.flatten().any(lives)) {
        thread::sleep(Duration::from_millis(1));
    }
}

fn kill_container(task: &str) -> Result<(), String> {
    let found = labelled(&["neargate.container", &format!("neargate.task={task}")])?;
    for container in &found {
        let id = container["Id"].as_str().unwrap_or_default();
        docker::call("POST", &format!("/containers/{id}/kill?signal=KILL"), &Value::Null)?;
    }
    if found.is_empty() { Err(format!("task {task} has no container")) } else { Ok(()) }
}

/// The tasks of a region that have containers, ended ones too.
fn containers(region: &str) -> Result<Census, String> {
    let mut census = Census::new();
    for container in labelled(&[&format!("neargate.region={region}")])? {
        let task = container["Labels"]["neargate.task"].as_str().unwrap_or("none");
        *census.entry(task.to_owned()).or_default() += 1;
    }
    Ok(census)
}

fn networks(region: &str) -> Result<usize, String> {
    let found = docker::call("GET", "/networks", &Value::Null)?.json()?;
    let networks = found.as_array().cloned().unwrap_or_default();
    let own = networks.iter().filter(|network| network["Labels"]["neargate.region"] == region);
    Ok(own.count())
}

fn labelled(labels: &[&str]) -> Result<Vec<Value>, String> {
    let filters = serde_json::json!({ "label": labels }).to_string();
    // Of what JSON has, these are not for a URL.
    let escaped = filters.replace('"', "%22").replace('{', "%7B").replace('}', "%7D");
    let target = format!("/containers/json?all=true&filters={escaped}");
    let found = docker::call("GET", &target, &Value::Null)?.json()?;
    Ok(found.as_array().cloned().unwrap_or_default())
}

/// The processes that work in the folder of a task, by task.
fn by_task(data: &Path) -> Census {
    let tasks = data.join("tasks/tasks");
    let mut census = Census::new();
    for (_, folder) in processes_below(&tasks) {
        let below = folder.strip_prefix(&tasks).ok().and_then(|path| path.iter().next());
        let task = below.map_or_else(|| "none".to_owned(), |id| id.to_string_lossy().into_owned());
        *census.entry(task).or_default() += 1;
    }
    census
}

/// The processes that work in a folder or below it, and where.
fn processes_below(folder: &Path) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let at = fs::read_link(entry.path().join("cwd")).ok()?;
        at.starts_with(folder).then_some((pid, at))
    });
    processes.collect()
}
