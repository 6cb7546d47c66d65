//! Which processes descend from one, and how to end them.
//!
//! On Linux supervisors are subreapers, so whatever a container starts stays below its supervisor,
//! daemons included. On other systems a daemon that leaves its session and its parent is lost from
//! sight; there the process group of the container's command catches the common case.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::{BTreeMap, BTreeSet};

/// A process, and what its system tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    /// Its id.
    pub(super) pid: i32,
    /// Its parent's id.
    pub(super) parent: i32,
    /// Whether it only waits for its parent to take its exit status.
    pub(super) zombie: bool,
}

/// Kills every process that descends from the one called `root`, but not that one itself.
pub(super) fn kill_descendants(root: Pid) {
    for pid in descendants(&processes(), root.as_raw_pid()) {
        if let Some(pid) = Pid::from_raw(pid) {
            // One that has ended meanwhile is what was wanted.
            kill_process(pid, Signal::KILL).ok();
        }
    }
}

/// The processes of `all` below `root` that have not ended, parents before children.
pub(super) fn descendants(all: &[Process], root: i32) -> Vec<i32> {
    let mut children: BTreeMap<i32, Vec<&Process>> = BTreeMap::new();
    for process in all {
        children.entry(process.parent).or_default().push(process);
    }
    let (mut found, mut seen, mut queue) = (Vec::new(), BTreeSet::from([root]), vec![root]);
    while let Some(parent) = queue.pop() {
        for child in children.get(&parent).into_iter().flatten() {
            // A list that is read while processes come and go may even hold a circle.
            if seen.insert(child.pid) {
                queue.push(child.pid);
                found.extend((!child.zombie).then_some(child.pid));
            }
        }
    }
    found
}

/// Every process that this system shows.
#[cfg(target_os = "linux")]
pub(super) fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        parse_stat(pid, &stat)
    })
    .collect()
}

/// Every process that this system shows.
#[cfg(not(target_os = "linux"))]
pub(super) fn processes() -> Vec<Process> {
    list().unwrap_or_default().lines().filter_map(parse_ps).collect()
}

/// What `ps` prints. How it exits is not looked at: in a shim another thread waits for all children
/// and may have taken that.
#[cfg(not(target_os = "linux"))]
fn list() -> std::io::Result<String> {
    use std::io::Read;
    use std::process::{Command, Stdio};

    let mut command = Command::new("/bin/ps");
    command.args(["-A", "-o", "pid=,ppid=,stat="]).env_clear().stdin(Stdio::null());
    let mut ps = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut text = String::new();
    if let Some(mut output) = ps.stdout.take() {
        output.read_to_string(&mut text)?;
    }
    ps.wait().ok();
    Ok(text)
}

/// A line of `/proc/<pid>/stat`: the name stands in parentheses and may hold any character, so the
/// fields are counted from the last closing one.
#[cfg(target_os = "linux")]
fn parse_stat(pid: i32, stat: &str) -> Option<Process> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let zombie = matches!(fields.next()?, "Z" | "X");
    Some(Process { pid, parent: fields.next()?.parse().ok()?, zombie })
}

/// A line of `ps -o pid=,ppid=,stat=`.
#[cfg(any(test, not(target_os = "linux")))]
fn parse_ps(line: &str) -> Option<Process> {
    let mut fields = line.split_whitespace();
    let pid = fields.next()?.parse().ok()?;
    let parent = fields.next()?.parse().ok()?;
    Some(Process { pid, parent, zombie: fields.next()?.starts_with('Z') })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: i32, parent: i32) -> Process {
        Process { pid, parent, zombie: false }
    }

    #[test]
    fn grandchildren_are_found_and_strangers_and_zombies_are_not() {
        let zombie = Process { zombie: true, ..process(4, 2) };
        let all = [process(2, 1), process(3, 2), zombie, process(5, 3), process(9, 1)];
        assert_eq!(descendants(&all, 2), [3, 5]);
        assert!(descendants(&all, 9).is_empty());
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(descendants(&[process(2, 3), process(3, 2)], 2), [3]);
    }

    #[test]
    fn a_line_of_ps_is_read() {
        assert_eq!(parse_ps("  12   1 Ss+"), Some(process(12, 1)));
        assert_eq!(parse_ps("12 1 Z"), Some(Process { zombie: true, ..process(12, 1) }));
        assert_eq!(parse_ps("PID"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        assert_eq!(parse_stat(7, "7 (a) Z 1 (b)) S 3 7 7 0 -1"), Some(process(7, 3)));
    }

    #[test]
    fn this_test_is_among_its_parents_descendants() {
        let me = i32::try_from(std::process::id()).unwrap();
        let all = processes();
        let parent = all.iter().find(|process| process.pid == me).unwrap().parent;
        assert!(descendants(&all, parent).contains(&me));
    }
}
