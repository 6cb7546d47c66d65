//! Processes of this machine, as anyone can see them.

use super::{Cluster, Line, eventually};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::path::Path;
use std::time::Duration;

pub(crate) fn signal(pid: u32, signal: Signal) {
    kill_process(of(pid), signal).unwrap();
}

/// Whether there is such a process. One that has ended and that nobody asked about is none.
pub(crate) fn is_alive(pid: u32) -> bool {
    // A region that never came up has no process.
    if pid == 0 {
        return false;
    }
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(of(pid)).is_ok() && !stat.contains(") Z ")
}

/// Waits until none of these processes is there any more.
pub(crate) async fn until_gone(pids: &[u32], patience: Duration) {
    eventually(&format!("{pids:?} are gone"), patience, async || {
        pids.iter().all(|pid| !is_alive(*pid)).then_some(())
    })
    .await;
}

/// The process ids that a container wrote after `pids `.
pub(crate) async fn pids_of(cluster: &Cluster, task: &str, container: &str) -> Vec<u32> {
    let line = cluster.line(task, container, "pids ").await;
    line.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

/// The processes with a text in their arguments.
pub(crate) async fn pids_that_name(text: &str) -> Vec<u32> {
    let listing = Line::new("ps").args("-A -ww -o pid=,args=").output().await;
    let lines = listing.lines().filter(|line| line.contains(text));
    lines.map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect()
}

/// The processes that work in a folder or below it, where the system shows that (Linux does).
pub(crate) fn pids_below(folder: &Path) -> Vec<u32> {
    let listed = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = listed.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let works_there = |pid: &u32| {
        std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|at| at.starts_with(folder))
    };
    pids.filter(works_there).collect()
}

fn of(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
}
