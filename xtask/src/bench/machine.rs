//! What the figures were measured on.

use std::fs;
use std::thread;

/// The machine's load average before the run: what else was going on.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// The machine in one line.
pub(crate) fn describe(load: &str) -> String {
    let processors = thread::available_parallelism().map_or(0, usize::from);
    let cpu = field("/proc/cpuinfo", "model name");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // A machine under a hypervisor has the flag in its processor's list.
    let shared = field("/proc/cpuinfo", "flags").contains("hypervisor");
    let kind = if shared { "virtual machine" } else { "machine" };
    format!(
        "{processors} processors of a {kind} ({cpu}), Linux {}; load before the run: {load}\n",
        kernel.trim()
    )
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| Some(line.split_once(':')?.1));
    value.unwrap_or("unknown").trim().to_owned()
}
