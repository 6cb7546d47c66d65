//! What a container's processes use. Only Linux tells without being asked for much.

use super::folder::ContainerFolder;
use crate::Stats;

/// The use of everything below a container's shim; absent when it can't be told.
#[cfg(target_os = "linux")]
pub(super) fn read(folder: &ContainerFolder) -> Option<Stats> {
    use super::tree;
    use std::fs;

    let shim = folder.started().ok()??.shim;
    let processes = tree::processes();
    // Children that have ended are counted in their parents: the shim's own account has only them.
    let mut ticks = cpu_ticks(&fs::read_to_string(format!("/proc/{shim}/stat")).ok()?)?.of_children;
    let mut memory = 0;
    for pid in tree::descendants(&processes, shim) {
        // One that ends now is met in its parent's account next time.
        if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
            ticks += cpu_ticks(&stat).map_or(0, |cpu| cpu.own + cpu.of_children);
            memory += resident(pid).unwrap_or(0);
        }
    }
    let second = rustix::param::clock_ticks_per_second();
    Some(Stats { cpu_nanos: ticks * (1_000_000_000 / second), memory, traffic: None })
}

/// Other systems would need a command run for each question.
#[cfg(not(target_os = "linux"))]
pub(super) fn read(_folder: &ContainerFolder) -> Option<Stats> {
    None
}

/// CPU time in clock ticks.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CpuTicks {
    own: u64,
    of_children: u64,
}

/// Fields 14 to 17 of `/proc/<pid>/stat`, counted from the end of the name.
#[cfg(target_os = "linux")]
fn cpu_ticks(stat: &str) -> Option<CpuTicks> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(CpuTicks { own: next()? + next()?, of_children: next()? + next()? })
}

/// A process's share of memory in bytes: what several processes have in common counts in parts.
#[cfg(target_os = "linux")]
fn resident(pid: i32) -> Option<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_any_name() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0";
        assert_eq!(cpu_ticks(stat), Some(CpuTicks { own: 120, of_children: 7 }));
        assert_eq!(cpu_ticks("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_has_memory() {
        let me = i32::try_from(std::process::id()).unwrap();
        assert!(resident(me).is_some_and(|bytes| bytes > 100_000));
    }
}
