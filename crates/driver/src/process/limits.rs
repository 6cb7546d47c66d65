//! Resource limits of a process, under AWS's names for them.

use crate::Ulimit;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Fargate's limit of open files (reference §2.3), used where a container names none.
const OPEN_FILES: u64 = 65_535;

/// Sets the limits of this process.
///
/// # Errors
/// Says which limit this system does not have or does not let us set.
pub(super) fn apply(limits: &[Ulimit]) -> Result<(), String> {
    if limits.iter().all(|limit| limit.name != "nofile") {
        limit_open_files();
    }
    limits.iter().try_for_each(apply_one)
}

fn apply_one(limit: &Ulimit) -> Result<(), String> {
    let name = &limit.name;
    let resource =
        resource(name).ok_or_else(|| format!("this system has no resource limit `{name}`"))?;
    let new = Rlimit { current: bound(limit.soft), maximum: bound(limit.hard) };
    setrlimit(resource, new).map_err(|error| {
        let most = getrlimit(resource).maximum.map_or("no limit".to_owned(), |n| n.to_string());
        format!("ulimit {name}={}:{}: {error} (the most here is {most})", limit.soft, limit.hard)
    })
}

/// A machine that allows fewer open files than Fargate gives what it has.
fn limit_open_files() {
    let most = getrlimit(Resource::Nofile).maximum.map_or(OPEN_FILES, |most| most.min(OPEN_FILES));
    let new = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Nofile, new).ok();
}

/// Docker and AWS write "no limit" as -1.
fn bound(value: i64) -> Option<u64> {
    u64::try_from(value).ok()
}

#[cfg(target_os = "linux")]
fn resource(name: &str) -> Option<Resource> {
    Some(match name {
        "core" => Resource::Core,
        "cpu" => Resource::Cpu,
        "data" => Resource::Data,
        "fsize" => Resource::Fsize,
        "locks" => Resource::Locks,
        "memlock" => Resource::Memlock,
        "msgqueue" => Resource::Msgqueue,
        "nice" => Resource::Nice,
        "nofile" => Resource::Nofile,
        "nproc" => Resource::Nproc,
        "rss" => Resource::Rss,
        "rtprio" => Resource::Rtprio,
        "rttime" => Resource::Rttime,
        "sigpending" => Resource::Sigpending,
        "stack" => Resource::Stack,
        _ => return None,
    })
}

#[cfg(not(target_os = "linux"))]
fn resource(name: &str) -> Option<Resource> {
    Some(match name {
        "core" => Resource::Core,
        "cpu" => Resource::Cpu,
        "data" => Resource::Data,
        "fsize" => Resource::Fsize,
        "memlock" => Resource::Memlock,
        "nofile" => Resource::Nofile,
        "nproc" => Resource::Nproc,
        "stack" => Resource::Stack,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_no_system_has_is_refused_by_name() {
        let limit = Ulimit { name: "horses".to_owned(), soft: 1, hard: 1 };
        assert_eq!(apply_one(&limit), Err("this system has no resource limit `horses`".to_owned()));
    }

    #[test]
    fn a_soft_limit_above_the_hard_one_is_refused_with_both() {
        let limit = Ulimit { name: "core".to_owned(), soft: 2, hard: 1 };
        let error = apply_one(&limit).unwrap_err();
        assert!(error.starts_with("ulimit core=2:1: "), "{error}");
    }
}
